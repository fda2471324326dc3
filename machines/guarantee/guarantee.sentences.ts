/** What people read of a payment that needs them: what is wrong, and what can be done. */
import { assert } from '../shared/assert.ts';
import { formatMoney } from '../shared/money.ts';
import {
  claimableMinor,
  isForPortal,
  isAliveThere,
  openMinor,
  unpaidThereMinor,
  untoldReceipt,
} from './guarantee.amounts.ts';
import type {
  GuaranteeContext,
  GuaranteeNoun,
  GuaranteeStatus,
  GuaranteeVerb,
} from './guarantee.types.ts';

export const NOUNS: Readonly<Record<Exclude<GuaranteeVerb, 'release'>, GuaranteeNoun>> = {
  reserve: 'reservation',
  modify: 'modification',
  capture: 'capture',
  activate: 'activation',
  cancel: 'cancellation',
  apply: 'application',
};

const WORDS: Readonly<Record<GuaranteeVerb, string>> = {
  ...NOUNS,
  apply: 'report of the payment',
  release: 'release of the limit',
};

export const inDoubt = (c: GuaranteeContext): string => {
  assert(c.operation !== null, 'nothing is in doubt');
  return `the ${WORDS[c.operation.verb]} of ${formatMoney(c.operation.amountMinor, c.currency)}`;
};

/** As version 1 said it, whoever was at fault. */
export function formerRefusal(c: GuaranteeContext, reason: string): string {
  const next = c.operation?.verb === 'reserve' ? 'start a new payment' : 'ask again';
  return `${refusedBegins(c)}, and nothing was done: ${reason}. ${FORMER_ADVICE}, then ${next}.`;
}

export const refusedBegins = (c: GuaranteeContext): string => `${c.provider} refused ${inDoubt(c)}`;

export const FORMER_ADVICE = "Check the integration's settings and credentials";

export const notExecuted = (c: GuaranteeContext): string =>
  `${c.provider} proved that ${inDoubt(c)} never took place. Ask for it again.`;

export const stillUnknown = (c: GuaranteeContext): string =>
  `Nobody knows whether ${inDoubt(c)} took place: ${c.provider} gave no usable answer in time. ` +
  `Look up order ${c.orderId} in its portal, then recheck the payment, or resolve it with what you saw. ` +
  `Until then it may block the buyer's limit.`;

export const notApplied = (c: GuaranteeContext, why: string): string =>
  `${c.provider} was not told that the buyer has paid ` +
  `${formatMoney(c.operation?.amountMinor ?? 0, c.currency)}: ${why.replace(/[.]$/, '')}. ` +
  `Tell it again.`;

const reservationAged = (c: GuaranteeContext): string =>
  `The order blocks ${formatMoney(openMinor(c), c.currency)} of the buyer's limit and is not guaranteed yet. ` +
  `${c.stage === 'reserved' ? 'Capture and activate' : 'Activate'} it, or cancel it.`;

export const contradicted = (c: GuaranteeContext, reason: string): string =>
  `${c.provider} and Holdfast disagree about this payment: ${reason}. ` +
  `Look up order ${c.orderId} in its portal and tell whoever runs Holdfast.`;

/** What has to be done in this state, whoever reads it: it stays until it is done. */
export function taskOf(c: GuaranteeContext, status: GuaranteeStatus): string | null {
  const open = formatMoney(openMinor(c), c.currency);
  switch (status) {
    case 'reserved':
    case 'captured':
      return c.isAged ? reservationAged(c) : null;
    case 'guarantee_denied':
      return (
        `${c.provider} does not guarantee ${open}, and the order still blocks the buyer's limit. ` +
        `Activate it again with other dates; or cancel order ${c.orderId} in ${c.provider}'s portal to ` +
        `unblock the debtor's limit, and confirm here that it is released.`
      );
    case 'limit_blocked':
      return (
        `The order could not be cancelled and still blocks ${open} of the buyer's limit. Cancel order ` +
        `${c.orderId} in ${c.provider}'s portal, and confirm here that the limit is released.`
      );
    case 'guaranteed':
    case 'overdue':
      return partlyGuaranteed(c);
    case 'paid':
    case 'partially_refunded':
    case 'refunded':
      return isAliveThere(c) ? stillThere(c) : null;
    default:
      return null;
  }
}

/** Nothing is owed here, and nobody guarantees it: there it is an order like any other. */
function stillThere(c: GuaranteeContext): string {
  const blocked = formatMoney(unpaidThereMinor(c), c.currency);
  const todo = isForPortal(c)
    ? `Cancel it in ${c.provider}'s portal, and confirm here that the limit is released.`
    : 'Cancel it.';
  return `Nothing is owed any more, and order ${c.orderId} still blocks ${blocked} of the buyer's limit. ${todo}`;
}

function partlyGuaranteed(c: GuaranteeContext): string | null {
  const covered = claimableMinor(c);
  if (covered >= openMinor(c)) return null;
  return (
    `${c.provider} guarantees only ${formatMoney(covered, c.currency)} of the ` +
    `${formatMoney(openMinor(c), c.currency)} that the buyer owes.`
  );
}

/** What the amounts do not say. */
export function remarksOf(c: GuaranteeContext): readonly string[] {
  if (c.invoice === null || c.stage !== 'guaranteed')
    return [`Order ${c.orderId} at ${c.provider}.`];
  const { deliveryOn, dueOn, invoiceNumber } = c.invoice;
  const covered =
    c.guaranteedMinor === null
      ? `It is guaranteed, and ${c.provider} does not say how much of it.`
      : `${formatMoney(c.guaranteedMinor, c.currency)} is guaranteed.`;
  return [
    `Order ${c.orderId} at ${c.provider}: invoice ${invoiceNumber}, delivered on ${deliveryOn}, due on ` +
      `${dueOn}. ${covered}`,
  ];
}

/** A receipt that nobody told the provider of, where it has to be told. */
export function untold(c: GuaranteeContext): string | null {
  const receipt = c.receipts[untoldReceipt(c) ?? ''];
  if (receipt === undefined || c.operation !== null || c.attention !== null) return null;
  const amount = formatMoney(receipt.amountMinor, c.currency);
  return `${c.provider} does not know yet that the buyer has paid ${amount}. Tell it.`;
}
