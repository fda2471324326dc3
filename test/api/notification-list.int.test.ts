import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast, WEBHOOK_SECRET } from '../support/holdfast.ts';
import { messagesOf } from '../support/messages.ts';
import { type Kept, newsOf, signed, type StripeEvent } from '../support/news.ts';

const OTHER_SECRET = 'whsec_of_another_integration';

type Page = { data: Kept[]; nextCursor: string | null };

describe('messages of providers that were kept', () => {
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

  const redeliver = (id: string, key = holdfast.keys.operator) =>
    holdfast.request<Kept>('POST', `/v1/notifications/${id}/redeliver`, { key });

  describe('a list of them', () => {
    beforeAll(async () => {
      const { event } = await messages.cancelled();
      await news.deliver(event);
      await news.deliver(event, { to: 'stripe_other', signature: null });
      // No payment has it, so it waits for one.
      const object = { ...event.data.object, id: 'pi_nobody', metadata: {} };
      await news.deliver({ ...event, id: 'evt_waits', data: { object } });
      for (let index = 0; index < 20; index += 1) {
        await news.deliver({ ...event, id: `evt_unused${index}`, type: 'plan.created' });
      }
    });

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
        const kept = () => news.kept(`&state=${state}`);
        await expect
          .poll(async () => (await kept()).length, { timeout: 10_000 })
          .toBeGreaterThan(0);
        const rows = await kept();
        expect(new Set(rows.map((row) => row.state))).toEqual(new Set([state]));
        expect(rows.every(({ reason }) => reason.length > 10)).toBe(true);
      },
    );

    it('can be of one payment or one integration', async () => {
      const { id, event } = await messages.cancelled();
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
      expect((await news.saveIntegration(id, ['whsec_put_in_wrong'])).status).toBe(200);
      const made = await messages.cancelled(`${id}.card`);
      // Asked about a moment ago, so that it does not heal by itself.
      await news.deliver(made.event, { to: id });
      await holdfast.until(made.id, ({ status }) => status === 'voided');
      return made;
    };

    it('are news once the secret was put right', async () => {
      expect((await news.saveIntegration('stripe_late', ['whsec_put_in_wrong'])).status).toBe(200);
      const { id, event } = await messages.cancelled('stripe_late.card');
      const { lie } = await messages.held();
      const quiet = { ...lie, id: `evt_${randomUUID()}`, data: event.data };
      await news.deliver(quiet, { to: 'stripe_late', signature: null });
      await holdfast.until(id, ({ status }) => status === 'voided');
      await news.deliver(event, { to: 'stripe_late' });
      const row = await messages.rowOf(event.id);
      expect(row).toMatchObject({ state: 'unverified' });

      const still = await redeliver(row?.id ?? '');
      expect([still.status, still.body.state]).toEqual([200, 'unverified']);
      await news.saveIntegration('stripe_late', ['whsec_put_in_wrong', WEBHOOK_SECRET]);
      const { status, body } = await redeliver(row?.id ?? '');
      expect([status, body.verified, body.state, body.paymentId]).toEqual([
        200,
        true,
        'settled',
        id,
      ]);
    });

    it('move the payment', async () => {
      expect((await news.saveIntegration('stripe_slow', ['whsec_put_in_wrong'])).status).toBe(200);
      const { body: payment } = await holdfast.start({ method: 'stripe_slow.card' });
      const ref = await news.refOf(payment.id);
      const { lie } = await messages.held();
      // Nothing happened yet, and the provider is not asked again within a minute.
      const object = { ...lie.data?.object, id: ref };
      await news.deliver({ ...lie, data: { object } }, { to: 'stripe_slow', signature: null });
      await expect.poll(async () => (await messages.rowOf(lie.id))?.told).toBe(1);
      const asked = await news.asked(ref);
      await expect.poll(() => news.asked(ref)).toBeGreaterThanOrEqual(asked);
      await holdfast.atDashboard('cancel', payment.id);
      const event = (await news.eventsOf(ref)).at(-1) as StripeEvent;
      await news.deliver(event, { to: 'stripe_slow' });
      await news.saveIntegration('stripe_slow', [WEBHOOK_SECRET]);
      const { body } = await redeliver((await messages.rowOf(event.id))?.id ?? '');
      expect(body).toMatchObject({ verified: true });
      await holdfast.until(payment.id, ({ status }) => status === 'voided');
    });

    it('take the event when the provider sends it again itself', async () => {
      const { id, event } = await wrongFirst('stripe_again');
      await news.saveIntegration('stripe_again', [WEBHOOK_SECRET]);
      const row = await messages.rowOf(event.id);
      expect((await redeliver(row?.id ?? '')).body.state).toBe('settled');
      const before = await news.story(id);
      expect(await news.deliver(event, { to: 'stripe_again' })).toBe(200);
      const rows = (await news.kept()).filter((one) => one.providerEventId === event.id);
      expect(rows).toMatchObject([{ state: 'settled', received: 2 }]);
      expect(await news.story(id)).toEqual(before);
    });

    it('leave the true one alone when it was there first', async () => {
      const { event } = await wrongFirst('stripe_twice');
      const forged = await messages.rowOf(event.id);
      await news.saveIntegration('stripe_twice', [WEBHOOK_SECRET]);
      expect(await news.deliver(event, { to: 'stripe_twice' })).toBe(200);
      const { status } = await redeliver(forged?.id ?? '');
      expect(status).toBe(200);
      const rows = (await news.kept()).filter((one) => one.providerEventId === event.id);
      expect(rows.filter(({ verified }) => verified)).toHaveLength(1);
    });

    it('change nothing when they were settled', async () => {
      const { id, event } = await messages.cancelled();
      await news.deliver(event);
      await holdfast.until(id, ({ status }) => status === 'voided');
      await expect.poll(async () => (await messages.rowOf(event.id))?.state).toBe('settled');
      const before = await news.story(id);
      const rows = (await news.kept()).length;
      for (let time = 0; time < 3; time += 1) {
        const { status, body } = await redeliver((await messages.rowOf(event.id))?.id ?? '');
        expect([status, body.state]).toEqual([200, 'settled']);
      }
      expect(await news.story(id)).toEqual(before);
      expect((await news.kept()).length).toBe(rows);
    });

    it('are told also days after they came', async () => {
      const { id, event } = await messages.cancelled();
      await news.saveIntegration('stripe_test', ['whsec_rolled']);
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
      await news.saveIntegration('stripe_test', [WEBHOOK_SECRET]);
      const row = await rowOfAny(event.id);
      const { body } = await redeliver(row);
      expect(body).toMatchObject({ verified: true, paymentId: id });
      await holdfast.until(id, ({ status }) => status === 'voided');
    });

    it('keep their reason when they are of no use, also after the secret was replaced', async () => {
      const { event } = await messages.cancelled();
      const told = { ...event, id: `evt_${randomUUID()}`, type: 'customer.created' };
      await news.deliver(told);
      await news.saveIntegration('stripe_test', ['whsec_rolled']);
      const { body } = await redeliver((await messages.rowOf(told.id))?.id ?? '');
      await news.saveIntegration('stripe_test', [WEBHOOK_SECRET]);
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
