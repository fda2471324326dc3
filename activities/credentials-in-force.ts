/** A key that is replaced while a worker still knows the former one: asked for once more, not refused. */
import type {
  IntegrationRepository,
  UnlockedIntegration,
} from '../db/repositories/integration.repository.ts';
import type { LifecycleEvent } from '../machines/shared/lifecycle.ts';
import type { Exchange } from './providers/provider.ts';

type Keep = (exchange: Exchange) => void;

/**
 * Makes a call with `integration`. When the provider does not accept its credentials and newer ones
 * are in force by now, makes it once again with those: what was refused so never acted. Else the
 * refusal stands.
 */
export async function withCredentialsInForce<Event extends LifecycleEvent>(
  integrations: Pick<IntegrationRepository, 'withNewerCredentials'>,
  integration: UnlockedIntegration,
  { isQuestion, keep }: { readonly isQuestion: boolean; readonly keep: Keep },
  act: (integration: UnlockedIntegration, keep: Keep) => Promise<readonly Event[]>,
): Promise<readonly Event[]> {
  let last: Exchange | null = null;
  const events = await act(integration, (exchange) => {
    last = exchange;
    keep(exchange);
  });
  // A question that ends so has found out nothing; an operation may have acted in a call before.
  const wasNotTaken = isQuestion || events.some(({ type }) => type.endsWith('.refused'));
  const isRefused = events.some(isFaultOfCredentials) || (refusesCredentials(last) && wasNotTaken);
  const newer = isRefused ? await integrations.withNewerCredentials(integration) : null;
  return newer === null ? events : act(newer, keep);
}

const isFaultOfCredentials = (event: LifecycleEvent): boolean =>
  'fault' in event && event.fault === 'credentials';

const refusesCredentials = (last: Exchange | null): boolean => last?.refusesCredentials === true;
