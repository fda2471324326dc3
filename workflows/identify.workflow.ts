import { proxyActivities } from '@temporalio/workflow';
import type { IdentifyActivities } from '../activities/identify.contract.ts';
import type { Identified, IdentifyInput } from './contracts.ts';

const act = proxyActivities<IdentifyActivities>({
  startToCloseTimeout: '6s',
  // An admin waits; whoever is asked later is asked anew.
  scheduleToCloseTimeout: '8s',
  retry: { initialInterval: '300ms', maximumInterval: '2s' },
});

/** Asks a provider whose account credentials are of, for an admin who saves them: the API itself calls
 *  no provider. */
export async function identifyAccount(input: IdentifyInput): Promise<Identified> {
  return act.identifyAccount(input);
}
