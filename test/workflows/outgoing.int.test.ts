/** Merchants hear of what happened: signed, in order, until they have it. */
import { once } from 'node:events';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventSchema } from '../../api/webhooks/schemas.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { endpointsOf, startReceiver, typesOf, verified } from '../support/receiver.ts';

const SOON = { timeout: 20_000, interval: 25 };
const DAY_MS = 24 * 3_600_000;

describe('an event', () => {
  let holdfast: Holdfast;
  let endpoints: ReturnType<typeof endpointsOf>;
  beforeAll(async () => {
    holdfast = await createHoldfast({ events: { intervalMs: () => 20 } });
    endpoints = endpointsOf(holdfast);
  });
  afterAll(() => holdfast.close());

  const off = (id: string) => endpoints.post(`/${id}/disable`);

  it('comes signed as Standard Webhooks says, with what the journal holds', async () => {
    const shop = await startReceiver();
    const { id, secret } = await endpoints.create(shop.url);
    const { body: payment } = await holdfast.start();
    await expect.poll(() => shop.of(payment.id).length, SOON).toBe(1);
    const [event] = shop.of(payment.id);
    expect(verified(event!, secret)).toEqual({
      type: 'payment.authorized',
      timestamp: expect.stringMatching(/^\d{4}-.+Z$/) as string,
      data: {
        paymentId: payment.id,
        status: 'authorized',
        amounts: payment.amounts,
        deadlines: payment.deadlines,
        decline: null,
        needsAttention: null,
        sequence: 2,
        links: { payment: `http://127.0.0.1:8080/v1/payments/${payment.id}` },
      },
    });
    expect(eventSchema.strict().parse(JSON.parse(event!.raw))).toBeTruthy();
    expect(() => verified({ ...event!, raw: event!.raw.replace('105', '106') }, secret)).toThrow();
    await off(id);
    await shop.stop();
  });

  it('is sent again after a 500, with the same id, until it is taken', async () => {
    const shop = await startReceiver((_event, times) =>
      times < 3
        ? new Response('try\u0000later', { status: 500 })
        : new Response(null, { status: 204 }),
    );
    const { id, secret } = await endpoints.create(shop.url);
    const { body: payment } = await holdfast.start();
    await expect
      .poll(() => endpoints.states(id, payment.id), SOON)
      .toEqual(['payment.authorized delivered']);
    const events = shop.of(payment.id);
    expect(events).toHaveLength(3);
    for (const event of events) verified(event, secret);
    expect(new Set(events.map((event) => event.id))).toEqual(
      new Set([`evt_${payment.id.slice(4)}_2`]),
    );
    const [delivery] = await endpoints.deliveries(id);
    expect(delivery).toMatchObject({ attempts: 3, dueAt: null });
    expect(delivery!.answers.map(({ status, body }) => [status, body])).toEqual([
      [500, 'trylater'],
      [500, 'trylater'],
      [204, ''],
    ]);
    await off(id);
    await shop.stop();
  });

  it('waits for the one before it, however often that one fails', async () => {
    const shop = await startReceiver((_event, times) =>
      times < 4 ? new Response(null, { status: 503 }) : new Response(null),
    );
    const { id } = await endpoints.create(shop.url);
    const { body: payment } = await holdfast.start();
    await holdfast.command(payment.id, 'capture', { amountMinor: 6_000, final: true });
    await holdfast.command(payment.id, 'refund', { amountMinor: 1_000 });
    await expect
      .poll(() => endpoints.states(id, payment.id), SOON)
      .toEqual([
        'payment.authorized delivered',
        'payment.captured delivered',
        'payment.refunded delivered',
      ]);
    const four = (type: string) => Array.from({ length: 4 }, () => type);
    expect(typesOf(shop.of(payment.id))).toEqual([
      ...four('payment.authorized'),
      ...four('payment.captured'),
      ...four('payment.refunded'),
    ]);
    await off(id);
    await shop.stop();
  });

  it('is signed with both secrets while one replaces the other', async () => {
    const shop = await startReceiver();
    const { id, secret: old } = await endpoints.create(shop.url);
    const rotated = await endpoints.post<{ secret: string }>(`/${id}/rotate-secret`);
    const { secret } = rotated.body;
    expect(secret).not.toBe(old);
    const first = (await holdfast.start()).body;
    await expect.poll(() => shop.of(first.id).length, SOON).toBe(1);
    const [both] = shop.of(first.id);
    verified(both!, old);
    verified(both!, secret);
    await holdfast.pool.query(`update webhook_endpoints set previous_until = now() where id = $1`, [
      id,
    ]);
    const second = (await holdfast.start()).body;
    await expect.poll(() => shop.of(second.id).length, SOON).toBe(1);
    const [one] = shop.of(second.id);
    verified(one!, secret);
    expect(() => verified(one!, old)).toThrow('No matching signature found');
    await off(id);
    await shop.stop();
  });

  it('goes to endpoints that asked for its type, of its account and mode, and to no other', async () => {
    const [shop, partner, stranger] = await Promise.all([
      startReceiver(),
      startReceiver(),
      startReceiver(),
    ]);
    const all = await endpoints.create(shop.url);
    const captures = await endpoints.create(partner.url, { events: ['payment.captured'] });
    const keys = await Promise.all([
      holdfast.deps.apiKeys.issue({ accountId: 'other', mode: 'test', role: 'admin' }),
      holdfast.deps.apiKeys.issue({ accountId: 'main', mode: 'live', role: 'admin' }),
    ]);
    for (const key of keys) {
      const url = key.startsWith('hf_live') ? 'https://shop.example/hooks' : stranger.url;
      const created = await holdfast.request('POST', '/v1/webhook-endpoints', {
        key,
        body: { url },
        headers: { 'idempotency-key': 'one' },
      });
      expect(created.status).toBe(201);
    }
    const { body: payment } = await holdfast.start();
    await holdfast.command(payment.id, 'capture');
    await expect.poll(() => typesOf(partner.of(payment.id)), SOON).toEqual(['payment.captured']);
    await expect
      .poll(() => typesOf(shop.of(payment.id)), SOON)
      .toEqual(['payment.authorized', 'payment.captured']);
    expect(stranger.received).toEqual([]);
    const { rows } = await holdfast.pool.query<{ id: string }>(
      `select distinct endpoint_id as id from webhook_deliveries
       where payment_id = $1 and state <> 'skipped'`,
      [payment.id],
    );
    expect(rows.map(({ id }) => id).toSorted()).toEqual([all.id, captures.id].toSorted());
    await Promise.all([off(all.id), off(captures.id)]);
    await Promise.all([shop.stop(), partner.stop(), stranger.stop()]);
  });

  it('is told in words in the Temporal UI, without the address', async () => {
    const shop = await startReceiver();
    const { id } = await endpoints.create(`${shop.url}/hooks?token=hush`);
    const { body: payment } = await holdfast.start();
    await expect.poll(() => shop.of(payment.id).length, SOON).toBe(1);
    const { host } = new URL(shop.url);
    const handle = holdfast.temporal.workflow.getHandle(`deliver-${id}-${payment.id}`);
    expect(await handle.result()).toEqual({ delivered: 1, failed: 0, skipped: 0 });
    const run = await handle.describe();
    expect(run.taskQueue).toBe(`${holdfast.taskQueue}-events`);
    expect(await run.staticSummary()).toBe(`Tell ${host} of ${payment.id}`);
    const { events } = await handle.fetchHistory();
    const summaries = (events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes, userMetadata }) =>
        activityTaskScheduledEventAttributes && userMetadata?.summary
          ? [defaultPayloadConverter.fromPayload<string>(userMetadata.summary)]
          : [],
    );
    expect(summaries).toEqual([`Tell ${host}: payment.authorized, fact 2`]);
    expect(events!.length).toBeLessThanOrEqual(15);
    expect(JSON.stringify(events)).not.toContain(
      Buffer.from('token=hush').toString('base64').slice(0, -2),
    );
    await off(id);
    await shop.stop();
  });
});

