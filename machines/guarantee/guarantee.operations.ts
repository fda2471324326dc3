/** How an operation begins and ends, and what is asked afterwards. Pure. */
import { askNow } from '../shared/asking.ts';
import { inFlight, nextOperation } from '../shared/operation.ts';
import { unpaidThereMinor } from './guarantee.amounts.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeRules } from './guarantee.rules.ts';
import type { GuaranteeContext, GuaranteeVerb } from './guarantee.types.ts';

/** The integration wants the next step to follow by itself. */
export const automatic = (c: GuaranteeContext) => ({
  reason: 'automatic',
  follows: inFlight(c.operation) ?? c.refused?.operationId ?? null,
});

/** The order as the provider has it, whatever came that it was not told of. */
export const whole = (c: GuaranteeContext): { amountMinor: number } => ({
  amountMinor: unpaidThereMinor(c),
});

/** Starts an operation, which supersedes whatever was said about the last one. */
export function begin(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  verb: GuaranteeVerb,
  at: number,
  terms: { amountMinor: number; reason?: string | null; follows?: string | null },
): GuaranteeContext {
  // A look that is put off is not forgotten.
  const isPutOff = c.operation === null && c.asking !== null;
  return {
    ...c,
    ...nextOperation(c, verb, at, terms),
    asking: null,
    news: null,
    hasHeard: rules.looksAfterNews && (c.hasHeard || isPutOff),
    refused: null,
    resolution: null,
    isParked: false,
    decline: null,
    attention: null,
  };
}

export const answered = (c: GuaranteeContext): GuaranteeContext => ({
  ...c,
  operation: null,
  applying: null,
  asking: null,
  news: null,
  resolution: null,
  isParked: false,
});

export const parked = (c: GuaranteeContext): GuaranteeContext => ({
  ...c,
  isParked: true,
  asking: null,
  resolution: null,
});

/** The provider was looked at, and nothing more is to be asked. */
export const seen = (c: GuaranteeContext): GuaranteeContext => ({
  ...c,
  asking: null,
  news: null,
  refused: null,
});

/** The operation of `before` has ended with `event`. A refusal may be about the state of the order
 *  there, and what was heard meanwhile may be about anything: both are reasons to look at the whole. */
export function lookAfter(
  rules: GuaranteeRules,
  before: GuaranteeContext,
  after: GuaranteeContext,
  event: GuaranteeEvent,
): GuaranteeContext {
  const { operation, hasHeard } = before;
  const isRefused =
    rules.takesRefusalsForAnswers &&
    event.type.endsWith('.refused') &&
    !('fault' in event && event.fault === 'credentials');
  const isOver = after.stage === 'none' || after.releasedMinor > 0 || after.isOrderClosed;
  if (operation === null || isOver || !(isRefused || hasHeard))
    return { ...after, hasHeard: false };
  const operationId = inFlight(operation) ?? operation.id;
  return {
    ...after,
    hasHeard: false,
    asking: askNow(event.at),
    refused: isRefused ? { operationId, verb: operation.verb } : null,
  };
}
