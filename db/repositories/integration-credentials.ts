/** The generations of an integration's credentials: sealed, opened, and which is in force. */
import type pg from 'pg';
import type { SecretBox } from '../secret-box.ts';

/** The generation in force, in the clear: never log it, never let it cross into a workflow. */
export type CredentialsInForce = {
  readonly generation: number;
  readonly updatedAt: Date;
  /** Which of the provider's accounts they are of; null where nobody has been told. */
  readonly providerAccount: string | null;
  readonly credentials: unknown;
};

export type CredentialsRow = {
  generation: number;
  sealed: Buffer;
  bound_to_version: number | null;
  provider_account: string | null;
  credentials_at: Date;
};

/** Joins the generation in force to rows of `integrations i`. */
export const CREDENTIALS_COLUMNS =
  'c.generation, c.sealed, c.bound_to_version, c.provider_account, c.created_at as credentials_at';
export const JOIN_CREDENTIALS = `
  join lateral (
    select * from integration_credentials
    where integration_id = i.id order by generation desc limit 1
  ) c on true`;

/** Another secret key sealed them, or they were sealed for another row. */
export class CredentialsNotOpened extends Error {
  override name = 'CredentialsNotOpened';
}

/** @throws CredentialsNotOpened */
export function openCredentials(
  box: SecretBox,
  integrationId: string,
  row: CredentialsRow,
): CredentialsInForce {
  const { bound_to_version: version, generation, sealed } = row;
  const boundTo =
    version === null
      ? boundToGeneration(integrationId, generation)
      : `integration ${integrationId}@${version}`;
  return {
    generation,
    updatedAt: row.credentials_at,
    providerAccount: row.provider_account,
    credentials: open(box, integrationId, sealed, boundTo),
  };
}

/** @throws CredentialsNotOpened */
function open(box: SecretBox, integrationId: string, sealed: Buffer, boundTo: string): unknown {
  try {
    return JSON.parse(box.open(sealed, boundTo)) as unknown;
  } catch (error) {
    throw new CredentialsNotOpened(
      `the credentials of integration ${integrationId} cannot be opened: ${String(error)}`,
    );
  }
}

const unsavedOf = (integrationId: string): string =>
  `credentials of integration ${integrationId}, not saved`;

export const sealUnsaved = (box: SecretBox, integrationId: string, credentials: unknown): string =>
  box.seal(JSON.stringify(credentials), unsavedOf(integrationId)).toString('base64');

/** @throws CredentialsNotOpened */
export const openUnsaved = (box: SecretBox, integrationId: string, sealed: string): unknown =>
  open(box, integrationId, Buffer.from(sealed, 'base64'), unsavedOf(integrationId));

const boundToGeneration = (integrationId: string, generation: number): string =>
  `credentials of integration ${integrationId}, generation ${generation}`;

export async function readCredentials(
  pool: pg.Pool,
  box: SecretBox,
  integrationId: string,
): Promise<CredentialsInForce> {
  const { rows } = await pool.query<CredentialsRow>({
    name: 'integration_credentials_in_force',
    text: `select ${CREDENTIALS_COLUMNS} from integration_credentials c
           where integration_id = $1 order by generation desc limit 1`,
    values: [integrationId],
  });
  if (rows[0] === undefined) throw new Error(`integration ${integrationId} has no credentials`);
  return openCredentials(box, integrationId, rows[0]);
}

/** False when somebody else added this generation first. */
export async function addCredentials(
  client: pg.PoolClient,
  box: SecretBox,
  integrationId: string,
  next: Pick<CredentialsInForce, 'credentials' | 'generation' | 'providerAccount'>,
): Promise<boolean> {
  const { credentials, generation, providerAccount } = next;
  const { rowCount } = await client.query(
    `insert into integration_credentials
       (integration_id, generation, sealed, provider_account, created_at)
     values ($1, $2, $3, $4, now())
     on conflict (integration_id, generation) do nothing`,
    [
      integrationId,
      generation,
      box.seal(JSON.stringify(credentials), boundToGeneration(integrationId, generation)),
      providerAccount,
    ],
  );
  return rowCount !== 0;
}

/** How old what a worker knows of the generation in force may be. */
const KNOWN_FOR_MS = 5_000;

/** What a process knows of the generations in force: of each integration one, so that former ones do
 *  not pile up. A generation is the same object each time that it is given. */
export function createCredentialsCache(
  read: (integrationId: string) => Promise<CredentialsInForce>,
) {
  type Known = { readonly readAt: number; readonly found: Promise<CredentialsInForce> };
  const known = new Map<string, Known>();

  function refresh(integrationId: string): Promise<CredentialsInForce> {
    const before = known.get(integrationId)?.found;
    const found = (async () => {
      const [now, was] = await Promise.all([read(integrationId), before?.catch(() => null)]);
      return was?.generation === now.generation ? was : now;
    })();
    const entry = { readAt: performance.now(), found };
    known.set(integrationId, entry);
    found.catch(() => {
      if (known.get(integrationId) === entry) known.delete(integrationId);
    });
    return found;
  }

  return {
    /** At most five seconds old. */
    inForce(integrationId: string): Promise<CredentialsInForce> {
      const entry = known.get(integrationId);
      const isFresh = entry !== undefined && performance.now() - entry.readAt < KNOWN_FOR_MS;
      return isFresh ? entry.found : refresh(integrationId);
    },
    /** As they are now. */
    refresh,
  };
}
