/** What a refused operation leaves behind: nothing was done, and asking again brings the same. Pure. */
import type { RefusedRequest } from '../shared/operation.ts';
import { refusedDecline, refusedSentence } from '../shared/refused.ts';
import { answered, parked } from './guarantee.operations.ts';
import { formerRefusal, inDoubt, notApplied } from './guarantee.sentences.ts';
import type { GuaranteeRules } from './guarantee.rules.ts';
import type { GuaranteeContext } from './guarantee.types.ts';

export function refused(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  request: RefusedRequest,
): GuaranteeContext {
  const verb = c.operation?.verb;
  if (!rules.takesRefusalsForAnswers) {
    if (verb === 'apply') return { ...answered(c), attention: notApplied(c, request.reason) };
    const attention = formerRefusal(c, request.reason);
    return { ...(verb === 'reserve' ? parked(c) : answered(c)), attention };
  }
  const told = { provider: c.provider, what: inDoubt(c) };
  return {
    ...answered(c),
    isDeclined: verb === 'reserve',
    decline: refusedDecline(verb ?? '', told, request),
    attention: attentionTo(c, told, request),
  };
}

/** Of a reservation the buyer hears: people only where somebody has to mend something. */
function attentionTo(
  c: GuaranteeContext,
  told: { readonly provider: string; readonly what: string },
  request: RefusedRequest,
): string | null {
  const { fault, reason } = request;
  switch (c.operation?.verb) {
    case 'reserve':
      return fault === undefined ? null : refusedSentence(told, request, 'Start a new payment');
    case 'apply':
      return fault === undefined
        ? notApplied(c, reason)
        : refusedSentence(told, request, 'Tell it again');
    default:
      return refusedSentence(told, request, 'Look at the payment, then ask again');
  }
}
