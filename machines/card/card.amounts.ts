/** Sums over a payment's money. Pure, and the only place where they are formed. */
import type { CardContext, CardStatus } from './card.types.ts';

/** What of the hold is neither captured nor released. */
export const openHoldMinor = (c: CardContext): number =>
  c.authorizedMinor - c.capturedMinor - c.voidedMinor;

/** What of the hold may be captured. Never more than was asked for in all: where somebody captured a
 *  hold that was being replaced, the new one is too large. */
export function capturableMinor(c: CardContext): number {
  const open = openHoldMinor(c);
  const left = c.requestedMinor - c.capturedMinor;
  return left < open ? left : open;
}

/** Every reference under which the provider has this payment, the present one last. */
export const providerRefs = (c: CardContext): readonly string[] => [
  ...c.formerHolds.map(({ providerRef }) => providerRef),
  ...(c.providerRef === null ? [] : [c.providerRef]),
];

/** Captured of the present hold: the provider counts each hold by itself. */
export const capturedOfHoldMinor = (c: CardContext): number =>
  c.capturedMinor - c.formerHolds.reduce((sum, hold) => sum + hold.capturedMinor, 0);

/** Given back of what was captured of one hold. */
export const refundedOfHoldMinor = (c: CardContext, providerRef: string): number =>
  Object.values(c.refunds)
    .filter(({ upon }) => upon === providerRef)
    .reduce((sum, refund) => sum + refund.amountMinor, 0);

/** On its way back to buyers, by the provider's word; of one hold, where `upon` names it. */
export const pendingMinor = (c: CardContext, upon?: string): number =>
  Object.values(c.pendingRefunds)
    .filter((refund) => upon === undefined || refund.upon === upon)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** Captured, and neither given back nor taken back. */
export const keptMinor = (c: CardContext): number =>
  c.capturedMinor - c.refundedMinor - c.disputedMinor - c.chargedBackMinor - pendingMinor(c);

/** While a buyer disputes what was captured of a hold, providers give nothing of it back. */
const isDisputed = (c: CardContext, providerRef: string): boolean =>
  Object.values(c.disputes).some(({ status, upon }) => status === 'open' && upon === providerRef);

/** Every hold of the payment with what may be given back of it. A refund is of one hold. */
function refundable(c: CardContext): { readonly providerRef: string; readonly minor: number }[] {
  if (c.providerRef === null) return [];
  const present = { providerRef: c.providerRef, capturedMinor: capturedOfHoldMinor(c) };
  const limit = keptMinor(c);
  return [...c.formerHolds, present].map(({ providerRef, capturedMinor }) => {
    if (isDisputed(c, providerRef)) return { providerRef, minor: 0 };
    const left = capturedMinor - refundedOfHoldMinor(c, providerRef) - pendingMinor(c, providerRef);
    return { providerRef, minor: left < limit ? left : limit };
  });
}

/** The largest refund that one hold allows; 0 when there is nothing to give back. */
export const refundableMinor = (c: CardContext): number =>
  refundable(c).reduce((most, { minor }) => (minor > most ? minor : most), 0);

/** The hold that `amountMinor` is given back of: the oldest that has enough. */
export const refundedHold = (c: CardContext, amountMinor: number): string | null =>
  refundable(c).find(({ minor }) => minor >= amountMinor)?.providerRef ?? null;

/** Where a payment with these amounts rests, or null when they cannot be. */
export function restingStatus(c: CardContext): CardStatus | null {
  const { capturedMinor, voidedMinor, refundedMinor } = c;
  const open = openHoldMinor(c);
  const possible =
    capturedMinor >= 0 &&
    voidedMinor >= 0 &&
    open >= 0 &&
    refundedMinor + pendingMinor(c) <= capturedMinor;
  if (!possible || open > c.requestedMinor || capturedMinor > c.requestedMinor) return null;
  if (open > 0) return capturedMinor === 0 ? 'authorized' : 'partially_captured';
  if (capturedMinor === 0) return withoutMoney(c);
  if (c.disputedMinor > 0) return 'disputed';
  if (c.chargedBackMinor > 0) return 'charged_back';
  if (refundedMinor === 0) return 'captured';
  return refundedMinor < capturedMinor ? 'partially_refunded' : 'refunded';
}

/** Nobody has paid, and the issuer said so. A state of an earlier build says it as a decline only. */
export const wasDeclined = (c: CardContext): boolean =>
  c.authorizedMinor === 0 && (c.isDeclined || c.decline?.verb === 'authorize');

function withoutMoney(c: CardContext): CardStatus {
  if (wasDeclined(c)) return 'declined';
  // A void that could not be done, of a payment that holds nothing: only a person can tell more.
  if (c.endedBy === null) return 'parked';
  return c.endedBy === 'time' ? 'expired' : 'voided';
}
