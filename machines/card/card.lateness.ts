/** What is said when something came too late: a buyer, a scheduled capture, a capture. Pure. */
import { lateMoney, scheduledTooLate, scheduleLost } from './card.sentences.ts';
import type { CardContext } from './card.types.ts';

/** The buyer was given up, or staff wanted it voided, and the buyer was faster. */
export function paidInTheLastMoment(c: CardContext, at: number): Partial<CardContext> {
  if (c.operation?.verb !== 'void') return { attention: null };
  if (c.operation.reason !== 'abandoned') {
    const attention =
      'The buyer paid before the payment could be voided. Refund it if it is not wanted.';
    return { attention };
  }
  return c.policy.onLateMoney === 'adopt' ? { attention: lateMoney(c) } : { lateAt: at };
}

export function tooLateForSchedule(c: CardContext): CardContext {
  const { captureAt, holdEndsAt, policy } = c;
  if (captureAt === null || holdEndsAt === null || captureAt.at < holdEndsAt) return c;
  if (policy.onHoldEnding === 'reauthorize') return c;
  return { ...c, attention: scheduledTooLate(captureAt.at, holdEndsAt) };
}

export function lostCapture(c: CardContext): CardContext['decline'] {
  if (c.operation?.verb !== 'capture') return c.decline;
  return {
    verb: 'capture',
    code: 'hold_expired',
    message: 'The hold had lapsed before the capture reached the provider.',
    advice: 'Start a new payment.',
  };
}

/** The hold is gone before what somebody had scheduled: nobody else would hear of it. `leftMinor`: what
 *  is still held. */
export const lostSchedule = (c: CardContext, leftMinor: number): { readonly attention?: string } =>
  c.version > 1 && c.captureAt !== null && leftMinor === 0
    ? { attention: scheduleLost(c, c.captureAt.at) }
    : {};
