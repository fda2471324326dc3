import type pg from 'pg';
import type { Mode } from './integration.repository.ts';

export type NotificationState = 'waiting' | 'settled' | 'ignored' | 'unmatched' | 'unverified';

/** A message as it came, and what was made of it. */
export type NewNotification = {
  readonly id: string;
  readonly accountId: string;
  readonly mode: Mode;
  readonly provider: string;
  readonly integrationId: string;
  readonly providerEventId: string | null;
  readonly type: string | null;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly verified: boolean;
  readonly state: NotificationState;
  readonly reason: string;
  readonly claim: unknown;
  readonly providerRef: string | null;
  readonly paymentId: string | null;
};

/** One that waits for its payment to be told. */
export type WaitingNotification = {
  readonly id: string;
  readonly integrationId: string;
  readonly accountId: string;
  readonly mode: Mode;
  readonly type: string | null;
  readonly claim: unknown;
  readonly providerRef: string | null;
  readonly paymentId: string | null;
  /** False: it proves nothing, and waits until the provider may be asked because of it. */
  readonly verified: boolean;
  readonly told: number;
  readonly receivedAt: Date;
};

export type StoredNotification = Omit<NewNotification, 'accountId' | 'mode'> & {
  readonly received: number;
  readonly told: number;
  readonly dueAt: Date | null;
  readonly receivedAt: Date;
  readonly updatedAt: Date;
};

export type NotificationFilter = {
  readonly accountId: string;
  readonly mode: Mode;
  readonly state?: NotificationState | undefined;
  readonly paymentId?: string | undefined;
  readonly integrationId?: string | undefined;
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
};

export type NotificationRepository = {
  /** Keeps the message, or counts it when it is there already. Returns whether it is new. */
  keep(notification: NewNotification, dueInMs: number | null): Promise<boolean>;
  find(accountId: string, mode: Mode, id: string): Promise<StoredNotification | null>;
  /** Newest first; one more than `limit` when there is a next page. */
  list(filter: NotificationFilter): Promise<readonly StoredNotification[]>;
  /** Puts one to a new use. False when its event is there already, as another message proved. */
  replace(
    id: string,
    next: Pick<
      NewNotification,
      'verified' | 'state' | 'reason' | 'claim' | 'providerRef' | 'paymentId' | 'type'
    >,
  ): Promise<boolean>;
  waiting(id: string): Promise<WaitingNotification | null>;
  /** Those that are due, oldest first. */
  due(limit: number): Promise<readonly WaitingNotification[]>;
  /** The payment was told, or is not known yet: look again after `dueInMs`. */
  postpone(
    id: string,
    next: { reason: string; dueInMs: number; paymentId?: string; told?: boolean },
  ): Promise<void>;
  /** The journal says what it says. */
  settle(id: string, reason: string): Promise<void>;
  giveUp(id: string, reason: string): Promise<void>;
  /** Deletes messages that proved nothing and came more than 30 days ago. */
  forget(): Promise<void>;
  /** How many messages of this integration proved nothing within `ms`. */
  unverifiedWithin(integrationId: string, ms: number): Promise<number>;
  /** It proves nothing, and the provider may be asked about this payment because of it: once in
   *  `withinMs`, however many come at the same time. Noted in the same transaction. */
  mayAsk(id: string, paymentId: string, withinMs: number): Promise<boolean>;
  /** It proves nothing and may not ask now: it may in `ms`, unless it did so as it came again. */
  askLater(id: string, paymentId: string, ms: number): Promise<void>;
  /** The provider was asked about this payment: whatever waited to ask has its answer. */
  doneAsking(paymentId: string): Promise<void>;
};

type Row = {
  id: string;
  provider: string;
  integration_id: string;
  provider_event_id: string | null;
  type: string | null;
  body: Buffer;
  headers: Record<string, string>;
  verified: boolean;
  state: NotificationState;
  reason: string;
  claim: unknown;
  provider_ref: string | null;
  payment_id: string | null;
  received: number;
  told: number;
  due_at: Date | null;
  received_at: Date;
  updated_at: Date;
};

