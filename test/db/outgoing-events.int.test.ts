/** Turning events into deliveries, asked of a real Postgres. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../db/client.ts';
import {
  createOutgoingEventRepository,
  type OutgoingEventRepository,
} from '../../db/repositories/outgoing-event.repository.ts';
import {
  createWebhookDeliveryRepository,
  type OverdueDelivery,
} from '../../db/repositories/webhook-delivery.repository.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { endpointsOf } from '../support/receiver.ts';

describe('dispatching', () => {
  let holdfast: Holdfast;
  let pool: pg.Pool;
  let events: OutgoingEventRepository;
  let endpointId: string;
  beforeAll(async () => {
    holdfast = await createHoldfast({ workerless: true });
    pool = connect(holdfast.workerEnv.DATABASE_URL, { max: 5 });
    events = createOutgoingEventRepository(pool);
    endpointId = (await endpointsOf(holdfast).create('http://127.0.0.1:9/')).id;
  });
  afterAll(async () => {
    await pool.end();
    await holdfast.close();
  });

  async function payment(): Promise<string> {
    return (await holdfast.start({}, { prefer: 'wait=0' })).body.id;
  }

  /** As the journal writes one, at a time of its own. */
  const announce = (paymentId: string, sequence: number, at: string) =>
    pool.query(
      `insert into outgoing_events (id, payment_id, sequence, type, payload, created_at)
       values ($1, $2, $3, 'payment.captured', '{}', $4)`,
      [`evt_${paymentId.slice(4)}_${sequence}`, paymentId, sequence, at],
    );

  const dispatchedOf = async (paymentId: string): Promise<number[]> => {
    const { rows } = await pool.query<{ sequence: number }>(
      'select sequence from webhook_deliveries where payment_id = $1 order by sequence',
      [paymentId],
    );
    return rows.map(({ sequence }) => sequence);
  };

  it('takes a payment’s events together, also when a clock was wrong', async () => {
    const [id, other] = [await payment(), await payment()];
    await announce(id, 2, '2026-11-21T10:00:05Z');
    await announce(id, 3, '2026-11-21T10:00:00Z');
    await announce(other, 2, '2026-11-21T10:00:03Z');
    expect(await events.dispatch(1)).toMatchObject({
      events: 2,
      pairs: [{ endpointId, paymentId: id, isAlone: true }],
    });
    expect([await dispatchedOf(id), await dispatchedOf(other)]).toEqual([[2, 3], []]);
    expect((await events.dispatch(1)).events).toBe(1);
    expect(await events.hasUndispatched()).toBe(false);
    expect(await events.dispatch(1)).toEqual({ events: 0, pairs: [] });
  });

  it('says when a payment’s earlier event is still on its way to the endpoint', async () => {
    const id = await payment();
    await announce(id, 2, '2026-11-21T10:00:00Z');
    expect((await events.dispatch(10)).pairs).toMatchObject([{ isAlone: true }]);
    await announce(id, 3, '2026-11-21T10:00:01Z');
    expect((await events.dispatch(10)).pairs).toMatchObject([{ isAlone: false }]);
  });

  it('is done by one process at a time: a later event never overtakes an earlier one', async () => {
    const id = await payment();
    await announce(id, 2, '2026-11-21T10:00:00Z');
    const first = await pool.connect();
    await first.query('begin');
    await first.query('select pg_advisory_xact_lock(4217002)');
    await announce(id, 3, '2026-11-21T10:00:01Z');
    let isDone = false;
    const second = events.dispatch(10).then((dispatched) => {
      isDone = true;
      return dispatched;
    });
    const waiting = async () =>
      (await pool.query(`select 1 from pg_locks where locktype = 'advisory' and not granted`))
        .rowCount;
    await expect.poll(waiting).toBe(1);
    expect(isDone).toBe(false);
    await first.query('commit');
    first.release();
    expect((await second).events).toBe(2);
    expect(await dispatchedOf(id)).toEqual([2, 3]);
  });

  it('makes each event one delivery, however many dispatch at once', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, payment));
    for (const id of ids) await announce(id, 2, '2026-11-21T10:00:00Z');
    const all = await Promise.all(Array.from({ length: 8 }, () => events.dispatch(3)));
    expect(all.reduce((sum, each) => sum + each.events, 0)).toBe(20);
    const told = all.flatMap(({ pairs }) => pairs.map(({ paymentId }) => paymentId));
    expect(told.toSorted()).toEqual(ids.toSorted());
  });
});

describe('what is overdue', () => {
  it('is listed once a payment, by its first pending event, page by page', async () => {
    const holdfast = await createHoldfast({ workerless: true });
    const events = createOutgoingEventRepository(holdfast.pool);
    const deliveries = createWebhookDeliveryRepository(holdfast.pool);
    await endpointsOf(holdfast).create('http://127.0.0.1:9/');
    const started = await Promise.all(
      Array.from({ length: 5 }, () => holdfast.start({}, { prefer: 'wait=0' })),
    );
    const ids = started.map(({ body }) => body.id);
    await holdfast.pool.query(
      `insert into outgoing_events (id, payment_id, sequence, type, payload, created_at)
       select 'evt_' || substr(p.id, 5) || '_' || s, p.id, s, 'payment.captured', '{}', now()
       from payments p, generate_series(2, 4) s`,
    );
    await events.dispatch(100);

    const seen: OverdueDelivery[] = [];
    for (let page = 0; page < 4; page += 1) {
      const found = await deliveries.overdue({ graceMs: 0, limit: 2, after: seen.at(-1) });
      seen.push(...found);
    }
    expect(seen.map(({ eventId }) => eventId).toSorted()).toEqual(
      ids.map((id) => `evt_${id.slice(4)}_2`).toSorted(),
    );
    expect(await deliveries.overdue({ graceMs: 60_000, limit: 2 })).toEqual([]);
    await holdfast.close();
  });
});
