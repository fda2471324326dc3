/** Whether an event fits what is in flight and the amounts. Predicates, pure. */
import {
  claimableMinor,
  isAliveThere,
  isForPortal,
  isToBeTold,
  netMinor,
  openMinor,
  unpaidThereMinor,
} from './guarantee.amounts.ts';
import { canBeApplied } from './guarantee.resolution.ts';
import { NOUNS } from './guarantee.sentences.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeRules } from './guarantee.rules.ts';
import type { GuaranteeContext } from './guarantee.types.ts';

const isAmount = (amountMinor: number): boolean =>
  Number.isSafeInteger(amountMinor) && amountMinor > 0;

/** Is `event` the answer to the very operation in flight, by id and by verb? */
function answersOperation(c: GuaranteeContext, event: GuaranteeEvent): boolean {
  if (!('operationId' in event)) return true;
  if (c.operation === null || event.operationId !== c.operation.id) return false;
  const { verb } = c.operation;
  if (event.type === 'payment.abandoned') return verb === 'reserve';
  if (event.type === 'limit.released' || event.type === 'release.contradicted') {
    return verb === 'release';
  }
  return verb !== 'release' && event.type.startsWith(`${NOUNS[verb]}.`);
}

/** What is found, recorded or asked for has to be possible; all else was not understood. */
export function fits(rules: GuaranteeRules, c: GuaranteeContext, event: GuaranteeEvent): boolean {
  if (!answersOperation(c, event)) return false;
  const open = openMinor(c);
  const isAtRest = c.operation === null;
  switch (event.type) {
    case 'activation.approved': {
      const { guaranteedMinor } = event;
      if (guaranteedMinor === null) return rules.takesUnknownAmounts;
      return isAmount(guaranteedMinor) && guaranteedMinor <= unpaidThereMinor(c);
    }
    case 'modification.requested':
      return isAmount(event.amountMinor);
    case 'application.requested': {
      const receipt = c.receipts[event.receiptId];
      return receipt !== undefined && isToBeTold(c, receipt);
    }
    case 'receipt.recorded':
      return (
        isAmount(event.amountMinor) &&
        (rules.recordsAllMoney
          ? Number.isSafeInteger(c.receivedMinor + event.amountMinor)
          : event.amountMinor <= open)
      );
    case 'receipt.bounced': {
      const receipt = c.receipts[event.receiptId];
      return receipt !== undefined && receipt.bounced !== true;
    }
    case 'refund.recorded':
      return isAmount(event.amountMinor) && event.amountMinor <= netMinor(c);
    case 'payment.found':
      return isAtRest && isAmount(event.amountMinor) && event.amountMinor <= open;
    case 'claim.recorded':
    case 'claim.found':
      return isAtRest && isAmount(event.amountMinor) && event.amountMinor <= claimableMinor(c);
    case 'payment.written_off':
      return event.amountMinor === open && open > 0;
    case 'capture.found':
      return isAtRest && c.stage === 'reserved';
    case 'cancellation.requested':
      return open > 0 || (isAliveThere(c) && !isForPortal(c));
    case 'release.claimed':
      return open > 0 || isForPortal(c);
    case 'cancellation.found':
      return isAtRest && (open > 0 ? netMinor(c) === 0 : isAliveThere(c));
    case 'picture.confirmed':
    case 'picture.contradicted':
      return isAtRest;
    case 'reservation.aged':
      return !c.isAged;
    case 'payment.overdue':
      return !c.isOverdue && c.invoice !== null;
    case 'news.received':
    case 'recheck.requested':
      return c.asking !== null || c.isParked || (isAtRest && c.stage !== 'none');
    case 'resolution.proposed':
      return c.isParked;
    case 'resolution.applied':
      return canBeApplied(c);
    case 'inquiry.due':
    case 'inquiry.inconclusive':
    case 'inquiry.exhausted':
      return c.asking !== null;
    default:
      return true;
  }
}
