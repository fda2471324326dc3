/** What a definite no changes: of the provider, of its state, or of Holdfast itself. Pure. */
import { askNow } from '../shared/asking.ts';
import type { Decline } from '../shared/lifecycle.ts';
import { formatMoney } from '../shared/money.ts';
import type { RefusedRequest } from '../shared/operation.ts';
import { refusedDecline, refusedSentence } from '../shared/refused.ts';
import { notDoneByItself, refusedByProvider, WORDS } from './card.sentences.ts';
import { answered } from './card.steps.ts';
import type { CardContext } from './card.types.ts';

type Told = { readonly at: number } & RefusedRequest;

const toldOf = (c: CardContext) => ({
  provider: c.provider,
  what:
    c.operation === null
      ? 'the request'
      : `the ${WORDS[c.operation.verb]} of ${formatMoney(c.operation.amountMinor, c.currency)}`,
});

/** The authorization: the payment is over, and only somebody's fault needs a person. */
export const refusedFirst = (c: CardContext, request: Told): CardContext => ({
  ...answered(c),
  decline: refusedDecline('authorize', toldOf(c), request),
  attention:
    request.fault === undefined ? null : refusedSentence(toldOf(c), request, 'Start a new payment'),
});

/** It may speak of the payment's state: the whole is looked at, and what is found replaces the word.
 *  Where the credentials are refused, a look would be, too. */
export function refusedOperation(c: CardContext, request: Told): CardContext {
  if (c.version === 1) {
    return { ...answered(c), attention: refusedByProvider(c, request.reason) };
  }
  const verb = c.operation?.verb ?? 'capture';
  const refused = {
    ...answered(c),
    decline: refusedDecline(verb, toldOf(c), request),
    attention: refusedSentence(toldOf(c), request, 'Look at the payment, then ask again'),
  };
  return request.fault === 'credentials' ? refused : lookedInto(c, refused, request.at);
}

/** Somebody else moved the same money there: said to whoever asked, and looked into. */
export function superseded(
  c: CardContext,
  { at, reason }: { readonly at: number; readonly reason: string },
): CardContext {
  if (c.version === 1) return { ...answered(c), asking: askNow(at) };
  const { provider, what } = toldOf(c);
  const decline: Decline = {
    verb: c.operation?.verb ?? 'capture',
    code: 'superseded',
    message: `Money of this payment was moved at ${provider} meanwhile, so ${what} was not done: ${reason}.`,
    advice: 'Look at the payment, then ask again.',
  };
  return lookedInto(c, { ...answered(c), decline }, at);
}

const lookedInto = (before: CardContext, after: CardContext, at: number): CardContext => ({
  ...after,
  refused: before.operation && {
    operationId: before.operation.id,
    verb: before.operation.verb,
  },
  asking: askNow(at),
});

/** The issuer's no, or the provider's: whoever asked is answered, and of what nobody asked for people
 *  are told. */
export function declined(c: CardContext, decline: Decline): CardContext {
  const after = { ...answered(c), decline };
  const { operation } = c;
  // A refund's reason is a person's; all else has one where time or a policy asked for it.
  const isAutomatic =
    operation !== null && operation.verb !== 'refund' && operation.reason !== null;
  const isLateMoney = operation?.reason === 'paid too late';
  return c.version > 1 && (isAutomatic || isLateMoney)
    ? { ...after, attention: notDoneByItself(c, decline) }
    : after;
}
