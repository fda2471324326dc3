import type pg from 'pg';
import { canonicalJson } from '../../machines/shared/canonical-json.ts';
import type { SecretBox } from '../secret-box.ts';
import {
  addCredentials,
  createCredentialsCache,
  CREDENTIALS_COLUMNS,
  type CredentialsInForce,
  type CredentialsRow,
  JOIN_CREDENTIALS,
  CredentialsNotOpened,
  openCredentials,
  openUnsaved,
  readCredentials,
  sealUnsaved,
} from './integration-credentials.ts';

export type Mode = 'test' | 'live';

/** What of a link to a provider is saved in versions. */
type Versioned = {
  readonly id: string;
  readonly accountId: string;
  readonly provider: string;
  readonly mode: Mode;
  readonly baseUrl: string;
  readonly settings: unknown;
  readonly enabled: boolean;
};
type Version = Versioned & { readonly version: number };

/** A configured link to a provider: one version of its settings, and of its credentials how often and
 *  when they were saved. */
export type Integration = Version & {
  readonly credentialsGeneration: number;
  readonly credentialsUpdatedAt: Date;
  /** Which of the provider's accounts the credentials are of; null where nobody has been told. */
  readonly providerAccount: string | null;
};

/** With the credentials in force in the clear: never log it, never let it cross into a workflow. */
export type UnlockedIntegration = Integration & { readonly credentials: unknown };

/** Without `credentials` those in force stay. */
export type SavedIntegration = Versioned & {
  readonly credentials?: unknown;
  readonly providerAccount?: string | null;
};

type VersionRow = {
  id: string;
  version: number;
  account_id: string;
  provider: string;
  mode: Mode;
  base_url: string;
  settings: unknown;
  enabled: boolean;
};
type Row = VersionRow & CredentialsRow;

/** Somebody saved the same version a moment ago, or another account has this id. */
export class IntegrationTaken extends Error {
  override name = 'IntegrationTaken';
}

export type IntegrationRepository = {
  /** The newest version, for new payments. */
  current(accountId: string, id: string): Promise<Integration | null>;
  /** The version that a payment started with, which never changes, and the credentials in force, at most
   *  five seconds old. The same object while both are the same: what is made of it is made once. */
  version(id: string, version: number): Promise<UnlockedIntegration>;
  /** The same version with newer credentials, when there are some by now; else null. */
  withNewerCredentials(integration: UnlockedIntegration): Promise<UnlockedIntegration | null>;
  /** The newest version with the credentials in force, whoever owns it: a provider's message names
   *  nothing but the id.
   *  @throws CredentialsNotOpened */
  newest(id: string): Promise<UnlockedIntegration | null>;
  /** Credentials that are not saved yet, for a worker: what carries them may be read by others. */
  sealUnsaved(id: string, credentials: unknown): string;
  /** @throws CredentialsNotOpened */
  openUnsaved(id: string, sealed: string): unknown;
  list(accountId: string): Promise<readonly Integration[]>;
  /** The newest versions of all accounts, for what runs by itself. */
  listAll(): Promise<readonly Integration[]>;
  /** Saves a next version and a next generation of credentials, each only if it differs from what is in
   *  force; returns what is in force then.
   *  @throws IntegrationTaken */
  save(integration: SavedIntegration): Promise<Integration>;
};

