/** The props of the provider contract: one payment, its operations, and a look at the simulator. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type {
  AuthorizeTerms,
  Call,
  CardProvider,
  Exchange,
} from '../../activities/providers/provider.ts';
import type { CardOperationEffect } from '../../machines/card/card.types.ts';
import { operationId } from '../../machines/shared/ids.ts';

export type ProviderUnderTest = {
  readonly provider: CardProvider;
  /** The same provider, reached with credentials that it refuses. */
  readonly withWrongCredentials: CardProvider;
  /** The same provider, whose answers about payments have a status that nobody documented. */
  readonly withUnknownStatus: CardProvider;
  /** Its simulator, for the admin plane that all of them have (`/_sim`). */
  readonly simulatorUrl: string;
  /** A hold on the good card may be captured in several parts. */
  readonly multicapture: boolean;
  readonly tokens: {
    readonly good: string;
    readonly declined: string;
    readonly asksBuyer: string;
    /** A card whose refunds end later, where the provider has such. */
    readonly slowRefund?: string;
  };
  /** Does what a buyer does at the page that `nextAction` names. */
  readonly actAsBuyer: (url: string, passes: boolean) => Promise<void>;
  readonly stop: () => Promise<void>;
};

type Effect<T extends CardOperationEffect['type']> = Extract<CardOperationEffect, { type: T }>;
export type Fault =
  'drop-before' | 'drop-after' | 'status-500-after' | 'garbage-after' | 'rate-limited';

const CURRENCY = 'EUR';
export const TOTAL = 10_500;
export const HOUR = 3_600_000;

export type Stage = ReturnType<typeof createStage>;

export function createStage(under: ProviderUnderTest) {
  const paymentId = `pay_${randomUUID().replaceAll('-', '').slice(0, 26)}`;
  const kept: Exchange[] = [];
  const startedAt = Date.now();
  let aheadMs = 0;

  const callFor = (effect: { operationId: string }): Call => ({
    paymentId,
    operationId: effect.operationId,
    idempotencyKey: effect.operationId,
    signal: new AbortController().signal,
    lastSentAt: null,
    now: () => Date.now() + aheadMs,
    keep: (exchange) => kept.push(exchange),
  });
  const authorization = (captureMode: 'manual' | 'automatic' = 'manual'): Effect<'authorize'> => ({
    type: 'authorize',
    operationId: operationId(paymentId, 'authorize', 1),
    amountMinor: TOTAL,
    currency: CURRENCY,
    captureMode,
    keepsMethod: false,
    providerRef: null,
    startBy: startedAt + HOUR / 4,
  });
  const terms = (
    paymentToken: string,
    captureMode: 'manual' | 'automatic' = 'manual',
  ): AuthorizeTerms => ({
    amount: { amountMinor: TOTAL, currency: CURRENCY },
    captureMode,
    paymentToken,
    returnUrl: 'https://shop.example/return',
    description: 'order 4711',
  });
  const known = (verb: 'capture' | 'void' | 'refund', providerRef: string, ordinal: number) => ({
    operationId: operationId(paymentId, verb, ordinal),
    providerRef,
    currency: CURRENCY,
  });
  const captureOf = (
    ref: string,
    amountMinor: number,
    { final = true, capturedMinor = 0, ordinal = 1 } = {},
  ): Effect<'capture'> => ({
    type: 'capture',
    ...known('capture', ref, ordinal),
    amountMinor,
    final,
    releasedMinor: final ? TOTAL - capturedMinor - amountMinor : 0,
    capturedMinor,
  });
  const voidOf = (
    ref: string,
    capturedMinor = 0,
    amountMinor = TOTAL - capturedMinor,
  ): Effect<'void'> => ({
    type: 'void',
    ...known('void', ref, 1),
    amountMinor,
    capturedMinor,
    givesUp: amountMinor === 0,
    isReplaced: false,
  });
  const refundOf = (ref: string, amountMinor: number, ordinal = 1): Effect<'refund'> => ({
    type: 'refund',
    ...known('refund', ref, ordinal),
    amountMinor,
    reason: null,
  });

  const start = (token = under.tokens.good, mode: 'manual' | 'automatic' = 'manual') => {
    const effect = authorization(mode);
    return under.provider.authorize(effect, terms(token, mode), callFor(effect));
  };
  const capture = (effect: Effect<'capture'>) => under.provider.capture(effect, callFor(effect));
  const release = (effect: Effect<'void'>) => under.provider.void(effect, callFor(effect));
  const refund = (effect: Effect<'refund'>) => under.provider.refund(effect, callFor(effect));
  const inquire = (effect: Exclude<CardOperationEffect, { type: 'authorize' | 'reauthorize' }>) =>
    under.provider.inquireOperation(effect, callFor(effect), {
      since: startedAt,
      lookOnly: false,
    });
  const inquireStart = (effect = authorization(), token = under.tokens.good) =>
    under.provider.inquireAuthorization(effect, terms(token, effect.captureMode), callFor(effect), {
      since: startedAt,
      lookOnly: false,
    });

  async function hold(token?: string): Promise<string> {
    const outcome = await start(token);
    if (outcome.kind !== 'approved') throw new Error(`no hold: ${JSON.stringify(outcome)}`);
    return outcome.providerRef;
  }
  async function sale(token?: string): Promise<string> {
    const outcome = await start(token, 'automatic');
    if (outcome.kind !== 'approved') throw new Error(`no sale: ${JSON.stringify(outcome)}`);
    return outcome.providerRef;
  }
  async function admin(path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${under.simulatorUrl}/_sim/${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: { 'content-type': 'application/json' },
    });
    expect(response.ok).toBe(true);
    return response.json();
  }
  const breakNext = (operation: string, fault: Fault) =>
    admin('faults', { operation, fault, times: 1 });
  async function moved(): Promise<string[]> {
    const ledger = (await admin('ledger')) as { kind: string; amountMinor: number }[];
    return ledger.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);
  }

  return {
    /** Every exchange so far. */
    kept,
    /** From now on the adapter is told that it is so much later. */
    later: (byMs: number) => {
      aheadMs += byMs;
    },
    callFor,
    authorization,
    terms,
    captureOf,
    voidOf,
    refundOf,
    start,
    capture,
    release,
    refund,
    inquire,
    inquireStart,
    hold,
    sale,
    admin,
    breakNext,
    moved,
  };
}
