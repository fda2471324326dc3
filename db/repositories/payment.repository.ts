import type pg from 'pg';
import type { Frozen, LifecycleEvent } from '../../machines/shared/lifecycle.ts';
import { OPEN } from '../journal/append.sql.ts';
import type { Mode } from './integration.repository.ts';

/** A payment as it is asked for, before anything happened to it. */
export type NewPayment = {
  readonly id: string;
  readonly accountId: string;
  readonly mode: Mode;
  readonly opening: Frozen;
  /** What the lifecycle was opened with: the data of the first fact. */
  readonly input: unknown;
  readonly method: string;
  readonly provider: string;
  readonly integrationId: string;
  readonly integrationVersion: number;
  readonly source: { readonly kind: string; readonly number: string };
  /** The request as activities need it (token, buyer, return URL). */
  readonly request: unknown;
  readonly requestHash: string;
  readonly currency: string;
  readonly requestedMinor: number;
  readonly actor: string;
  /** When something is due to happen by itself; null when nothing is. */
  readonly wakeAt: Date | null;
  readonly createdAt: Date;
};

/** A payment row as the API reads it. */
export type PaymentRecord = {
  readonly id: string;
  readonly accountId: string;
  readonly mode: Mode;
  readonly frozen: Frozen;
  readonly sequence: number;
  readonly method: string;
  readonly provider: string;
  readonly integrationId: string;
  readonly source: { readonly kind: string; readonly number: string };
  readonly requestHash: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** `readAt` is the database's time when it was read: what is to be judged by that clock starts there. */
export type FoundPayment = PaymentRecord & { readonly readAt: Date };

/** What a run needs to go on: the state, and which fact each command's key became. */
export type LoadedPayment = {
  readonly frozen: Frozen;
  readonly sequence: number;
  readonly commands: readonly {
    readonly idempotencyKey: string;
    readonly requestHash: string;
    readonly sequence: number;
  }[];
};

/** The last sequence, and what the payment was asked for with. */
export type StoredPayment = {
  readonly sequence: number;
  readonly request: unknown;
  readonly integrationId: string;
  readonly integrationVersion: number;
  readonly sourceKind: string;
  readonly sourceNumber: string;
};

export type KeyedFact = { readonly sequence: number; readonly requestHash: string };

export type StoredFact = {
  readonly sequence: number;
  readonly event: LifecycleEvent;
  readonly actor: string;
};

export type PaymentRepository = {
  /** True when this call made the payment; false when its id was there already. */
  open(payment: NewPayment): Promise<boolean>;
  find(id: string): Promise<FoundPayment | null>;
  load(id: string): Promise<LoadedPayment | null>;
  factByKey(id: string, idempotencyKey: string): Promise<KeyedFact | null>;
  /**
   * Whether a command lies in the journal, still may, or never will: `void` once it is not valid any
   * more. Waits for an append under way, so that the verdict holds.
   */
  fateOf(
    id: string,
    idempotencyKey: string,
    validUntil: Date,
  ): Promise<'journaled' | 'open' | 'void'>;
  facts(id: string): Promise<readonly StoredFact[]>;
  /** What an activity has to know of a payment before it writes. @throws Error when there is none */
  stored(id: string): Promise<StoredPayment>;
  /** What checkout sent along for the provider and the buyer. */
  request(id: string): Promise<unknown>;
};

type PaymentRow = {
  id: string;
  account_id: string;
  mode: Mode;
  lifecycle: string;
  lifecycle_version: number;
  status: string;
  context: unknown;
  sequence: number;
  method: string;
  provider: string;
  integration_id: string;
  source_kind: string;
  source_number: string;
  request_hash: string;
  created_at: Date;
  updated_at: Date;
};

export const PAYMENT_COLUMNS = `id, account_id, mode, lifecycle, lifecycle_version, status, context,
  sequence, method, provider, integration_id, source_kind, source_number, request_hash,
  created_at, updated_at`;

export function paymentFromRow(row: PaymentRow): PaymentRecord {
  return {
    id: row.id,
    accountId: row.account_id,
    mode: row.mode,
    frozen: {
      lifecycle: row.lifecycle,
      version: row.lifecycle_version,
      status: row.status,
      context: row.context,
    },
    sequence: row.sequence,
    method: row.method,
    provider: row.provider,
    integrationId: row.integration_id,
    source: { kind: row.source_kind, number: row.source_number },
    requestHash: row.request_hash,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export type { PaymentRow };

export function createPaymentRepository(pool: pg.Pool): PaymentRepository {
  async function find(id: string): Promise<FoundPayment | null> {
    const { rows } = await pool.query<PaymentRow & { read_at: Date }>({
      name: 'payment_find',
      text: `select ${PAYMENT_COLUMNS}, clock_timestamp() as read_at from payments where id = $1`,
      values: [id],
    });
    const [row] = rows;
    return row === undefined ? null : { ...paymentFromRow(row), readAt: row.read_at };
  }

  return {
    async open(payment) {
      const { rowCount } = await pool.query({
        name: 'payment_open',
        text: OPEN,
        values: [
          JSON.stringify(openColumns(payment)),
          JSON.stringify(payment.input),
          payment.actor,
        ],
      });
      return rowCount === 1;
    },
    find,
    async load(id) {
      const record = await find(id);
      if (record === null) return null;
      const { rows } = await pool.query<{ key: string; hash: string; sequence: number }>(
        `select idempotency_key as key, request_hash as hash, sequence from facts
         where payment_id = $1 and idempotency_key is not null and sequence <= $2`,
        [id, record.sequence],
      );
      const commands = rows.map(({ key, hash, sequence }) => ({
        idempotencyKey: key,
        requestHash: hash,
        sequence,
      }));
      return { frozen: record.frozen, sequence: record.sequence, commands };
    },
    async factByKey(id, idempotencyKey) {
      const { rows } = await pool.query<{ sequence: number; hash: string }>({
        name: 'fact_by_key',
        text: `select sequence, request_hash as hash from facts
               where payment_id = $1 and idempotency_key = $2`,
        values: [id, idempotencyKey],
      });
      const row = rows[0];
      return row === undefined ? null : { sequence: row.sequence, requestHash: row.hash };
    },
    async fateOf(id, idempotencyKey, validUntil) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        // The row's lock makes an append under way finish first; the next statement sees it.
        await client.query('select 1 from payments where id = $1 for update', [id]);
        const { rows } = await client.query<{ journaled: boolean; over: boolean }>(FATE, [
          id,
          idempotencyKey,
          validUntil.toISOString(),
          FATE_MARGIN_MS,
        ]);
        await client.query('commit');
        client.release();
        const row = rows[0];
        if (row?.journaled === true) return 'journaled';
        return row?.over === true ? 'void' : 'open';
      } catch (error) {
        client.release(true);
        throw error;
      }
    },
    async stored(id) {
      const { rows } = await pool.query<StoredPayment>(
        `select sequence, request, integration_id as "integrationId",
           integration_version as "integrationVersion",
           source_kind as "sourceKind", source_number as "sourceNumber"
         from payments where id = $1`,
        [id],
      );
      if (rows[0] === undefined) throw new Error(`no payment ${id} in the journal`);
      return rows[0];
    },
    async request(id) {
      const { rows } = await pool.query<{ request: unknown }>(
        'select request from payments where id = $1',
        [id],
      );
      return rows[0]?.request ?? {};
    },
    async facts(id) {
      const { rows } = await pool.query<{
        sequence: number;
        type: string;
        data: object;
        actor: string;
        at: Date;
      }>({
        name: 'facts_of_payment',
        text: `select sequence, type, data, actor, at from facts
               where payment_id = $1 order by sequence`,
        values: [id],
      });
      return rows.map(({ sequence, type, data, actor, at }) => ({
        sequence,
        event: { ...data, type, at: at.getTime() },
        actor,
      }));
    },
  };
}

/** An append that checked its time just before may still be on its way to the row for this long. */
const FATE_MARGIN_MS = 1_000;

const FATE = `
select
  exists (select 1 from facts where payment_id = $1 and idempotency_key = $2) as journaled,
  -- The time at which this transaction began, before it waited for the row.
  now() > $3::timestamptz + make_interval(secs => $4::float8 / 1000) as over`;

function openColumns(payment: NewPayment): object {
  return {
    id: payment.id,
    account_id: payment.accountId,
    mode: payment.mode,
    lifecycle: payment.opening.lifecycle,
    lifecycle_version: payment.opening.version,
    status: payment.opening.status,
    context: payment.opening.context,
    method: payment.method,
    provider: payment.provider,
    integration_id: payment.integrationId,
    integration_version: payment.integrationVersion,
    source_kind: payment.source.kind,
    source_number: payment.source.number,
    request: payment.request,
    request_hash: payment.requestHash,
    currency: payment.currency,
    requested_minor: payment.requestedMinor,
    wake_at: payment.wakeAt?.toISOString() ?? null,
    created_at: payment.createdAt.toISOString(),
  };
}
