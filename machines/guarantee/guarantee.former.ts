/** Version 1, for the payments that began with it, and how they go on with version 2. */
import type { Migration } from '../shared/migration.ts';
import { guaranteeLifecycleOf } from './guarantee.lifecycle.ts';
import { guaranteeMachine1 } from './guarantee.machine.ts';
import { answered } from './guarantee.operations.ts';
import { RULES_1 } from './guarantee.rules.ts';
import { FORMER_ADVICE, refusedBegins } from './guarantee.sentences.ts';
import type { GuaranteeContext } from './guarantee.types.ts';

/** What only version 2 remembers. Nothing of it is ever other than for a new payment here. */
function asWritten({
  refundedMinor: _refunded,
  forgivenMinor: _forgiven,
  isDeclined: _declined,
  isOrderClosed: _closed,
  bouncedReceipt: _bounced,
  hasHeard: _heard,
  refused: _refused,
  ...context
}: GuaranteeContext): Partial<GuaranteeContext> {
  return context;
}

/** A refused reservation waited for a person, money was taken for guaranteed invoices only, and
 *  nothing that came could bounce or be given back. */
export const guaranteeLifecycle1 = guaranteeLifecycleOf(RULES_1, guaranteeMachine1, asWritten);

/** Every state and amount has the same meaning in both; but what the provider has refused is a no. */
export const guaranteeFrom1: Migration = {
  lifecycle: 'guarantee',
  from: 1,
  to: 2,
  migrate: ({ status, context }) => {
    const c = context as GuaranteeContext;
    return wasRefused(status, c)
      ? { status: 'declined', context: declined(c) }
      : { status, context: { ...c, isDeclined: status === 'declined' } };
  },
};

/** The last thing that version 1 said of it. A doubt that nobody could end is parked with another
 *  sentence, and only a refused reservation with this one. */
const wasRefused = (status: string, c: GuaranteeContext): boolean =>
  status === 'parked' &&
  c.operation?.verb === 'reserve' &&
  c.attention?.startsWith(refusedBegins(c)) === true;

/** Whose fault it was, version 1 did not keep: the sentence blames nobody any more. */
function declined(c: GuaranteeContext): GuaranteeContext {
  const [message = ''] = (c.attention ?? '').split(` ${FORMER_ADVICE}`);
  return {
    ...answered(c),
    isDeclined: true,
    decline: { verb: 'reserve', code: 'provider_refused', message, advice: 'Start a new payment.' },
    attention: null,
  };
}
