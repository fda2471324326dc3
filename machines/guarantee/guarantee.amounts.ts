/** Sums over a guaranteed payment's money, and where they put it. Pure. */
import { assertNever } from '../shared/assert.ts';
import type { GuaranteeContext, GuaranteeStatus, GuaranteeVerb } from './guarantee.types.ts';

/** Reserved, and neither paid, released nor given up: what blocks the buyer's limit. */
export const openMinor = (c: GuaranteeContext): number =>
  c.reservedMinor - c.releasedMinor - c.receivedMinor - c.writtenOffMinor;

/** What the provider would still pay in the buyer's place. */
export function claimableMinor(c: GuaranteeContext): number {
  const left = c.guaranteedMinor - c.claimedMinor;
  const open = openMinor(c);
  return left < open ? left : open;
}

/** Of the order, what the provider was not told to be paid. */
export const unpaidThereMinor = (c: GuaranteeContext): number =>
  c.reservedMinor -
  Object.values(c.receipts).reduce(
    (sum, receipt) => (receipt.isApplied ? sum + receipt.amountMinor : sum),
    0,
  );

/** The oldest receipt that the provider has to be told of, or null. */
export const untoldReceipt = (c: GuaranteeContext): string | null =>
  c.policy.appliesReceipts
    ? (Object.entries(c.receipts).find(([, receipt]) => !receipt.isApplied)?.[0] ?? null)
    : null;

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
    openMinor(c) >= 0 && c.claimedMinor <= c.receivedMinor && c.guaranteedMinor <= c.reservedMinor;
  if (!isPossible) return null;
  if (c.operation === null) return restingStatus(c);
  if (c.isParked) return 'parked';
  const isDoubt = c.asking !== null && c.operation.verb !== 'release';
  return isDoubt ? 'inquiring' : WAITING[c.operation.verb];
}

function restingStatus(c: GuaranteeContext): GuaranteeStatus {
  if (c.stage === 'none') return c.decline?.verb === 'reserve' ? 'declined' : 'expired';
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
  if (c.writtenOffMinor > 0) return 'written_off';
  if (c.receivedMinor === 0) return 'cancelled';
  return c.claimedMinor > 0 ? 'claimed' : 'paid';
}
