import type pg from 'pg';
import type { Integration, Mode } from './integration.repository.ts';

export type FindingState = 'open' | 'resolved';

export type NewFinding = {
  readonly id: string;
  readonly accountId: string;
  readonly mode: Mode;
  readonly integrationId: string;
  readonly kind: string;
  readonly providerRef: string;
  readonly paymentId: string | null;
  readonly detail: string;
  readonly providerSays: unknown;
  readonly holdfastSays: unknown;
};

export type Finding = NewFinding & {
  readonly state: FindingState;
  readonly foundAt: Date;
  readonly seenAt: Date;
  readonly resolvedAt: Date | null;
  readonly resolution: string | null;
};

export type FindingFilter = {
  readonly accountId: string;
  readonly mode: Mode;
  readonly state: FindingState;
  readonly integrationId?: string | undefined;
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
};

export type FindingRepository = {
  /**
   * Keeps that the difference was seen. One that went away by itself is open again when it comes
   * back; one that a person resolved stays resolved. Returns its state.
   */
  note(finding: NewFinding): Promise<FindingState>;
  has(id: string): Promise<boolean>;
  /** Open ones of the integration that were not seen since, in the order of their ids. */
  unseen(
    integration: Pick<Integration, 'id' | 'accountId' | 'mode'>,
    page: { readonly since: Date; readonly afterId: string; readonly limit: number },
  ): Promise<readonly Finding[]>;
  touch(id: string): Promise<void>;
  /** The comparison sees it no more. */
  settle(id: string, reason: string): Promise<void>;
  /** A person says that it is done with; false when it is resolved already. */
  resolve(id: string, actor: string, reason: string): Promise<boolean>;
  find(accountId: string, mode: Mode, id: string): Promise<Finding | null>;
  /** Oldest first; one more than `limit` when there is a next page. */
  list(filter: FindingFilter): Promise<readonly Finding[]>;
};

const COLUMNS = `id, account_id as "accountId", mode, integration_id as "integrationId", kind,
  provider_ref as "providerRef", payment_id as "paymentId", detail,
  provider_says as "providerSays", holdfast_says as "holdfastSays", state, found_at as "foundAt",
  seen_at as "seenAt", resolved_at as "resolvedAt", resolution`;

/** Tells what went away by itself from what a person resolved. */
const BY_ITSELF = 'reconciliation: ';

const NOTE = `
insert into findings (id, account_id, mode, integration_id, kind, provider_ref, payment_id, detail,
  provider_says, holdfast_says, state, found_at, seen_at)
-- As exact as the cursors of lists are.
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', date_trunc('milliseconds', now()), now())
on conflict (id) do update set
  seen_at = now(), detail = excluded.detail,
  provider_says = excluded.provider_says, holdfast_says = excluded.holdfast_says,
  payment_id = excluded.payment_id,
  found_at = case when starts_with(findings.resolution, $11)
    then excluded.found_at else findings.found_at end,
  state = case when starts_with(findings.resolution, $11) then 'open' else findings.state end,
  resolved_at = case when starts_with(findings.resolution, $11)
    then null else findings.resolved_at end,
  resolution = case when starts_with(findings.resolution, $11)
    then null else findings.resolution end
returning state`;

export function createFindingRepository(pool: pg.Pool): FindingRepository {
  async function close(id: string, resolution: string): Promise<boolean> {
    const { rowCount } = await pool.query(
      `update findings set state = 'resolved', resolved_at = now(), resolution = $2
       where id = $1 and state = 'open'`,
      [id, resolution],
    );
    return rowCount === 1;
  }

  return {
    async note(finding) {
      const { rows } = await pool.query<{ state: FindingState }>(NOTE, [
        finding.id,
        finding.accountId,
        finding.mode,
        finding.integrationId,
        finding.kind,
        finding.providerRef,
        finding.paymentId,
        finding.detail,
        JSON.stringify(finding.providerSays),
        JSON.stringify(finding.holdfastSays),
        BY_ITSELF,
      ]);
      return rows[0]?.state ?? 'open';
    },
    async has(id) {
      const { rowCount } = await pool.query('select 1 from findings where id = $1', [id]);
      return rowCount === 1;
    },
    async unseen({ id, accountId, mode }, { since, afterId, limit }) {
      const { rows } = await pool.query<Finding>(
        `select ${COLUMNS} from findings
         where account_id = $1 and mode = $2 and state = 'open'
           and integration_id = $3 and seen_at < $4 and id > $5
         order by id limit $6`,
        [accountId, mode, id, since, afterId, limit],
      );
      return rows;
    },
    async touch(id) {
      await pool.query('update findings set seen_at = now() where id = $1', [id]);
    },
    async settle(id, reason) {
      await close(id, `${BY_ITSELF}${reason}`);
    },
    resolve: (id, actor, reason) => close(id, `${actor}: ${reason}`),
    async find(accountId, mode, id) {
      const { rows } = await pool.query<Finding>(
        `select ${COLUMNS} from findings where id = $1 and account_id = $2 and mode = $3`,
        [id, accountId, mode],
      );
      return rows[0] ?? null;
    },
    async list(filter) {
      const { rows } = await pool.query<Finding>(
        `select ${COLUMNS} from findings
         where account_id = $1 and mode = $2 and state = $3
           and ($4::text is null or integration_id = $4)
           and ($5::timestamptz is null or (found_at, id) > ($5, $6))
         order by found_at, id
         limit $7`,
        [
          filter.accountId,
          filter.mode,
          filter.state,
          filter.integrationId ?? null,
          filter.after?.at ?? null,
          filter.after?.id ?? null,
          filter.limit + 1,
        ],
      );
      return rows;
    },
  };
}
