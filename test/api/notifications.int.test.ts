import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNotificationRepository } from '../../db/repositories/notification.repository.ts';
import { createHoldfast, type Holdfast, WEBHOOK_SECRET } from '../support/holdfast.ts';
import { messagesOf } from '../support/messages.ts';
import { type Kept, newsOf, signed, type StripeEvent } from '../support/news.ts';

const MIB = 1024 * 1024;
const OTHER_SECRET = 'whsec_of_another_integration';

type Whole = Kept & { headers: Record<string, string>; body: string };

describe('messages to a webhook', () => {
  let holdfast: Holdfast;
  let news: ReturnType<typeof newsOf>;
  let messages: ReturnType<typeof messagesOf>;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    news = newsOf(holdfast);
    messages = messagesOf(holdfast);
    expect((await news.saveIntegration('stripe_other', [OTHER_SECRET])).status).toBe(200);
  });
  afterAll(() => holdfast.close());

  const whole = async (id: string) =>
    (await holdfast.request<Whole>('GET', `/v1/notifications/${id}`)).body;

  describe('without proof', () => {
    const FORGERIES = [
      {
        what: 'signed with a guess',
        header: (body: string) => signed(body, 'whsec_guessed'),
        reason: 'Its signature is of none of the integration’s secrets',
      },
      {
        what: 'signed with the secret of another integration',
        header: (body: string) => signed(body, OTHER_SECRET),
        reason: 'Its signature is of none of the integration’s secrets',
      },
      {
        what: 'signed too long ago',
        header: (body: string) => signed(body, WEBHOOK_SECRET, 302),
        reason: 'It was signed 30',
      },
      {
        what: 'signed in the future',
        header: (body: string) => signed(body, WEBHOOK_SECRET, -310),
        reason: 'It was signed in the future',
      },
      { what: 'not signed', header: () => null, reason: 'It is not signed' },
      {
        what: 'with a header that cannot be read',
        header: () => 't=now,v1',
        reason: 'Its signature cannot be read',
      },
      {
        what: 'whose body was changed on the way',
        header: (body: string) => signed(`${body} `),
        reason: 'Its signature is of none of the integration’s secrets',
      },
    ] as const;

    it.each(FORGERIES)('$what: one kept row, one question, nothing else', async (forgery) => {
      const { id, ref, lie } = await messages.held();
      const before = await news.story(id);
      const asked = await news.asked(ref);
      const body = JSON.stringify(lie);
      const signature = forgery.header(body);
      for (let time = 0; time < 3; time += 1) {
        expect(await news.deliver(body, { signature })).toBe(200);
      }
      const row = async () => (await messages.rowOf(lie.id)) ?? null;
      await expect.poll(async () => (await row())?.reason).toContain('; the provider was asked.');
      await expect.poll(() => news.asked(ref), { timeout: 10_000 }).toBe(asked + 1);
      // The provider hears the question before it is noted that it did.
      await expect.poll(row).toMatchObject({
        state: 'unverified',
        verified: false,
        received: 3,
        paymentId: id,
        nextAt: null,
      });
      expect((await row())?.reason).toContain(forgery.reason);
      const all = await news.kept('&state=unverified');
      expect(all.filter(({ providerEventId }) => providerEventId === lie.id)).toHaveLength(1);
      expect(await news.story(id)).toEqual(before);
    });

    it('makes Holdfast ask at most once a minute, however many come at once', async () => {
      const { id, ref, lie } = await messages.held();
      const before = await news.story(id);
      const asked = await news.asked(ref);
      await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          news.deliver(
            { ...lie, id: `${lie.id}${index}`, api_version: `${index}` },
            { signature: null },
          ),
        ),
      );
      const rows = async () =>
        (await news.kept('&state=unverified')).filter(({ providerRef }) => providerRef === ref);
      expect(await rows()).toHaveLength(20);
      await expect.poll(() => news.asked(ref), { timeout: 10_000 }).toBe(asked + 1);
      // Two that come later, of which the first is answered before the second is sent.
      await news.deliver({ ...lie, id: `${lie.id}x` }, { signature: null });
      await news.deliver({ ...lie, id: `${lie.id}y` }, { signature: null });
      await expect.poll(async () => (await rows()).length).toBe(22);
      expect((await rows()).filter(({ told }) => told > 0)).toHaveLength(1);
      expect(await news.asked(ref)).toBe(asked + 1);
      expect(await news.story(id)).toEqual(before);
    });

    it('is not asked about once more when its repeat was quicker to ask', async () => {
      const { id, ref, lie } = await messages.held();
      const asked = await news.asked(ref);
      await news.deliver(lie, { signature: null });
      const row = async () => (await messages.rowOf(lie.id)) ?? null;
      await expect
        .poll(async () => [(await row())?.told, (await row())?.nextAt])
        .toEqual([1, null]);
      await expect.poll(() => news.asked(ref), { timeout: 10_000 }).toBe(asked + 1);
      // What the first does when it comes to the question and finds it asked.
      const notifications = createNotificationRepository(holdfast.pool);
      const notificationId = (await row())?.id ?? '';
      expect(await notifications.mayAsk(notificationId, id, 60_000)).toBe(false);
      await notifications.askLater(notificationId, id, 60_000);
      expect(await row()).toMatchObject({ told: 1, nextAt: null });
    });

    it('says once that the provider was asked, however often it was', async () => {
      const { ref, lie } = await messages.held();
      const asked = await news.asked(ref);
      for (let minute = 1; minute <= 3; minute += 1) {
        await news.deliver(lie, { signature: null });
        await expect.poll(() => news.asked(ref), { timeout: 10_000 }).toBe(asked + minute);
        await holdfast.pool.query(
          `update notifications set updated_at = updated_at - interval '61 seconds'
           where provider_event_id = $1`,
          [lie.id],
        );
      }
      const row = await messages.rowOf(lie.id);
      expect(row?.reason.match(/the provider was asked/g)).toHaveLength(1);
      expect(row?.told).toBe(3);
    });

    it('finds what is true by asking, and takes nothing of what was claimed', async () => {
      const { id, event } = await messages.cancelled();
      const lie = { ...event, id: `evt_${randomUUID()}`, type: 'payment_intent.succeeded' };
      await news.deliver(lie, { signature: null });
      const payment = await holdfast.until(id, ({ status }) => status !== 'authorized');
      expect([payment.status, payment.amounts.captured]).toEqual(['voided', 0]);
    });

    it('does not stand in the way of the true event with the same id and body', async () => {
      const { id, event } = await messages.cancelled();
      // Another question was asked a moment ago, so this forgery does not even do that.
      const { lie } = await messages.held();
      const forged = { ...lie, data: event.data };
      await news.deliver(forged, { signature: null });
      await holdfast.until(id, ({ status }) => status === 'voided');
      const before = await news.story(id);
      await news.deliver(event, { signature: signed(JSON.stringify(event), 'whsec_guessed') });
      await news.deliver(event);
      const rows = async () =>
        (await news.kept()).filter(({ providerEventId }) => providerEventId === event.id);
      expect(await rows()).toHaveLength(2);
      await news.sweep();
      const proven = async () => (await rows()).find(({ verified }) => verified)?.state;
      await expect.poll(proven).toBe('settled');
      expect(await news.story(id)).toEqual(before);
    });
  });

  describe('with proof', () => {
    it('of another integration moves no payment of this one', async () => {
      const { id, event } = await messages.cancelled();
      const before = await news.story(id);
      const signature = signed(JSON.stringify(event, null, 2), OTHER_SECRET);
      expect(await news.deliver(event, { to: 'stripe_other', signature })).toBe(200);
      await expect
        .poll(async () => (await messages.rowOf(event.id))?.reason)
        .toContain('No payment of this integration');
      expect(await messages.rowOf(event.id)).toMatchObject({
        state: 'waiting',
        verified: true,
        told: 0,
      });
      expect(await news.story(id)).toEqual(before);
    });

    it.each([
      ['an unknown type', (e: StripeEvent) => ({ ...e, type: 'customer.created' }), /uses no cust/],
      ['another mode', (e: StripeEvent) => ({ ...e, livemode: true }), /not of mode test/],
      [
        'no PaymentIntent',
        (e: StripeEvent) => ({
          ...e,
          type: 'charge.captured',
          data: { object: { object: 'charge', payment_intent: null } },
        }),
        /names no PaymentIntent/,
      ],
    ] as const)('of %s is kept and counted, and is no error', async (_what, change, reason) => {
      const { id, event } = await messages.cancelled();
      const before = await news.story(id);
      const told = { ...change(event), id: `evt_${randomUUID()}` };
      expect([await news.deliver(told), await news.deliver(told)]).toEqual([200, 200]);
      const row = await messages.rowOf(told.id);
      expect(row).toMatchObject({ state: 'ignored', verified: true, received: 2, nextAt: null });
      expect(row?.reason).toMatch(reason);
      expect(await news.story(id)).toEqual(before);
    });

    it.each([
      ['no JSON', 'this is no JSON'],
      ['JSON that is no event', '{"object":"list","data":[]}'],
      ['nothing', ''],
      ['U+0000', '{"object":"event","id":"evt_\\u0000"}\0'],
      ['a hundred thousand open brackets', '['.repeat(100_000)],
    ])('of %s is kept as it came, and is no error', async (_what, content) => {
      const mark = randomUUID();
      const body = content === '' ? '' : `${content}\n${mark}`;
      expect(await news.deliver(body)).toBe(200);
      const all = await Promise.all((await news.kept('&state=ignored')).map(({ id }) => whole(id)));
      const row = all.find((one) => one.body === body);
      expect(row).toMatchObject({
        state: 'ignored',
        type: null,
        reason: 'It is not an event of Stripe’s.',
      });
    });

    it.each(['type', 'refund', 'intent'])(
      'keeps a message with U+0000 in its %s',
      async (where) => {
        const { event } = await messages.cancelled();
        const id = `evt_${randomUUID()}`;
        const strange = {
          type: { ...event, id, type: 'a\0b' },
          refund: {
            ...event,
            id,
            type: 'refund.created',
            data: {
              object: {
                object: 'refund',
                id: 're_\0',
                payment_intent: 'pi_x',
                status: 'succeeded',
              },
            },
          },
          intent: { ...event, id, data: { object: { ...event.data.object, id: 'pi_\0' } } },
        }[where];
        expect(await news.deliver(strange ?? '')).toBe(200);
        const all = await Promise.all((await news.kept()).map((row) => whole(row.id)));
        expect(all.find(({ body }) => body.includes(id))).toMatchObject({
          verified: true,
          state: 'ignored',
        });
      },
    );

    it('is shown byte for byte, with the headers that its proof rests on', async () => {
      const { event } = await messages.cancelled();
      const body = `${JSON.stringify({ ...event, id: `evt_${randomUUID()}`, note: 'ü 🎈 "\\u00e9"' }, null, 7)}\r\n`;
      const signature = signed(body);
      await news.deliver(body, { signature });
      const { id } = JSON.parse(body) as StripeEvent;
      const row = await whole((await messages.rowOf(id))?.id ?? '');
      expect(row.body).toBe(body);
      expect(row.headers).toEqual({
        'stripe-signature': signature,
        'content-type': 'application/json',
      });
    });
  });

  describe('that nobody asked for', () => {
    it.each([
      ['an unknown integration', '/webhooks/stripe/nobody'],
      ['an unknown provider', '/webhooks/acme/stripe_test'],
      ['a provider that every object has', '/webhooks/constructor/stripe_test'],
      ['an id that is none', '/webhooks/stripe/..%2f%00'],
    ])('are not found: %s', async (_what, path) => {
      const answer = await holdfast.request('POST', path, { key: null, body: {} });
      expect(answer.status).toBe(404);
    });

    it('are refused above 1 MiB, and kept up to it', async () => {
      const before = (await news.kept()).length;
      const tooLarge = await news.deliver('x'.repeat(MIB + 1));
      expect([tooLarge, (await news.kept()).length]).toEqual([413, before]);
      expect(await news.deliver('x'.repeat(MIB))).toBe(200);
    });

    it('are refused above 64 KiB when they prove nothing, so that nobody fills the database', async () => {
      const before = (await news.kept()).length;
      const answer = await news.deliver('x'.repeat(64 * 1024 + 1), { signature: null });
      expect([answer, (await news.kept()).length]).toEqual([413, before]);
    });

    it('are refused when they are larger than they say', async () => {
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          for (let part = 0; part < 20; part += 1) {
            controller.enqueue(new TextEncoder().encode('x'.repeat(100_000)));
          }
          controller.close();
        },
      });
      const init = { method: 'POST', body: stream, duplex: 'half' } as RequestInit;
      const response = await holdfast.app.request('/webhooks/stripe/stripe_test', init);
      expect(response.status).toBe(413);
    });
  });
});
