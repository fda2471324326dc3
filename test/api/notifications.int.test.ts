import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast, WEBHOOK_SECRET } from '../support/holdfast.ts';
import { type Kept, newsOf, signed, type StripeEvent } from '../support/news.ts';

const MIB = 1024 * 1024;
const OTHER_SECRET = 'whsec_of_another_integration';

type Page = { data: Kept[]; nextCursor: string | null };
type Whole = Kept & { headers: Record<string, string>; body: string };

describe('messages to a webhook', () => {
  let holdfast: Holdfast;
  let news: ReturnType<typeof newsOf>;
  const save = (id: string, webhookSecrets: string[], mode = 'test') =>
    holdfast.request('PUT', `/v1/integrations/${id}`, {
      body: {
        provider: 'stripe',
        mode,
        baseUrl: holdfast.stripe.url,
        credentials: { secretKey: `sk_${mode}_holdfast`, webhookSecrets },
      },
    });
  beforeAll(async () => {
    holdfast = await createHoldfast();
    news = newsOf(holdfast);
    expect((await save('stripe_other', [OTHER_SECRET])).status).toBe(200);
  });
  afterAll(() => holdfast.close());

  /** A held payment that somebody cancelled at Stripe, and the message that says so. */
  async function cancelled(method = 'stripe_test.card') {
    const { body } = await holdfast.start({ method });
    const ref = await news.refOf(body.id);
    await holdfast.atDashboard('cancel', body.id);
    const event = (await news.eventsOf(ref)).at(-1);
    expect(event?.type).toBe('payment_intent.canceled');
    return { id: body.id, ref, event: event as StripeEvent };
  }
  /** A held payment, and a message that could be true and is not. */
  async function held() {
    const { body } = await holdfast.start();
    const ref = await news.refOf(body.id);
    const [event] = await news.eventsOf(ref);
    const lie = {
      ...event,
      id: `evt_${randomUUID().slice(0, 8)}`,
      type: 'payment_intent.canceled',
    };
    return { id: body.id, ref, lie };
  }
  const story = async (id: string) => {
    const { body: events } = await holdfast.request('GET', `/v1/payments/${id}/events`);
    const { body: operations } = await holdfast.request('GET', `/v1/payments/${id}/operations`);
    return { payment: await holdfast.get(id), events, operations };
  };
  const rowOf = async (eventId: string): Promise<Kept | undefined> =>
    (await news.kept()).find(({ providerEventId }) => providerEventId === eventId);
  const whole = async (id: string) =>
    (await holdfast.request<Whole>('GET', `/v1/notifications/${id}`)).body;
  const redeliver = (id: string, key = holdfast.keys.operator) =>
    holdfast.request<Kept>('POST', `/v1/notifications/${id}/redeliver`, { key });

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
      const { id, ref, lie } = await held();
      const before = await story(id);
      const asked = await news.asked(ref);
      const body = JSON.stringify(lie);
      const signature = forgery.header(body);
      for (let time = 0; time < 3; time += 1) {
        expect(await news.deliver(body, { signature })).toBe(200);
      }
      const row = async () => (await rowOf(lie.id)) ?? null;
      await expect.poll(async () => (await row())?.reason).toContain('; the provider was asked.');
      await expect.poll(() => news.asked(ref), { timeout: 10_000 }).toBe(asked + 1);
      expect(await row()).toMatchObject({
        state: 'unverified',
        verified: false,
        received: 3,
        paymentId: id,
        nextAt: null,
      });
      expect((await row())?.reason).toContain(forgery.reason);
      const all = await news.kept('&state=unverified');
      expect(all.filter(({ providerEventId }) => providerEventId === lie.id)).toHaveLength(1);
      expect(await story(id)).toEqual(before);
    });

    it('makes Holdfast ask at most once a minute, however many come at once', async () => {
      const { id, ref, lie } = await held();
      const before = await story(id);
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
      expect(await story(id)).toEqual(before);
    });

    it('says once that the provider was asked, however often it was', async () => {
      const { ref, lie } = await held();
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
      const row = await rowOf(lie.id);
      expect(row?.reason.match(/the provider was asked/g)).toHaveLength(1);
      expect(row?.told).toBe(3);
    });

    it('finds what is true by asking, and takes nothing of what was claimed', async () => {
      const { id, event } = await cancelled();
      const lie = { ...event, id: `evt_${randomUUID()}`, type: 'payment_intent.succeeded' };
      await news.deliver(lie, { signature: null });
      const payment = await holdfast.until(id, ({ status }) => status !== 'authorized');
      expect([payment.status, payment.amounts.captured]).toEqual(['voided', 0]);
    });

    it('does not stand in the way of the true event with the same id and body', async () => {
      const { id, event } = await cancelled();
      // Another question was asked a moment ago, so this forgery does not even do that.
      const { lie } = await held();
      const forged = { ...lie, data: event.data };
      await news.deliver(forged, { signature: null });
      await holdfast.until(id, ({ status }) => status === 'voided');
      const before = await story(id);
      await news.deliver(event, { signature: signed(JSON.stringify(event), 'whsec_guessed') });
      await news.deliver(event);
      const rows = async () =>
        (await news.kept()).filter(({ providerEventId }) => providerEventId === event.id);
      expect(await rows()).toHaveLength(2);
      await news.sweep();
      const proven = async () => (await rows()).find(({ verified }) => verified)?.state;
      await expect.poll(proven).toBe('settled');
      expect(await story(id)).toEqual(before);
    });
  });

  describe('with proof', () => {
    it('of another integration moves no payment of this one', async () => {
      const { id, event } = await cancelled();
      const before = await story(id);
      const signature = signed(JSON.stringify(event, null, 2), OTHER_SECRET);
      expect(await news.deliver(event, { to: 'stripe_other', signature })).toBe(200);
      await expect
        .poll(async () => (await rowOf(event.id))?.reason)
        .toContain('No payment of this integration');
      expect(await rowOf(event.id)).toMatchObject({ state: 'waiting', verified: true, told: 0 });
      expect(await story(id)).toEqual(before);
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
      const { id, event } = await cancelled();
      const before = await story(id);
      const told = { ...change(event), id: `evt_${randomUUID()}` };
      expect([await news.deliver(told), await news.deliver(told)]).toEqual([200, 200]);
      const row = await rowOf(told.id);
      expect(row).toMatchObject({ state: 'ignored', verified: true, received: 2, nextAt: null });
      expect(row?.reason).toMatch(reason);
      expect(await story(id)).toEqual(before);
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
        const { event } = await cancelled();
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
      const { event } = await cancelled();
      const body = `${JSON.stringify({ ...event, id: `evt_${randomUUID()}`, note: 'ü 🎈 "\\u00e9"' }, null, 7)}\r\n`;
      const signature = signed(body);
      await news.deliver(body, { signature });
      const { id } = JSON.parse(body) as StripeEvent;
      const row = await whole((await rowOf(id))?.id ?? '');
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

  describe('a list of them', () => {
    it('is for operators and admins', async () => {
      const { checkout, sales, operator, admin } = holdfast.keys;
      const row = (await news.kept())[0];
      const status = async (key: string, method = 'GET', path = '') =>
        (await holdfast.request(method, `/v1/notifications${path}`, { key })).status;
      for (const key of [checkout, sales]) {
        expect(await status(key)).toBe(403);
        expect(await status(key, 'GET', `/${row?.id}`)).toBe(403);
        expect(await status(key, 'POST', `/${row?.id}/redeliver`)).toBe(403);
      }
      for (const key of [operator, admin]) expect(await status(key)).toBe(200);
    });

    it('shows nothing of another account or mode, which can do nothing with it', async () => {
      const row = (await news.kept())[0];
      for (const [accountId, mode] of [
        ['other', 'test'],
        ['main', 'live'],
      ] as const) {
        const key = await holdfast.deps.apiKeys.issue({ accountId, mode, role: 'admin' });
        const list = await holdfast.request<Page>('GET', '/v1/notifications', { key });
        const one = await holdfast.request('GET', `/v1/notifications/${row?.id}`, { key });
        const again = await redeliver(row?.id ?? '', key);
        expect([list.body.data, one.status, again.status]).toEqual([[], 404, 404]);
      }
    });

    it('is newest first, in pages that leave nothing out and repeat nothing', async () => {
      // Several of one millisecond: the id breaks the tie.
      await holdfast.pool.query(
        `update notifications set received_at = date_trunc('minute', received_at)`,
      );
      const seen: string[] = [];
      for (let cursor = ''; ;) {
        const path = `/v1/notifications?limit=7${cursor}`;
        const { body } = await holdfast.request<Page>('GET', path);
        seen.push(...body.data.map(({ id }) => id));
        if (body.nextCursor === null) break;
        cursor = `&cursor=${body.nextCursor}`;
      }
      const { rows } = await holdfast.pool.query<{ id: string }>(
        `select id from notifications where account_id = 'main' and mode = 'test'
         order by received_at desc, id desc`,
      );
      expect(rows.length).toBeGreaterThan(20);
      expect(seen).toEqual(rows.map(({ id }) => id));
    });

    it.each(['settled', 'ignored', 'unverified', 'waiting'])(
      'can be of those that are %s',
      async (state) => {
        const rows = await news.kept(`&state=${state}`);
        expect(rows.length).toBeGreaterThan(0);
        expect(new Set(rows.map((row) => row.state))).toEqual(new Set([state]));
        expect(rows.every(({ reason }) => reason.length > 10)).toBe(true);
      },
    );

    it('can be of one payment or one integration', async () => {
      const { id, event } = await cancelled();
      await news.deliver(event);
      const has = async () => (await news.kept(`&payment=${id}`)).map((row) => row.providerEventId);
      await expect.poll(has).toEqual([event.id]);
      const other = await news.kept('&integration=stripe_other');
      expect(other.length).toBeGreaterThan(0);
      expect(other.length).toBeLessThan((await news.kept()).length);
      expect(await news.kept('&integration=nobody')).toEqual([]);
    });

    it.each(['state=lost', 'limit=0', 'limit=101', 'cursor=bm9uZQ', 'payment=%00'])(
      'refuses %s',
      async (query) => {
        const { status } = await holdfast.request('GET', `/v1/notifications?${query}`);
        expect(status).toBe(422);
      },
    );

    it.each(['ntf_nobody', 'pay_1', '..', 'ntf_%00'])('does not find %s', async (id) => {
      expect((await holdfast.request('GET', `/v1/notifications/${id}`)).status).toBe(404);
    });
  });

  describe('delivered again', () => {
    const wrongFirst = async (id: string) => {
      expect((await save(id, ['whsec_put_in_wrong'])).status).toBe(200);
      const made = await cancelled(`${id}.card`);
      // Asked about a moment ago, so that it does not heal by itself.
      await news.deliver(made.event, { to: id });
      await holdfast.until(made.id, ({ status }) => status === 'voided');
      return made;
    };

    it('are news once the secret was put right', async () => {
      expect((await save('stripe_late', ['whsec_put_in_wrong'])).status).toBe(200);
      const { id, event } = await cancelled('stripe_late.card');
      const { lie } = await held();
      const quiet = { ...lie, id: `evt_${randomUUID()}`, data: event.data };
      await news.deliver(quiet, { to: 'stripe_late', signature: null });
      await holdfast.until(id, ({ status }) => status === 'voided');
      await news.deliver(event, { to: 'stripe_late' });
      const row = await rowOf(event.id);
      expect(row).toMatchObject({ state: 'unverified' });

      const still = await redeliver(row?.id ?? '');
      expect([still.status, still.body.state]).toEqual([200, 'unverified']);
      await save('stripe_late', ['whsec_put_in_wrong', WEBHOOK_SECRET]);
      const { status, body } = await redeliver(row?.id ?? '');
      expect([status, body.verified, body.state, body.paymentId]).toEqual([
        200,
        true,
        'settled',
        id,
      ]);
    });

    it('move the payment', async () => {
      expect((await save('stripe_slow', ['whsec_put_in_wrong'])).status).toBe(200);
      const { body: payment } = await holdfast.start({ method: 'stripe_slow.card' });
      const ref = await news.refOf(payment.id);
      const { lie } = await held();
      // Nothing happened yet, and the provider is not asked again within a minute.
      const object = { ...lie.data?.object, id: ref };
      await news.deliver({ ...lie, data: { object } }, { to: 'stripe_slow', signature: null });
      await expect.poll(async () => (await rowOf(lie.id))?.told).toBe(1);
      const asked = await news.asked(ref);
      await expect.poll(() => news.asked(ref)).toBeGreaterThanOrEqual(asked);
      await holdfast.atDashboard('cancel', payment.id);
      const event = (await news.eventsOf(ref)).at(-1) as StripeEvent;
      await news.deliver(event, { to: 'stripe_slow' });
      await save('stripe_slow', [WEBHOOK_SECRET]);
      const { body } = await redeliver((await rowOf(event.id))?.id ?? '');
      expect(body).toMatchObject({ verified: true });
      await holdfast.until(payment.id, ({ status }) => status === 'voided');
    });

    it('take the event when the provider sends it again itself', async () => {
      const { id, event } = await wrongFirst('stripe_again');
      await save('stripe_again', [WEBHOOK_SECRET]);
      const row = await rowOf(event.id);
      expect((await redeliver(row?.id ?? '')).body.state).toBe('settled');
      const before = await story(id);
      expect(await news.deliver(event, { to: 'stripe_again' })).toBe(200);
      const rows = (await news.kept()).filter((one) => one.providerEventId === event.id);
      expect(rows).toMatchObject([{ state: 'settled', received: 2 }]);
      expect(await story(id)).toEqual(before);
    });

    it('leave the true one alone when it was there first', async () => {
      const { event } = await wrongFirst('stripe_twice');
      const forged = await rowOf(event.id);
      await save('stripe_twice', [WEBHOOK_SECRET]);
      expect(await news.deliver(event, { to: 'stripe_twice' })).toBe(200);
      const { status } = await redeliver(forged?.id ?? '');
      expect(status).toBe(200);
      const rows = (await news.kept()).filter((one) => one.providerEventId === event.id);
      expect(rows.filter(({ verified }) => verified)).toHaveLength(1);
    });

    it('change nothing when they were settled', async () => {
      const { id, event } = await cancelled();
      await news.deliver(event);
      await holdfast.until(id, ({ status }) => status === 'voided');
      await expect.poll(async () => (await rowOf(event.id))?.state).toBe('settled');
      const before = await story(id);
      const rows = (await news.kept()).length;
      for (let time = 0; time < 3; time += 1) {
        const { status, body } = await redeliver((await rowOf(event.id))?.id ?? '');
        expect([status, body.state]).toEqual([200, 'settled']);
      }
      expect(await story(id)).toEqual(before);
      expect((await news.kept()).length).toBe(rows);
    });

    it('are told also days after they came', async () => {
      const { id, event } = await cancelled();
      await save('stripe_test', ['whsec_rolled']);
      // Nobody knew whose it was when it came.
      await holdfast.pool.query('update payments set provider_ref = null where id = $1', [id]);
      const untagged = {
        ...event,
        data: { object: { ...event.data.object, metadata: {} } },
      };
      await news.deliver(untagged, {
        signature: signed(JSON.stringify(untagged, null, 2), 'whsec_rolled'),
      });
      await holdfast.pool.query('update payments set provider_ref = $2 where id = $1', [
        id,
        event.data.object['id'],
      ]);
      await holdfast.pool.query(
        `update notifications set state = 'unmatched', due_at = null,
           received_at = received_at - interval '4 days' where provider_event_id = $1`,
        [event.id],
      );
      // Its secret was replaced meanwhile: what was proven stays proven.
      await save('stripe_test', [WEBHOOK_SECRET]);
      const row = await rowOfAny(event.id);
      const { body } = await redeliver(row);
      expect(body).toMatchObject({ verified: true, paymentId: id });
      await holdfast.until(id, ({ status }) => status === 'voided');
    });

    it('keep their reason when they are of no use, also after the secret was replaced', async () => {
      const { event } = await cancelled();
      const told = { ...event, id: `evt_${randomUUID()}`, type: 'customer.created' };
      await news.deliver(told);
      await save('stripe_test', ['whsec_rolled']);
      const { body } = await redeliver((await rowOf(told.id))?.id ?? '');
      await save('stripe_test', [WEBHOOK_SECRET]);
      expect(body).toMatchObject({
        verified: true,
        state: 'ignored',
        reason: 'Holdfast uses no customer.created.',
      });
    });

    const rowOfAny = async (eventId: string): Promise<string> => {
      const { rows } = await holdfast.pool.query<{ id: string }>(
        'select id from notifications where provider_event_id = $1',
        [eventId],
      );
      return rows[0]?.id ?? '';
    };
  });
});
