import type pg from 'pg';
import { canonicalJson } from '../../machines/shared/canonical-json.ts';
import type { SecretBox } from '../secret-box.ts';

export type Mode = 'test' | 'live';

/** A configured link to a provider, as one version of it was saved. */
export type Integration = {
  readonly id: string;
  readonly version: number;
  readonly accountId: string;
  readonly provider: string;
  readonly mode: Mode;
  readonly baseUrl: string;
  readonly settings: unknown;
  readonly enabled: boolean;
};

/** With the provider's credentials in the clear: never log it, never let it cross into a workflow. */
export type UnlockedIntegration = Integration & { readonly credentials: unknown };

type Row = {
  id: string;
  version: number;
  account_id: string;
  provider: string;
  mode: Mode;
  base_url: string;
  settings: unknown;
  credentials: Buffer;
  enabled: boolean;
};

const boundTo = (id: string, version: number): string => `integration ${id}@${version}`;

/** Somebody saved the same version a moment ago, or another account has this id. */
export class IntegrationTaken extends Error {
  override name = 'IntegrationTaken';
}

export type IntegrationRepository = {
  /** The newest version, for new payments. */
  current(accountId: string, id: string): Promise<Integration | null>;
  /** The version that a running payment started with. It never changes, so it is read once. */
  version(id: string, version: number): Promise<UnlockedIntegration>;
  /** The newest version, whoever owns it: a provider's message names nothing but the id. */
  newest(id: string): Promise<UnlockedIntegration | null>;
  list(accountId: string): Promise<readonly Integration[]>;
  /** The newest versions of all accounts, for what runs by itself. */
  listAll(): Promise<readonly Integration[]>;
  /** Saves a next version, unless it would equal the newest one; returns the version in force.
   *  @throws IntegrationTaken */
  save(integration: Omit<UnlockedIntegration, 'version'>): Promise<Integration>;
};

export function createIntegrationRepository(pool: pg.Pool, box: SecretBox): IntegrationRepository {
  const known = new Map<string, UnlockedIntegration>();
  const fromRow = (row: Row): Integration => ({
    id: row.id,
    version: row.version,
    accountId: row.account_id,
    provider: row.provider,
    mode: row.mode,
    baseUrl: row.base_url,
    settings: row.settings,
    enabled: row.enabled,
  });

  const unlock = (row: Row): UnlockedIntegration => ({
    ...fromRow(row),
    credentials: JSON.parse(box.open(row.credentials, boundTo(row.id, row.version))) as unknown,
  });

  async function newestRow(accountId: string, id: string): Promise<Row | null> {
    const { rows } = await pool.query<Row>({
      name: 'integration_current',
      text: `select * from integrations where id = $1 and account_id = $2
             order by version desc limit 1`,
      values: [id, accountId],
    });
    return rows[0] ?? null;
  }

  /** A row that another secret key sealed is replaced by the next version, like any other. */
  function unlockOrNull(row: Row): UnlockedIntegration | null {
    try {
      return unlock(row);
    } catch {
      return null;
    }
  }

  return {
    async current(accountId, id) {
      const row = await newestRow(accountId, id);
      return row && fromRow(row);
    },
    async version(id, version) {
      const cached = known.get(boundTo(id, version));
      if (cached !== undefined) return cached;
      const { rows } = await pool.query<Row>(
        'select * from integrations where id = $1 and version = $2',
        [id, version],
      );
      if (rows[0] === undefined) throw new Error(`no integration ${id}@${version}`);
      const integration = unlock(rows[0]);
      known.set(boundTo(id, version), integration);
      return integration;
    },
    async newest(id) {
      const { rows } = await pool.query<Row>({
        name: 'integration_newest',
        text: 'select * from integrations where id = $1 order by version desc limit 1',
        values: [id],
      });
      return rows[0] === undefined ? null : unlock(rows[0]);
    },
    async listAll() {
      const { rows } = await pool.query<Row>(
        'select distinct on (id) * from integrations order by id, version desc',
      );
      return rows.map(fromRow);
    },
    async list(accountId) {
      const { rows } = await pool.query<Row>(
        `select distinct on (id) * from integrations where account_id = $1 order by id, version desc`,
        [accountId],
      );
      return rows.map(fromRow);
    },
    async save(integration) {
      const row = await newestRow(integration.accountId, integration.id);
      const next = { ...integration, version: (row?.version ?? 0) + 1 };
      const { credentials: _credentials, ...saved } = next;
      if (row !== null && equals(unlockOrNull(row), next)) return fromRow(row);
      const { rowCount } = await pool.query(
        `insert into integrations
           (id, version, account_id, provider, mode, base_url, settings, credentials, enabled, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
         on conflict (id, version) do nothing`,
        [
          next.id,
          next.version,
          next.accountId,
          next.provider,
          next.mode,
          next.baseUrl,
          JSON.stringify(next.settings),
          box.seal(JSON.stringify(next.credentials), boundTo(next.id, next.version)),
          next.enabled,
        ],
      );
      if (rowCount === 0)
        throw new IntegrationTaken(`another ${next.id}@${next.version} was first`);
      return saved;
    },
  };
}

const equals = (a: UnlockedIntegration | null, b: UnlockedIntegration): boolean =>
  a !== null && canonicalJson({ ...a, version: 0 }) === canonicalJson({ ...b, version: 0 });