describe('an endpoint that hangs and one that is dead', () => {
  it('delay nobody else', async () => {
    const holdfast = await createHoldfast({
      // Without places of its own, the endpoint that hangs would hold all slots.
      events: { slots: 6, places: 2, timeLimitMs: 20_000, placeWaitMs: 300, intervalMs: () => 300 },
    });
    const endpoints = endpointsOf(holdfast);
    const release = new AbortController();
    const released = once(release.signal, 'abort');
    const [hanging, good] = await Promise.all([
      startReceiver(async () => {
        await released;
        return new Response();
      }),
      startReceiver(),
    ]);
    const slow = await endpoints.create(hanging.url);
    const dead = await endpoints.create('http://127.0.0.1:9');
    await endpoints.create(good.url);
    const payments = await Promise.all(Array.from({ length: 12 }, () => holdfast.start()));
    await Promise.all(payments.map(({ body }) => holdfast.command(body.id, 'capture')));

    await expect.poll(() => good.received.length, { timeout: 8_000, interval: 25 }).toBe(24);
    for (const { body } of payments) {
      expect(typesOf(good.of(body.id))).toEqual(['payment.authorized', 'payment.captured']);
    }
    expect(hanging.received).toHaveLength(2);
    expect(await endpoints.deliveries(slow.id, '?state=delivered')).toEqual([]);
    const [refused] = await endpoints.deliveries(dead.id, '?limit=100');
    expect(refused).toMatchObject({ state: 'pending' });
    release.abort();
    await expect.poll(() => endpoints.deliveries(slow.id, '?state=pending'), SOON).toEqual([]);
    await Promise.all([hanging.stop(), good.stop()]);
    await holdfast.close();
  });
});