const fromRow = (row: Row): StoredNotification => ({
  id: row.id,
  provider: row.provider,
  integrationId: row.integration_id,
  providerEventId: row.provider_event_id,
  type: row.type,
  body: row.body,
  headers: row.headers,
  verified: row.verified,
  state: row.state,
  reason: row.reason,
  claim: row.claim,
  providerRef: row.provider_ref,
  paymentId: row.payment_id,
  received: row.received,
  told: row.told,
  dueAt: row.due_at,
  receivedAt: row.received_at,
  updatedAt: row.updated_at,
});

const WAITING = `id, integration_id as "integrationId", account_id as "accountId", mode, type, claim,
  provider_ref as "providerRef", payment_id as "paymentId", verified, told, received_at as "receivedAt"`;

/** The id is computed from what came, so the same message is one row, and is counted. */
const KEEP = `
insert into notifications (id, account_id, mode, provider, integration_id, provider_event_id, type,
  body, headers, verified, state, reason, claim, provider_ref, payment_id, received, told, due_at,
  received_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, 0,
  now() + make_interval(secs => $16::float8 / 1000),
  -- As exact as the cursors of lists are.
  date_trunc('milliseconds', now()), now())
on conflict (id) do update set received = notifications.received + 1
returning received`;

/** Said once in the reason, however often it is done. */
const NOTE_ASKED = `
update notifications set payment_id = $2, told = told + 1, updated_at = now(),
  reason = case when told > 0 then reason
    else rtrim(reason, '.') || '; the provider was asked.' end
where id = $1 and not verified and not exists (
  select 1 from notifications asked
  where asked.payment_id = $2 and not asked.verified and asked.told > 0
    and asked.updated_at > now() - make_interval(secs => $3::float8 / 1000))`;

/** The same event was proven by another message, one that was delivered again. */
const COUNT_PROVEN = `
update notifications set received = received + 1
where integration_id = $1 and provider_event_id = $2 and verified`;

const isProvenAlready = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'notifications_event';

