/** Use case: an admin saves a link to a provider. */
import {
  addressProblem,
  type CatalogEntry,
  PROVIDERS,
  settingsOf,
} from '../../activities/providers/catalog.ts';
import type { Caller } from '../../db/repositories/api-key.repository.ts';
import {
  type Integration,
  IntegrationTaken,
} from '../../db/repositories/integration.repository.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { validationProblem } from '../validation.ts';
import { accountOf } from './account.ts';

export type SaveBody = {
  readonly provider: string;
  readonly mode: 'test' | 'live';
  readonly baseUrl?: string | undefined;
  readonly settings: Record<string, unknown>;
  readonly credentials?: Record<string, unknown> | undefined;
  readonly enabled: boolean;
};

/** What differs becomes a next version, or a next generation of the credentials. @throws Problem */
export async function saveIntegration(
  deps: ApiDeps,
  { accountId, mode }: Pick<Caller, 'accountId' | 'mode'>,
  id: string,
  body: SaveBody,
): Promise<Integration> {
  if (body.mode !== mode) {
    throw new Problem('invalid-request', `This API key saves integrations of mode ${mode} only.`);
  }
  const before = await deps.integrations.current(accountId, id);
  if (before !== null && (before.mode !== mode || before.provider !== body.provider)) {
    throw new Problem(
      'invalid-request',
      'An integration keeps its provider and mode. Save another one under a new id.',
    );
  }
  const entry = PROVIDERS[body.provider];
  if (entry === undefined) throw new Error(`no provider ${body.provider}`);
  const settings = settingsOf(entry).safeParse(body.settings);
  if (!settings.success) throw validationProblem('json', settings.error);
  const credentials = credentialsIn(entry, body, before);
  const what = baseUrlProblem(entry, mode, body.baseUrl);
  if (what !== null) {
    throw new Problem('invalid-request', `baseUrl: ${what}`, {
      errors: [{ path: 'baseUrl', message: what }],
    });
  }
  const { enabled, provider } = body;
  const baseUrl = body.baseUrl ?? '';
  const next = { id, accountId, provider, mode, baseUrl, settings: settings.data, enabled };
  try {
    if (credentials === undefined) return await deps.integrations.save(next);
    const providerAccount = await accountOf(deps, entry, next, before, credentials);
    return await deps.integrations.save({ ...next, credentials, providerAccount });
  } catch (error) {
    if (!(error instanceof IntegrationTaken)) throw error;
    throw new Problem(
      'integration-taken',
      'Somebody saved this integration at the same moment, or its id is in use elsewhere. Look at it and save again, or choose another id.',
    );
  }
}

/** Undefined: those in force stay. */
function credentialsIn(
  entry: CatalogEntry,
  { credentials, mode }: SaveBody,
  before: Integration | null,
): unknown {
  if (credentials === undefined && before !== null) return undefined;
  const read = entry.credentials(mode).safeParse(credentials ?? {});
  if (!read.success) throw validationProblem('json', read.error);
  return read.data;
}

function baseUrlProblem(entry: CatalogEntry, mode: string, baseUrl?: string): string | null {
  if (!entry.hasServer) return baseUrl === undefined ? null : 'has no server and takes none';
  return baseUrl === undefined ? 'is needed' : addressProblem(entry, mode, baseUrl);
}
