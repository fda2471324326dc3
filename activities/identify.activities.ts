/** Credentials that are about to be saved: whose account they open. */
import { ApplicationFailure } from '@temporalio/common';
import type {
  IntegrationRepository,
  UnlockedIntegration,
} from '../db/repositories/integration.repository.ts';
import type { Identified, IdentifyInput } from '../workflows/contracts.ts';
import type { IdentifyActivities } from './identify.contract.ts';
import type { Call, CardProvider } from './providers/provider.ts';

export type IdentifyDependencies = {
  readonly integrations: Pick<IntegrationRepository, 'openUnsaved'>;
  readonly providerOf: (integration: UnlockedIntegration) => CardProvider;
  readonly now: () => number;
  readonly signal: () => AbortSignal;
};

export function createIdentifyActivities(deps: IdentifyDependencies): IdentifyActivities {
  return {
    async identifyAccount(input) {
      const { integration, sealed } = input;
      const provider = deps.providerOf({
        ...integration,
        version: 0,
        enabled: true,
        credentialsGeneration: 0,
        credentialsUpdatedAt: new Date(deps.now()),
        providerAccount: null,
        credentials: deps.integrations.openUnsaved(integration.id, sealed),
      });
      if (provider.account === undefined) {
        const reason = `${integration.provider} is not asked whose account credentials are of`;
        throw ApplicationFailure.nonRetryable(reason, 'NothingToAsk');
      }
      const call = asking(deps);
      const answer = await provider.account(call);
      if (answer.kind === 'unknown') throw new Error(answer.reason);
      if (answer.kind === 'refused') return { kind: 'refused', reason: answer.reason };
      const account = answer.kind === 'told' ? answer.account : null;
      return { kind: 'identified', account, isSame: await isSame(provider, input, account, call) };
    },
  };
}

/** By its name where both are known; else by a payment that the account in force has. */
async function isSame(
  provider: CardProvider,
  { formerAccount, payment }: IdentifyInput,
  account: string | null,
  call: Call,
): Promise<(Identified & { kind: 'identified' })['isSame']> {
  if (account !== null && formerAccount !== null) return account === formerAccount;
  if (payment === null) return null;
  const { currency, providerRef } = payment;
  const looked = await provider.look(
    { type: 'picture', providerRefs: [providerRef], currency },
    call,
  );
  if (looked.kind === 'seen') return true;
  return looked.absentRef === undefined ? null : false;
}

const asking = ({ now, signal }: Pick<IdentifyDependencies, 'now' | 'signal'>): Call => ({
  paymentId: '',
  operationId: '',
  idempotencyKey: '',
  signal: signal(),
  lastSentAt: null,
  now,
  // No payment is concerned that could keep it.
  keep: () => undefined,
});