export function createNotificationRepository(pool: pg.Pool): NotificationRepository {
  return {
    async keep(one, dueInMs) {
      const insert = {
        name: 'notification_keep',
        text: KEEP,
        values: [
          one.id,
          one.accountId,
          one.mode,
          one.provider,
          one.integrationId,
          one.providerEventId,
          one.type,
          one.body,
          JSON.stringify(one.headers),
          one.verified,
          one.state,
          one.reason,
          one.claim === null ? null : JSON.stringify(one.claim),
          one.providerRef,
          one.paymentId,
          dueInMs,
        ],
      };
      try {
        const { rows } = await pool.query<{ received: number }>(insert);
        return rows[0]?.received === 1;
      } catch (error) {
        if (!isProvenAlready(error)) throw error;
        await pool.query(COUNT_PROVEN, [one.integrationId, one.providerEventId]);
        return false;
      }
    },
    async find(accountId, mode, id) {
      const { rows } = await pool.query<Row>(
        'select * from notifications where id = $1 and account_id = $2 and mode = $3',
        [id, accountId, mode],
      );
      return rows[0] === undefined ? null : fromRow(rows[0]);
    },
    async list(filter) {
      const { rows } = await pool.query<Row>(
        `select * from notifications
         where account_id = $1 and mode = $2
           and ($3::text is null or state = $3)
           and ($4::text is null or payment_id = $4)
           and ($5::text is null or integration_id = $5)
           and ($6::timestamptz is null or (received_at, id) < ($6, $7))
         order by received_at desc, id desc
         limit $8`,
        [
          filter.accountId,
          filter.mode,
          filter.state ?? null,
          filter.paymentId ?? null,
          filter.integrationId ?? null,
          filter.after?.at ?? null,
          filter.after?.id ?? null,
          filter.limit + 1,
        ],
      );
      return rows.map(fromRow);
    },
    async replace(id, next) {
      const { rowCount } = await pool.query(
        `update notifications set verified = $2, state = $3, reason = $4, claim = $5,
           provider_ref = $6, payment_id = $7, type = $8, told = 0, updated_at = now(),
           due_at = case when $3 = 'waiting' then now() end
         where id = $1 and not ($2 and exists (
           select 1 from notifications other
           where other.verified and other.id <> $1
             and other.integration_id = notifications.integration_id
             and other.provider_event_id = notifications.provider_event_id))`,
        [
          id,
          next.verified,
          next.state,
          next.reason,
          next.claim === null ? null : JSON.stringify(next.claim),
          next.providerRef,
          next.paymentId,
          next.type,
        ],
      );
      return rowCount === 1;
    },
    async waiting(id) {
      const { rows } = await pool.query<WaitingNotification>(
        `select ${WAITING} from notifications where id = $1 and state = 'waiting'`,
        [id],
      );
      return rows[0] ?? null;
    },
    async due(limit) {
      const { rows } = await pool.query<WaitingNotification>(
        `select ${WAITING} from notifications
         where due_at < now() order by due_at limit $1`,
        [limit],
      );
      return rows;
    },
    async postpone(id, { reason, dueInMs, paymentId, told }) {
      await pool.query(
        `update notifications set reason = $2, due_at = now() + make_interval(secs => $3::float8 / 1000),
           payment_id = coalesce($4, payment_id), told = told + $5, updated_at = now()
         where id = $1 and state = 'waiting'`,
        [id, reason, dueInMs, paymentId ?? null, told === true ? 1 : 0],
      );
    },
    settle: (id, reason) => close(pool, id, 'settled', reason),
    giveUp: (id, reason) => close(pool, id, 'unmatched', reason),
    async forget() {
      await pool.query(
        `delete from notifications where id in (
           select id from notifications
           where not verified and received_at < now() - interval '30 days' limit 10000)`,
      );
    },
    async unverifiedWithin(integrationId, ms) {
      const { rows } = await pool.query<{ count: number }>(
        `select count(*)::int as count from notifications
         where integration_id = $1 and not verified
           and received_at > now() - make_interval(secs => $2::float8 / 1000)`,
        [integrationId, ms],
      );
      return rows[0]?.count ?? 0;
    },
    async askLater(id, paymentId, ms) {
      await pool.query(
        `update notifications set payment_id = $2, updated_at = now(),
           due_at = now() + make_interval(secs => $3::float8 / 1000)
         where id = $1 and not verified and told = 0`,
        [id, paymentId, ms],
      );
    },
    async doneAsking(paymentId) {
      await pool.query(
        `update notifications set due_at = null
         where payment_id = $1 and not verified and due_at is not null`,
        [paymentId],
      );
    },
    mayAsk: (id, paymentId, withinMs) => mayAsk(pool, id, paymentId, withinMs),
  };
}

async function close(
  pool: pg.Pool,
  id: string,
  state: NotificationState,
  reason: string,
): Promise<void> {
  await pool.query(
    `update notifications set state = $2, reason = $3, due_at = null, updated_at = now()
     where id = $1 and state = 'waiting'`,
    [id, state, reason],
  );
}

async function mayAsk(
  pool: pg.Pool,
  id: string,
  paymentId: string,
  withinMs: number,
): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query<{ mine: boolean }>(
      `select pg_try_advisory_xact_lock(hashtextextended('ask ' || $1, 0)) as mine`,
      [paymentId],
    );
    // Whoever holds it is asking just now.
    const noted =
      rows[0]?.mine === true ? await client.query(NOTE_ASKED, [id, paymentId, withinMs]) : null;
    await client.query('commit');
    return noted?.rowCount === 1;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