export function createIntegrationRepository(pool: pg.Pool, box: SecretBox): IntegrationRepository {
  const versions = new Map<string, Version>();
  const credentials = createCredentialsCache((id) => readCredentials(pool, box, id));
  const unlocked = new WeakMap<CredentialsInForce, Map<number, UnlockedIntegration>>();

  async function versionOf(id: string, version: number): Promise<Version> {
    const name = `${id}@${version}`;
    const cached = versions.get(name);
    if (cached !== undefined) return cached;
    const { rows } = await pool.query<VersionRow>(
      'select * from integrations where id = $1 and version = $2',
      [id, version],
    );
    if (rows[0] === undefined) throw new Error(`no integration ${name}`);
    const found = versionFromRow(rows[0]);
    versions.set(name, found);
    return found;
  }

  /** Forgotten with its generation, and what was made of it, too. */
  function together(version: Version, inForce: CredentialsInForce): UnlockedIntegration {
    const made = unlocked.get(inForce) ?? new Map<number, UnlockedIntegration>();
    unlocked.set(inForce, made);
    const known = made.get(version.version);
    if (known !== undefined) return known;
    const integration = unlock(version, inForce);
    made.set(version.version, integration);
    return integration;
  }

  async function newestRow(accountId: string, id: string): Promise<Row | null> {
    const { rows } = await pool.query<Row>({
      name: 'integration_current',
      text: `select i.*, ${CREDENTIALS_COLUMNS} from integrations i ${JOIN_CREDENTIALS}
             where i.id = $1 and i.account_id = $2 order by i.version desc limit 1`,
      values: [id, accountId],
    });
    return rows[0] ?? null;
  }

  /** What another secret key sealed is replaced by the next generation, like any other. */
  function credentialsIn(row: Row): CredentialsInForce | null {
    try {
      return openCredentials(box, row.id, row);
    } catch (error) {
      if (error instanceof CredentialsNotOpened) return null;
      throw error;
    }
  }

  return {
    async current(accountId, id) {
      const row = await newestRow(accountId, id);
      return row && fromRow(row);
    },
    async version(id, version) {
      return together(...(await Promise.all([versionOf(id, version), credentials.inForce(id)])));
    },
    async withNewerCredentials({ id, version, credentialsGeneration }) {
      const inForce = await credentials.refresh(id);
      if (inForce.generation <= credentialsGeneration) return null;
      return together(await versionOf(id, version), inForce);
    },
    async newest(id) {
      const { rows } = await pool.query<Row>({
        name: 'integration_newest',
        text: `select i.*, ${CREDENTIALS_COLUMNS} from integrations i ${JOIN_CREDENTIALS}
               where i.id = $1 order by i.version desc limit 1`,
        values: [id],
      });
      const [row] = rows;
      return row === undefined ? null : unlock(versionFromRow(row), openCredentials(box, id, row));
    },
    sealUnsaved: (id, given) => sealUnsaved(box, id, given),
    openUnsaved: (id, sealed) => openUnsaved(box, id, sealed),
    async listAll() {
      const { rows } = await pool.query<Row>(
        `select distinct on (i.id) i.*, ${CREDENTIALS_COLUMNS} from integrations i ${JOIN_CREDENTIALS}
         order by i.id, i.version desc`,
      );
      return rows.map(fromRow);
    },
    async list(accountId) {
      const { rows } = await pool.query<Row>(
        `select distinct on (i.id) i.*, ${CREDENTIALS_COLUMNS} from integrations i ${JOIN_CREDENTIALS}
         where i.account_id = $1 order by i.id, i.version desc`,
        [accountId],
      );
      return rows.map(fromRow);
    },
    async save({ credentials: given, providerAccount = null, ...rest }) {
      const row = await newestRow(rest.accountId, rest.id);
      const before = row && fromRow(row);
      const next = versionedPart(rest);
      const changes = {
        settings: row === null || !isEqual(versionedPart(versionFromRow(row)), next),
        credentials: given !== undefined && !isEqual(row && credentialsIn(row)?.credentials, given),
      };
      if (before === null && given === undefined) throw new Error(`${next.id} has no credentials`);
      await inTransaction(pool, async (client) => {
        const version = (before?.version ?? 0) + 1;
        if (changes.settings && !(await addVersion(client, next, version)))
          throw new IntegrationTaken(`another ${next.id}@${version} was first`);
        if (!changes.credentials) return;
        const generation = (before?.credentialsGeneration ?? 0) + 1;
        const added = { credentials: given, generation, providerAccount };
        if (!(await addCredentials(client, box, next.id, added)))
          throw new IntegrationTaken(`another generation ${generation} of ${next.id} was first`);
      });
      if (changes.credentials) await credentials.refresh(next.id);
      const saved = await newestRow(next.accountId, next.id);
      if (saved === null) throw new Error(`${next.id} was saved and is not there`);
      return fromRow(saved);
    },
  };
}

const versionFromRow = (row: VersionRow): Version => ({
  id: row.id,
  version: row.version,
  accountId: row.account_id,
  provider: row.provider,
  mode: row.mode,
  baseUrl: row.base_url,
  settings: row.settings,
  enabled: row.enabled,
});

const fromRow = (row: Row): Integration => ({
  ...versionFromRow(row),
  credentialsGeneration: row.generation,
  credentialsUpdatedAt: row.credentials_at,
  providerAccount: row.provider_account,
});

const unlock = (version: Version, inForce: CredentialsInForce): UnlockedIntegration => ({
  ...version,
  credentialsGeneration: inForce.generation,
  credentialsUpdatedAt: inForce.updatedAt,
  providerAccount: inForce.providerAccount,
  credentials: inForce.credentials,
});

/** Those alone, whatever else came along. */
const versionedPart = (of: Versioned): Versioned => ({
  id: of.id,
  accountId: of.accountId,
  provider: of.provider,
  mode: of.mode,
  baseUrl: of.baseUrl,
  settings: of.settings,
  enabled: of.enabled,
});

const isEqual = (a: unknown, b: unknown): boolean =>
  canonicalJson(a ?? null) === canonicalJson(b ?? null);

/** False when somebody else added this version first. */
async function addVersion(
  client: pg.PoolClient,
  next: Versioned,
  version: number,
): Promise<boolean> {
  const { id, accountId, provider, mode, baseUrl, settings, enabled } = next;
  const { rowCount } = await client.query(
    `insert into integrations
       (id, version, account_id, provider, mode, base_url, settings, enabled, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, now())
     on conflict (id, version) do nothing`,
    [id, version, accountId, provider, mode, baseUrl, JSON.stringify(settings), enabled],
  );
  return rowCount !== 0;
}

async function inTransaction(
  pool: pg.Pool,
  act: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await act(client);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