describe('an endpoint that takes nothing', () => {
  it('is given up after three days, event by event, and can be asked to take them again', async () => {
    const holdfast = await createHoldfast({ events: { intervalMs: () => 4 * DAY_MS } });
    const endpoints = endpointsOf(holdfast);
    const shop = await startReceiver(({ type }) =>
      type === 'payment.authorized' ? new Response(null, { status: 400 }) : new Response(),
    );
    const { id } = await endpoints.create(shop.url);
    const { body: payment } = await holdfast.start();
    await holdfast.command(payment.id, 'capture');
    await expect
      .poll(() => endpoints.states(id, payment.id), SOON)
      .toEqual(['payment.authorized failed', 'payment.captured delivered']);
    shop.answerWith(() => new Response('now it fits'));
    const [eventId] = shop.of(payment.id).map((event) => event.id);
    const again = await endpoints.post(`/${id}/deliveries/${eventId}/redeliver`);
    expect(again).toMatchObject({ status: 202, body: { eventId, state: 'pending', attempts: 0 } });
    await expect
      .poll(() => endpoints.states(id, payment.id), SOON)
      .toEqual(['payment.authorized delivered', 'payment.captured delivered']);
    expect(typesOf(shop.of(payment.id))).toEqual([
      'payment.authorized',
      'payment.captured',
      'payment.authorized',
    ]);
    await shop.stop();
    await holdfast.close();
  });
});

describe('a delivery that waits for its next attempt', () => {
  let holdfast: Holdfast;
  let endpoints: ReturnType<typeof endpointsOf>;
  beforeAll(async () => {
    holdfast = await createHoldfast({ events: { intervalMs: () => DAY_MS } });
    endpoints = endpointsOf(holdfast);
  });
  afterAll(() => holdfast.close());

  it('is attempted at once when somebody asks for it', async () => {
    const shop = await startReceiver(
      (_event, times) => new Response(null, { status: times === 1 ? 502 : 200 }),
    );
    const { id } = await endpoints.create(shop.url);
    const { body: payment } = await holdfast.start();
    await expect.poll(() => endpoints.deliveries(id), SOON).toMatchObject([{ attempts: 1 }]);
    const [delivery] = await endpoints.deliveries(id);
    expect(Date.parse(delivery!.dueAt!) - Date.now()).toBeGreaterThan(0.9 * DAY_MS);
    await endpoints.post(`/${id}/deliveries/${delivery!.eventId}/redeliver`);
    await expect
      .poll(() => endpoints.states(id, payment.id), SOON)
      .toEqual(['payment.authorized delivered']);
    await endpoints.post(`/${id}/disable`);
    await shop.stop();
  });

  it('is skipped when its endpoint is switched off, and holds up nothing that comes later', async () => {
    const shop = await startReceiver(() => new Response(null, { status: 500 }));
    const { id } = await endpoints.create(shop.url);
    const { body: payment } = await holdfast.start();
    await expect.poll(() => endpoints.deliveries(id), SOON).toMatchObject([{ attempts: 1 }]);
    const disabled = await endpoints.post(`/${id}/disable`);
    expect(disabled.body).toMatchObject({ enabled: false });
    expect(await endpoints.states(id, payment.id)).toEqual(['payment.authorized skipped']);

    await endpoints.post(`/${id}/enable`);
    shop.answerWith(() => new Response());
    await holdfast.command(payment.id, 'capture');
    await expect
      .poll(() => endpoints.states(id, payment.id), SOON)
      .toEqual(['payment.authorized skipped', 'payment.captured delivered']);
    await endpoints.post(`/${id}/disable`);
    await shop.stop();
  });

  it('ends with its endpoint when that says 410 Gone', async () => {
    const shop = await startReceiver(
      (event) => new Response(null, { status: event.type === 'payment.captured' ? 410 : 500 }),
    );
    const { id } = await endpoints.create(shop.url);
    const { body: waiting } = await holdfast.start();
    await expect.poll(() => endpoints.deliveries(id), SOON).toMatchObject([{ attempts: 1 }]);
    const { body: sold } = await holdfast.start({ capture: 'automatic' });
    await expect
      .poll(() => endpoints.states(id, sold.id), SOON)
      .toEqual(['payment.captured failed']);
    await expect
      .poll(() => endpoints.states(id, waiting.id), SOON)
      .toEqual(['payment.authorized skipped']);
    expect(await endpoints.get(id)).toMatchObject({
      enabled: false,
      disabledReason: expect.stringMatching(/410 Gone/) as string,
    });
    const { body: later } = await holdfast.start();
    const undispatched = async () =>
      (await holdfast.pool.query('select 1 from outgoing_events where dispatched_at is null'))
        .rowCount;
    await expect.poll(undispatched, SOON).toBe(0);
    expect(await endpoints.states(id, later.id)).toEqual(['payment.authorized skipped']);
    await shop.stop();
  });
});

