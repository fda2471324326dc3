import type pg from 'pg';
import { type Asked, askOnce, type EndpointRequest } from './asked-once.ts';
import type { DeliveryPair } from './outgoing-event.repository.ts';

export type DeliveryState = 'pending' | 'delivered' | 'failed' | 'skipped';

/** What one attempt brought: a status, or why there was none. */
export type DeliveryAnswer = {
  readonly at: string;
  readonly status: number | null;
  readonly error: string | null;
  /** The first characters of what was answered. */
  readonly body: string;
  readonly durationMs: number;
};

export type WebhookDelivery = {
  readonly endpointId: string;
  readonly eventId: string;
  readonly paymentId: string | null;
  readonly sequence: number | null;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly answers: readonly DeliveryAnswer[];
  readonly dueAt: Date | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
};

/** What is to be sent: an event of a payment. */
export type EventToDeliver = {
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly eventId: string;
  readonly paymentId: string;
  readonly sequence: number;
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly createdAt: Date;
};

export type OverdueDelivery = DeliveryPair & {
  readonly eventId: string;
  /** As Postgres writes it: a `Date` would lose the microseconds that the next page begins after. */
  readonly dueAt: string;
};

export type WebhookDeliveryRepository = {
  /** The first event of this payment that this endpoint has not got yet. */
  next(
    endpointId: string,
    paymentId: string,
  ): Promise<{ eventId: string; type: string; sequence: number } | null>;
  toDeliver(endpointId: string, eventId: string): Promise<EventToDeliver | null>;
  find(endpointId: string, eventId: string): Promise<WebhookDelivery | null>;
  /** Keeps an answer and what follows from it; `pending` is due again after `dueInMs`. What was
   *  delivered stays so, and what was skipped meanwhile is not taken up again. */
  note(
    delivery: { endpointId: string; eventId: string },
    answer: DeliveryAnswer,
    next: { state: DeliveryState; dueInMs: number },
  ): Promise<void>;
  /** Ends one that is pending without another attempt. */
  finish(endpointId: string, eventId: string, state: 'failed' | 'skipped'): Promise<void>;
  /** A test event with its only answer. Repeating it changes nothing. */
  keepTest(
    test: { endpointId: string; eventId: string; type: string },
    answer: DeliveryAnswer,
    state: 'delivered' | 'failed',
  ): Promise<void>;
  /** Keeps that a test was asked for. */
  ask(request: EndpointRequest): Promise<Asked>;
  /** Delivers it again, whatever became of it. */
  redeliver(request: EndpointRequest, eventId: string): Promise<Asked>;
  /** Pairs whose first pending event is overdue by `graceMs`: their run is lost. Longest first. */
  overdue(options: {
    graceMs: number;
    limit: number;
    after?: OverdueDelivery | undefined;
  }): Promise<readonly OverdueDelivery[]>;
};

/** As many answers as a delivery keeps. */
const ANSWERS_MAX = 20;

type Row = {
  endpoint_id: string;
  event_id: string;
  payment_id: string | null;
  sequence: number | null;
  type: string;
  state: DeliveryState;
  attempts: number;
  answers: DeliveryAnswer[];
  due_at: Date | null;
  created_at: Date;
  finished_at: Date | null;
};

export type { Row as WebhookDeliveryRow };

export const deliveryFromRow = (row: Row): WebhookDelivery => ({
  endpointId: row.endpoint_id,
  eventId: row.event_id,
  paymentId: row.payment_id,
  sequence: row.sequence,
  type: row.type,
  state: row.state,
  attempts: row.attempts,
  answers: row.answers,
  dueAt: row.due_at,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
});

