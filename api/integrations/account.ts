/** Other credentials are other keys to the same account: payments that run have nothing in another one. */
import { randomUUID } from 'node:crypto';
import type { AccountBy, CatalogEntry } from '../../activities/providers/catalog.ts';
import { findRunningPayment } from '../../db/queries/running-payment.ts';
import { CredentialsNotOpened } from '../../db/repositories/integration-credentials.ts';
import type {
  Integration,
  SavedIntegration,
  UnlockedIntegration,
} from '../../db/repositories/integration.repository.ts';
import {
  type Identified,
  IDENTIFY_WORKFLOW,
  identifyOptions,
  type IdentifyInput,
} from '../../workflows/contracts.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problem.ts';

/** Longer than a worker may take to ask. */
const ASK_WITHIN_MS = 10_000;

type Next = Omit<SavedIntegration, 'credentials' | 'providerAccount'>;

/**
 * Which of the provider's accounts `credentials` are of; null where it has none, and where nobody could
 * be asked and no payment runs that would depend on it.
 * @throws Problem `another-account` while payments run, `credentials-refused`, `unavailable`
 */
export async function accountOf(
  deps: ApiDeps,
  entry: CatalogEntry,
  next: Next,
  before: Integration | null,
  credentials: unknown,
): Promise<string | null> {
  const by = entry.accountBy?.(credentials);
  if (by === undefined) return null;
  const opened = before && (await openedOf(deps, before));
  const formerBy = opened && (entry.accountBy?.(opened.credentials) ?? null);
  const former = before?.providerAccount ?? nameIn(formerBy);
  if (by.kind === 'named') {
    const isOther = former !== null && former !== by.account;
    if (isOther && (await findRunningPayment(deps.pool, next)) !== null)
      throw anotherAccount(entry);
    return by.account;
  }
  if (formerBy?.kind === 'asked' && formerBy.key === by.key) return former;
  return askWorker(deps, entry, next, former, credentials);
}

const nameIn = (by: AccountBy | null): string | null => (by?.kind === 'named' ? by.account : null);

/** Null where another secret key has sealed what is in force. */
async function openedOf(deps: ApiDeps, { id }: Integration): Promise<UnlockedIntegration | null> {
  try {
    return await deps.integrations.newest(id);
  } catch (error) {
    if (error instanceof CredentialsNotOpened) return null;
    throw error;
  }
}

async function askWorker(
  deps: ApiDeps,
  entry: CatalogEntry,
  next: Next,
  former: string | null,
  credentials: unknown,
): Promise<string | null> {
  const payment = await findRunningPayment(deps.pool, next);
  const { providerRef = null, currency = '' } = payment ?? {};
  const { id, accountId, provider, mode, baseUrl, settings } = next;
  const found = await identify(deps, {
    integration: { id, accountId, provider, mode, baseUrl, settings },
    sealed: deps.integrations.sealUnsaved(id, credentials),
    formerAccount: former,
    payment: providerRef === null ? null : { providerRef, currency },
  });
  if (found?.kind === 'refused') {
    throw new Problem(
      'credentials-refused',
      `${entry.label} does not accept this key (${found.reason}). Nothing was saved.`,
    );
  }
  if (payment === null) return found?.account ?? null;
  if (found === null) throw notAsked(entry);
  if (found.isSame === false) throw anotherAccount(entry);
  // The former account was never told and no running payment has a trace of it: this is the first word.
  const isUntold = former === null && providerRef === null;
  if (found.isSame === null && !isUntold) throw notAsked(entry);
  return found.account ?? former;
}

/** Null when no worker answered in time, or the provider gave it no answer. Nothing is left behind: the
 *  run ends by itself. */
async function identify(deps: ApiDeps, input: IdentifyInput): Promise<Identified | null> {
  const options = identifyOptions(input, randomUUID(), ASK_WITHIN_MS);
  const taskQueue = deps.taskQueue ?? options.taskQueue;
  try {
    return await deps.temporal.withDeadline(Date.now() + ASK_WITHIN_MS, () =>
      deps.temporal.workflow.execute<(asked: IdentifyInput) => Promise<Identified>>(
        IDENTIFY_WORKFLOW,
        { ...options, taskQueue },
      ),
    );
  } catch (error) {
    deps.log.warn(
      { integrationId: input.integration.id, error },
      'nobody was told whose account the credentials are of',
    );
    return null;
  }
}

const anotherAccount = ({ label }: CatalogEntry): Problem =>
  new Problem(
    'another-account',
    `These credentials are of another account at ${label}, and payments of this integration still run: what they hold and took lies in the account in force. Save the other account as an integration of its own, under a new id.`,
  );

const notAsked = ({ label }: CatalogEntry): Problem =>
  new Problem(
    'unavailable',
    `Payments of this integration run, and no worker could find out at ${label} in time whether these credentials are of the same account. Nothing was saved, and the credentials in force stay. Ask again when a worker runs and ${label} answers; a restricted key needs the permission to read its account.`,
  );
