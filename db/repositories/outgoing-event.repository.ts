import type pg from 'pg';

/** An endpoint and a payment that it has events of: they are delivered by one run. */
export type DeliveryPair = {
  readonly endpointId: string;
  readonly paymentId: string;
  readonly url: string;
};

export type Dispatched = {
  /** How many events became deliveries, were skipped, or were wanted by nobody. */
  readonly events: number;
  /** `isAlone`: nothing of this payment was on its way to this endpoint before. */
  readonly pairs: readonly (DeliveryPair & { readonly isAlone: boolean })[];
};

export type OutgoingEventRepository = {
  hasUndispatched(): Promise<boolean>;
  /**
   * Turns the `limit` events that wait longest into deliveries: one for each endpoint of the
   * payment's account and mode that wants the type; `skipped` where the endpoint is switched off.
   * All undispatched events of a payment go together, by one process at a time, so none overtakes
   * another.
   */
  dispatch(limit: number): Promise<Dispatched>;
};

/** Any fixed number: whoever holds this lock dispatches, the others wait and then look for the rest. */
const DISPATCH_LOCK = 4_217_002;

const DISPATCH = `
with chosen as (
  select e.id, e.payment_id, e.sequence, e.type, p.account_id, p.mode
  from outgoing_events e join payments p on p.id = e.payment_id
  where e.dispatched_at is null and e.payment_id in (
    select payment_id from outgoing_events
    where dispatched_at is null order by created_at, id limit $1)
), marked as (
  update outgoing_events set dispatched_at = now() where id in (select id from chosen) returning id
), added as (
  insert into webhook_deliveries (
    endpoint_id, event_id, payment_id, sequence, type, state, attempts, due_at, created_at,
    finished_at)
  -- Milliseconds, because cursors are passed on by JavaScript.
  select w.id, c.id, c.payment_id, c.sequence, c.type,
    case when w.enabled then 'pending' else 'skipped' end, 0, case when w.enabled then now() end,
    date_trunc('milliseconds', now()), case when not w.enabled then now() end
  from chosen c join webhook_endpoints w on w.account_id = c.account_id and w.mode = c.mode
  where w.events is null or c.type = any (w.events)
  on conflict (endpoint_id, event_id) do nothing
  returning endpoint_id, payment_id, state
), pairs as (
  select distinct a.endpoint_id, a.payment_id, w.url,
    -- As it was before this statement.
    not exists (
      select 1 from webhook_deliveries d
      where d.endpoint_id = a.endpoint_id and d.payment_id = a.payment_id and d.state = 'pending'
    ) as is_alone
  from added a join webhook_endpoints w on w.id = a.endpoint_id
  where a.state = 'pending'
)
select (select count(*)::int from marked) as events,
  (select coalesce(jsonb_agg(jsonb_build_object('endpointId', endpoint_id,
     'paymentId', payment_id, 'url', url, 'isAlone', is_alone)), '[]') from pairs) as pairs`;

export function createOutgoingEventRepository(pool: pg.Pool): OutgoingEventRepository {
  return {
    async hasUndispatched() {
      // In the order of its index, so that the planner takes it whatever it thinks of the table.
      const { rowCount } = await pool.query({
        name: 'outgoing_undispatched',
        text: `select id from outgoing_events where dispatched_at is null
               order by created_at, id limit 1`,
      });
      return rowCount === 1;
    },
    async dispatch(limit) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        await client.query('select pg_advisory_xact_lock($1)', [DISPATCH_LOCK]);
        const { rows } = await client.query<Dispatched>(DISPATCH, [limit]);
        await client.query('commit');
        client.release();
        return rows[0] ?? { events: 0, pairs: [] };
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
  };
}
