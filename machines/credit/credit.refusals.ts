/** What a definite no changes, and what is looked at then. Pure. */
import { askNow } from '../shared/asking.ts';
import { inFlight, type RefusedRequest } from '../shared/operation.ts';
import { declineOf, isFirst, refusedByProvider } from './credit.sentences.ts';
import type { CreditEvent } from './credit.events.ts';
import type { CreditContext } from './credit.types.ts';

/** A definite no to the operation in flight. An order that is refused needs people only where somebody has
 *  to mend something; version 1 told them of every refusal, and whoever asked of none. */
export function refusal(c: CreditContext, request: RefusedRequest): Partial<CreditContext> {
  const attention = refusedByProvider(c, request);
  if (c.version === 1) return { attention };
  const isQuiet = isFirst(c) && request.fault === undefined;
  return { decline: declineOf(c, request), ...(isQuiet ? {} : { attention }) };
}

/**
 * What the provider did not do may speak of the order's state there: the whole of it is looked at once,
 * whoever asked waits for that, and what is found replaces the sentence. Of credentials that it does not
 * accept it would refuse the look, too.
 */
export function looksAtWhole(
  c: CreditContext,
  event: CreditEvent,
  after: CreditContext,
): CreditContext {
  if (c.refused !== null) {
    if (!ENDS_LOOK.test(event.type)) return after;
    const isReplaced = FINDS.test(event.type) && isOfRefusal(c) && after.attention === c.attention;
    return { ...after, refused: null, ...(isReplaced ? { attention: null } : {}) };
  }
  const { operation } = c;
  const isNo = c.version > 1 && operation !== null && /\.(refused|declined)$/.test(event.type);
  const isBarred = 'fault' in event && event.fault === 'credentials';
  if (!isNo || isFirst(c) || isBarred) return after;
  const refused = { operationId: inFlight(operation) ?? operation.id, verb: operation.verb };
  return { ...after, refused, asking: askNow(event.at) };
}

/** Seen, found, not to be seen, or overtaken by the next request. */
const ENDS_LOOK =
  /^(?!recheck\.).*\.(found|confirmed|contradicted|funded|closed|lapsed|inconclusive|exhausted|requested)$/;
const FINDS = /\.(found|funded|closed|lapsed)$/;

const isOfRefusal = ({ attention, decline }: CreditContext): boolean =>
  decline !== null && attention?.startsWith(decline.message) === true;