export function createWebhookDeliveryRepository(pool: pg.Pool): WebhookDeliveryRepository {
  return {
    async next(endpointId, paymentId) {
      const { rows } = await pool.query<{ eventId: string; type: string; sequence: number }>({
        name: 'webhook_delivery_next',
        text: `select event_id as "eventId", type, sequence from webhook_deliveries
               where endpoint_id = $1 and payment_id = $2 and state = 'pending'
               order by sequence limit 1`,
        values: [endpointId, paymentId],
      });
      return rows[0] ?? null;
    },
    async toDeliver(endpointId, eventId) {
      const { rows } = await pool.query<EventToDeliver>({
        name: 'webhook_delivery_event',
        text: `select d.state, d.attempts, e.id as "eventId", e.payment_id as "paymentId",
                 e.sequence, e.type, e.payload, e.created_at as "createdAt"
               from webhook_deliveries d join outgoing_events e on e.id = d.event_id
               where d.endpoint_id = $1 and d.event_id = $2`,
        values: [endpointId, eventId],
      });
      return rows[0] ?? null;
    },
    async find(endpointId, eventId) {
      const { rows } = await pool.query<Row>(
        'select * from webhook_deliveries where endpoint_id = $1 and event_id = $2',
        [endpointId, eventId],
      );
      return rows[0] === undefined ? null : deliveryFromRow(rows[0]);
    },
    async note({ endpointId, eventId }, answer, { state, dueInMs }) {
      await pool.query({
        name: 'webhook_delivery_note',
        text: NOTE,
        values: [endpointId, eventId, state, JSON.stringify([answer]), dueInMs],
      });
    },
    async finish(endpointId, eventId, state) {
      await pool.query(
        `update webhook_deliveries set state = $3, due_at = null, finished_at = now()
         where endpoint_id = $1 and event_id = $2 and state = 'pending'`,
        [endpointId, eventId, state],
      );
    },
    async keepTest({ endpointId, eventId, type }, answer, state) {
      await pool.query(
        `insert into webhook_deliveries (
           endpoint_id, event_id, type, state, attempts, answers, created_at, finished_at)
         values ($1, $2, $3, $4, 1, $5, date_trunc('milliseconds', now()), now())
         on conflict (endpoint_id, event_id) do nothing`,
        [endpointId, eventId, type, state, JSON.stringify([answer])],
      );
    },
    ask: (request) => askOnce(pool, request),
    redeliver: (request, eventId) =>
      askOnce(
        pool,
        request,
        `, again as (
           update webhook_deliveries
           set state = 'pending', attempts = 0, due_at = now(), finished_at = null
           where endpoint_id in (select endpoint_id from asked) and event_id = $4
             and payment_id is not null)`,
        [eventId],
      ),
    async overdue({ graceMs, limit, after }) {
      const { rows } = await pool.query<OverdueDelivery>(OVERDUE, [
        graceMs,
        limit,
        after?.dueAt ?? null,
        after?.endpointId ?? null,
        after?.eventId ?? null,
      ]);
      return rows;
    },
  };
}

const NOTE = `
update webhook_deliveries d set
  state = n.state,
  attempts = d.attempts + 1,
  answers = (case when jsonb_array_length(d.answers) >= ${ANSWERS_MAX} then d.answers - 0
             else d.answers end) || $4::jsonb,
  due_at = case when n.state = 'pending' then now() + make_interval(secs => $5::float8 / 1000) end,
  finished_at = case when n.state <> 'pending' then coalesce(d.finished_at, now()) end
from (
  select case when $3 = 'delivered' or state = 'pending' then $3 else state end as state
  from webhook_deliveries where endpoint_id = $1 and event_id = $2
) n
where d.endpoint_id = $1 and d.event_id = $2`;

const OVERDUE = `
select d.endpoint_id as "endpointId", d.payment_id as "paymentId", w.url,
  d.event_id as "eventId", d.due_at::text as "dueAt"
from webhook_deliveries d join webhook_endpoints w on w.id = d.endpoint_id
where d.due_at < now() - make_interval(secs => $1::float8 / 1000) and d.state = 'pending'
  -- What waits for an earlier event of its payment is not overdue by itself. A look-up for each row
  -- and not an anti-join: that turned quadratic while the planner's numbers knew of nothing pending.
  and d.sequence = (
    select e.sequence from webhook_deliveries e
    where e.endpoint_id = d.endpoint_id and e.payment_id = d.payment_id and e.state = 'pending'
    order by e.sequence limit 1)
  and ($3::timestamptz is null or (d.due_at, d.endpoint_id, d.event_id) > ($3, $4, $5))
order by d.due_at, d.endpoint_id, d.event_id limit $2`;
