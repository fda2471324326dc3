/** What people read of a payment that needs them: what is wrong, and what can be done. */
import { assert } from '../shared/assert.ts';
import { formatInstant } from '../shared/instant.ts';
import { formatMoney } from '../shared/money.ts';
import type { Decline } from '../shared/lifecycle.ts';
import { keptMinor, openHoldMinor } from './card.amounts.ts';
import type { CardContext, CardVerb, PendingRefund } from './card.types.ts';

export const WORDS: Readonly<Record<CardVerb, string>> = {
  authorize: 'authorization',
  capture: 'capture',
  void: 'void',
  refund: 'refund',
  reauthorize: 're-authorization',
};

export function refusedByProvider(c: CardContext, reason: string): string {
  const operation = c.operation;
  const what = operation === null ? 'request' : WORDS[operation.verb];
  const next = operation?.verb === 'authorize' ? 'start a new payment' : 'ask again';
  return (
    `${c.provider} refused the ${what} and moved no money: ${reason}. ` +
    `Check the integration's settings and credentials, then ${next}.`
  );
}

/** Of what time or a policy asked for: nobody else would hear of it. */
export function notDoneByItself(c: CardContext, { code }: Decline): string {
  const operation = c.operation;
  assert(operation !== null, 'nothing was asked for');
  const { amountMinor, verb } = operation;
  return (
    `The ${WORDS[verb]} of ${formatMoney(amountMinor, c.currency)} that was to happen by itself was ` +
    `declined by ${c.provider}: ${code}. Look at the payment, and decide what is to be done.`
  );
}

export const refundFailed = (c: CardContext, amountMinor: number): string =>
  `A refund of ${formatMoney(amountMinor, c.currency)} failed at ${c.provider} after it had been ` +
  `accepted: the money is back with the merchant. Give it back in another way, or refund again.`;

export const scheduleLost = (c: CardContext, captureAt: number): string =>
  `The capture that was scheduled for ${formatInstant(captureAt)} will not take place: nothing is held ` +
  `at ${c.provider} any more. Ask the buyer for a new payment.`;

/** A refund takes days at most; what takes longer somebody has to ask about. */
export const pendingTooLong = (c: CardContext, { amountMinor, since }: PendingRefund): string =>
  `A refund of ${formatMoney(amountMinor, c.currency)} is pending at ${c.provider} since ` +
  `${formatInstant(since)}. Ask ${c.provider} what keeps it.`;

/** People at the provider look at it: whoever ships now may ship for nothing. */
export const reviewWaits = (c: CardContext): string | null =>
  c.review?.isOpen === true && (openHoldMinor(c) > 0 || keptMinor(c) > 0)
    ? `${c.provider} reviews this payment (${c.review.reason}). Wait for its decision before you ship` +
      `${c.policy.captureInReview === 'refuse' ? '; until then nothing is captured' : ''}.`
    : null;

export function fraudWarned(c: CardContext): string | null {
  const [reason] = Object.values(c.fraudWarnings);
  const isOver = openHoldMinor(c) === 0 && keptMinor(c) === 0;
  return reason === undefined || isOver
    ? null
    : `The issuer warns of a fraud (${reason}). Refund or void the payment before it is disputed, unless you know better.`;
}

export function notExecuted(c: CardContext): string {
  const operation = c.operation;
  assert(operation !== null, 'an absent operation was asked for');
  return (
    `${c.provider} proved that the ${WORDS[operation.verb]} of ` +
    `${formatMoney(operation.amountMinor, c.currency)} never took place. Ask for it again.`
  );
}

export function stillUnknown(c: CardContext): string {
  const operation = c.operation;
  const what =
    operation === null
      ? 'the hold'
      : `the ${WORDS[operation.verb]} of ${formatMoney(operation.amountMinor, c.currency)}`;
  return (
    `Nobody knows whether ${what} took place: ${c.provider} gave no usable answer in time. ` +
    `Look it up at ${c.provider}${c.providerRef === null ? '' : ` (${c.providerRef})`}, then recheck ` +
    `the payment, or resolve it with what you saw.`
  );
}

/** The old hold stands, and nobody will renew it any more. */
export function notReauthorized(c: CardContext, why: string): string {
  const open = formatMoney(openHoldMinor(c), c.currency);
  const ends = c.holdEndsAt === null ? 'soon' : `on ${formatInstant(c.holdEndsAt)}`;
  return (
    `The hold of ${open} ends ${ends} and could not be renewed: ${why}. ` +
    `Capture it before, or ask the buyer for a new payment.`
  );
}

export function oldHoldRemains(c: CardContext, why: string): string {
  return (
    `The renewed hold stands, but the old one (${c.operation?.upon}) could not be released: ${why}. ` +
    `Cancel it at ${c.provider}, or let it lapse.`
  );
}

export function scheduledTooLate(captureAt: number, holdEndsAt: number): string {
  return (
    `The capture is scheduled for ${formatInstant(captureAt)}, but the hold ends on ${formatInstant(holdEndsAt)}. ` +
    `Schedule it earlier, or capture now.`
  );
}

export const lateMoney = (c: CardContext): string =>
  `The buyer paid at ${c.provider} after the payment had ended, and the payment was taken up again. ` +
  `Deliver what it pays for, or void or refund it.`;

export const contradicted = (c: CardContext, reason: string): string =>
  `${c.provider} and Holdfast disagree about this payment: ${reason}. ` +
  `Look it up at ${c.provider} (${c.providerRef}) and tell whoever runs Holdfast.`;

/** It holds nothing, was to be cancelled, and was not. */
export const leftOpen = (c: CardContext): string =>
  `The payment was not cancelled at ${c.provider}, and the buyer may still pay. ` +
  `Cancel it there (${c.providerRef}), then recheck the payment.`;

/** An open dispute waits for the merchant, who answers it at the provider. */
export function disputeWaits(c: CardContext): string | null {
  const open = Object.values(c.disputes).find(({ status }) => status === 'open');
  if (open === undefined) return null;
  const by = open.respondBy === null ? '' : ` by ${formatInstant(open.respondBy)}`;
  return (
    `The buyer disputes ${formatMoney(open.amountMinor, c.currency)} (${open.reason}). ` +
    `Answer at ${c.provider}${by}, or the money is lost.`
  );
}
