/** Sums over a guaranteed payment's money. Pure. */
import type { GuaranteeContext, GuaranteeReceipt } from './guarantee.types.ts';

const positive = (minor: number): number => (minor > 0 ? minor : 0);
const lesser = (one: number, other: number): number => (one < other ? one : other);

/** What came and stayed. A refund without cover is made up for by what comes next. */
export const netMinor = (c: GuaranteeContext): number =>
  positive(c.receivedMinor - c.refundedMinor);

/** What is to be paid in all, whoever pays it. */
export const debtMinor = (c: GuaranteeContext): number =>
  positive(c.reservedMinor - c.releasedMinor - c.writtenOffMinor - c.forgivenMinor);

/** Reserved, and neither paid, released nor given up: what blocks the buyer's limit. */
export const openMinor = (c: GuaranteeContext): number => positive(debtMinor(c) - netMinor(c));

export const overpaidMinor = (c: GuaranteeContext): number => positive(netMinor(c) - debtMinor(c));

/** Given back out of money that did not arrive after all. */
export const uncoveredMinor = (c: GuaranteeContext): number =>
  positive(c.refundedMinor - c.receivedMinor);

/** Of what was written off, what came all the same: a part of what is overpaid. */
export const recoveredMinor = (c: GuaranteeContext): number =>
  c.releasedMinor > 0 ? 0 : lesser(overpaidMinor(c), c.writtenOffMinor);

/** A refund takes from an overpayment first; the rest of it is no longer owed. */
export const forgivenBy = (c: GuaranteeContext, refundMinor: number): number =>
  positive(refundMinor - overpaidMinor(c));

/** What the provider would still pay in the buyer's place, as far as it said. */
export const claimableMinor = (c: GuaranteeContext): number =>
  c.guaranteedMinor === null
    ? openMinor(c)
    : lesser(positive(c.guaranteedMinor - c.claimedMinor), openMinor(c));

const sumOf = (c: GuaranteeContext, minorOf: (receipt: GuaranteeReceipt) => number): number =>
  Object.values(c.receipts).reduce((sum, receipt) => sum + minorOf(receipt), 0);

/** The buyer's own money that did not bounce. */
const goodMinor = (c: GuaranteeContext): number =>
  sumOf(c, ({ amountMinor, bounced }) => (bounced === true ? 0 : amountMinor));

/** The provider cannot be untold: what bounced after it was told still counts there. */
const toldMinor = (c: GuaranteeContext): number =>
  sumOf(c, (receipt) => (receipt.isApplied ? (receipt.toldMinor ?? receipt.amountMinor) : 0));

/** What the provider believes to have come, and has not. */
export const wronglyToldMinor = (c: GuaranteeContext): number =>
  positive(toldMinor(c) - goodMinor(c));

/** Of the order, what the provider was not told to be paid. */
export const unpaidThereMinor = (c: GuaranteeContext): number =>
  positive(c.reservedMinor - toldMinor(c));

/** What has come and the provider does not know, as far as it expects it. */
const tellableMinor = (c: GuaranteeContext): number =>
  positive(lesser(goodMinor(c), c.reservedMinor - c.claimedMinor) - toldMinor(c));

/** What the provider is told of `receipt`: more than it expects, it would refuse. */
export const toTellMinor = (c: GuaranteeContext, { amountMinor }: GuaranteeReceipt): number =>
  lesser(amountMinor, tellableMinor(c));

/** What must have come where only the provider looks, once it says that all is paid. */
export const paidThereMinor = (c: GuaranteeContext): number =>
  lesser(openMinor(c), positive(unpaidThereMinor(c) - tellableMinor(c)));

export const isToBeTold = (c: GuaranteeContext, receipt: GuaranteeReceipt): boolean =>
  c.policy.appliesReceipts &&
  c.stage === 'guaranteed' &&
  c.releasedMinor === 0 &&
  !receipt.isApplied &&
  receipt.bounced !== true &&
  tellableMinor(c) > 0;

/** The oldest receipt that the provider has to be told of, or null. */
export const untoldReceipt = (c: GuaranteeContext): string | null =>
  Object.entries(c.receipts).find(([, receipt]) => isToBeTold(c, receipt))?.[0] ?? null;

/** It was never guaranteed and still blocks the limit there, whatever has been paid here. */
export const isAliveThere = (c: GuaranteeContext): boolean =>
  c.stage !== 'none' && c.stage !== 'guaranteed' && c.releasedMinor === 0 && !c.isOrderClosed;

/** Only the provider's portal can end it there. */
export const isForPortal = (c: GuaranteeContext): boolean =>
  isAliveThere(c) && (c.stage === 'denied' || c.isLimitBlocked);
