/** Where its amounts, its stage and its operation put a guaranteed payment. Pure. */
import { assertNever } from '../shared/assert.ts';
import { netMinor, openMinor } from './guarantee.amounts.ts';
import type { GuaranteeContext, GuaranteeStatus, GuaranteeVerb } from './guarantee.types.ts';

const WAITING: Readonly<Record<GuaranteeVerb, GuaranteeStatus>> = {
  reserve: 'reserving',
  modify: 'modifying',
  capture: 'capturing',
  activate: 'activating',
  cancel: 'cancelling',
  apply: 'applying',
  release: 'releasing',
};

/** Where a payment with these amounts and this operation is; null when they cannot be. */
export function statusOf(c: GuaranteeContext): GuaranteeStatus | null {
  const isPossible =
    c.claimedMinor <= c.receivedMinor && (c.guaranteedMinor ?? 0) <= c.reservedMinor;
  if (!isPossible) return null;
  if (c.operation === null) return restingStatus(c);
  if (c.isParked) return 'parked';
  const isDoubt = c.asking !== null && c.operation.verb !== 'release';
  return isDoubt ? 'inquiring' : WAITING[c.operation.verb];
}

function restingStatus(c: GuaranteeContext): GuaranteeStatus {
  if (c.stage === 'none') return c.isDeclined ? 'declined' : 'expired';
  if (c.releasedMinor > 0) return 'cancelled';
  if (openMinor(c) === 0) return settledStatus(c);
  if (c.isLimitBlocked) return 'limit_blocked';
  switch (c.stage) {
    case 'reserved':
    case 'captured':
      return c.stage;
    case 'denied':
      return 'guarantee_denied';
    case 'guaranteed':
      return c.isOverdue ? 'overdue' : 'guaranteed';
    default:
      return assertNever(c.stage);
  }
}

function settledStatus(c: GuaranteeContext): GuaranteeStatus {
  const net = netMinor(c);
  // All that was ever owed, whatever was given up of it in between.
  if (net > 0 && net >= c.reservedMinor) return c.claimedMinor > 0 ? 'claimed' : 'paid';
  if (c.writtenOffMinor > 0) return 'written_off';
  return net > 0 ? 'partially_refunded' : 'refunded';
}