describe('an event that happens while an endpoint is switched off', () => {
  let holdfast: Holdfast;
  let endpoints: ReturnType<typeof endpointsOf>;
  beforeAll(async () => {
    holdfast = await createHoldfast({ events: { intervalMs: () => 20 } });
    endpoints = endpointsOf(holdfast);
  });
  afterAll(() => holdfast.close());

  it('is kept as skipped, and comes when somebody asks for it once the endpoint is on', async () => {
    const shop = await startReceiver();
    const { id, secret } = await endpoints.create(shop.url);
    await endpoints.post(`/${id}/disable`);
    const { body: payment } = await holdfast.start();
    await holdfast.command(payment.id, 'capture');
    const missed = ['payment.authorized skipped', 'payment.captured skipped'];
    await expect.poll(() => endpoints.states(id, payment.id), SOON).toEqual(missed);
    const skipped = await endpoints.deliveries(id, '?state=skipped');
    expect(skipped).toMatchObject([
      { type: 'payment.captured', attempts: 0, answers: [], dueAt: null },
      { type: 'payment.authorized', attempts: 0, answers: [], dueAt: null },
    ]);
    const eventId = skipped[0]!.eventId;
    const early = await endpoints.post(`/${id}/deliveries/${eventId}/redeliver`);
    expect(early).toMatchObject({ status: 409, body: { code: 'endpoint-disabled' } });

    await endpoints.post(`/${id}/enable`);
    await holdfast.command(payment.id, 'refund', { amountMinor: 1_000 });
    await expect
      .poll(() => endpoints.states(id, payment.id), SOON)
      .toEqual([...missed, 'payment.refunded delivered']);
    const again = await endpoints.post(`/${id}/deliveries/${eventId}/redeliver`);
    expect(again).toMatchObject({ status: 202, body: { eventId, state: 'pending' } });
    await expect
      .poll(() => endpoints.states(id, payment.id), SOON)
      .toEqual([
        'payment.authorized skipped',
        'payment.captured delivered',
        'payment.refunded delivered',
      ]);
    expect(typesOf(shop.of(payment.id))).toEqual(['payment.refunded', 'payment.captured']);
    for (const event of shop.of(payment.id)) verified(event, secret);
    await endpoints.post(`/${id}/disable`);
    await shop.stop();
  });

  it('leaves nothing where the endpoint did not ask for its type', async () => {
    const url = 'http://127.0.0.1:9/';
    const captures = await endpoints.create(url, { events: ['payment.captured'] });
    const all = await endpoints.create(url);
    await Promise.all([captures, all].map(({ id }) => endpoints.post(`/${id}/disable`)));
    const { body: payment } = await holdfast.start();
    await expect
      .poll(() => endpoints.states(all.id, payment.id), SOON)
      .toEqual(['payment.authorized skipped']);
    expect(await endpoints.states(captures.id, payment.id)).toEqual([]);
  });
});
