/** What the families that ask a provider have in common: one operation in flight, and doubts. Pure. */
import { type Asking, askNow } from './asking.ts';
import { operationId } from './ids.ts';
import type { Decline } from './lifecycle.ts';

/** The one provider operation that a payment has in flight. */
export type Operation<Verb extends string> = {
  readonly id: string;
  readonly verb: Verb;
  readonly amountMinor: number;
  /** Why, in a person's words; `automatic` where the integration's settings asked for it. */
  readonly reason: string | null;
  readonly requestedAt: number;
  /** The operation that this one follows by itself: who asked for that waits for this one, too. */
  readonly follows: string | null;
};

/** What whoever asked waits for: the first of the operations that follow each other. */
export const inFlight = (operation: Operation<string> | null): string | null =>
  operation?.follows ?? operation?.id ?? null;

/** Who has to mend something before a request like the refused one can succeed: whoever keeps the
 *  integration's credentials, whoever keeps the account at the provider, or whoever runs Holdfast,
 *  which could not make the request. */
export type Fault = 'credentials' | 'account' | 'ours';

/** A definite no to our request: nothing was done, and sending it again would bring the same. */
export type RefusedRequest = {
  readonly reason: string;
  /** The provider's own stable code; absent where it gave none. */
  readonly code?: string;
  /** Absent: it refused this very request, for its content or for the payment's state there. */
  readonly fault?: Fault;
};

/** What an operator says became of an operation that nobody could find out about. */
export type Resolution = {
  readonly outcome: 'succeeded' | 'failed';
  readonly providerRef: string | null;
};

/** The next operation of `verb`: its id is computed, so it is the same wherever it is asked for. */
export function nextOperation<Verb extends string>(
  c: { readonly paymentId: string; readonly ordinals: Readonly<Record<Verb, number>> },
  verb: Verb,
  at: number,
  terms: {
    readonly amountMinor: number;
    readonly reason?: string | null;
    readonly follows?: string | null;
  },
): { operation: Operation<Verb>; ordinals: Readonly<Record<Verb, number>> } {
  const ordinal = c.ordinals[verb] + 1;
  const operation: Operation<Verb> = {
    id: operationId(c.paymentId, verb, ordinal),
    verb,
    amountMinor: terms.amountMinor,
    reason: terms.reason ?? null,
    requestedAt: at,
    follows: terms.follows ?? null,
  };
  return { operation, ordinals: { ...c.ordinals, [verb]: ordinal } };
}

/** How long a parked payment that is rechecked asks before it is parked again. */
const RECHECK_MS = 60_000;

/** Patience was over once: whoever rechecks a parked payment has it back soon, to resolve it. */
export function recheckNow(at: number, patienceMs: number): Asking {
  if (patienceMs <= RECHECK_MS) return askNow(at);
  return { ...askNow(at), since: at - patienceMs + RECHECK_MS };
}

/** What an operator proposed and the provider's own answer contradicts, as the decline that says so;
 *  null when they agree. `type` is the answer's: `capture.approved`. */
export function contradiction(
  resolution: Resolution | null,
  provider: string,
  type: string,
): Decline | null {
  if (resolution === null) return null;
  if (type.endsWith('.approved') === (resolution.outcome === 'succeeded')) return null;
  return {
    verb: 'resolve',
    code: 'contradicts_proof',
    message: `${provider} answered: ${type}.`,
    advice: 'The payment has what the provider says. Look at it again.',
  };
}
