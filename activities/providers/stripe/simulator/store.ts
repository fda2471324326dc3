/** Everything the simulated Stripe account remembers, and how it survives a restart. */
import { randomBytes } from 'node:crypto';
import type { PlaneSnapshot, SimulatorPlane } from '../../shared/simulator-plane.ts';
import type { TestMethod } from './cards.ts';
import type {
  Charge,
  Customer,
  Dispute,
  EarlyFraudWarning,
  PaymentIntent,
  PaymentMethod,
  Refund,
  Review,
  StripeEvent,
} from './objects.ts';

/** A PaymentIntent with what Stripe knows of it and does not show. */
export type IntentRecord = {
  readonly wire: PaymentIntent;
  returnUrl: string | null;
  offSession: boolean;
  nonFinalCaptures: number;
  /** When the hold lapses or the debit settles, in ms; null if nothing is awaited. */
  dueAt: number | null;
  /** The idempotency key under which a debit was submitted; its ledger entries come days later. */
  submittedKey: string | null;
};
export type RefundRecord = { readonly wire: Refund; dueAt: number | null };
export type MethodRecord = { readonly wire: PaymentMethod; readonly test: TestMethod };
/** The first answer to an idempotency key. */
export type StoredAnswer = {
  readonly request: string;
  readonly requestId: string;
  readonly status: number;
  readonly body: string;
  readonly at: number;
};

/** What is known of an API key apart from its name. */
type KeyRecord = { readonly account: string; readonly isRevoked: boolean };

/** Where events go. */
export type WebhookTarget = {
  readonly url: string;
  /** `whsec_…`, or several while one is rolled; without it the events come unsigned. */
  readonly secret?: string | readonly string[] | undefined;
};

export type StripeState = {
  readonly intents: Map<string, IntentRecord>;
  readonly charges: Map<string, Charge>;
  readonly refunds: Map<string, RefundRecord>;
  readonly disputes: Map<string, Dispute>;
  readonly reviews: Map<string, Review>;
  readonly warnings: Map<string, EarlyFraudWarning>;
  readonly customers: Map<string, Customer>;
  readonly methods: Map<string, MethodRecord>;
  readonly events: Map<string, StripeEvent>;
  readonly answers: Map<string, StoredAnswer>;
  /** Those that a person revoked or added; every other `sk_test_…` is good. */
  readonly keys: Map<string, KeyRecord>;
};

/** Who asks, for ledger and events. */
export type Call = { readonly key: string | null; readonly requestId: string | null };
/** The clock and the customer call without a request. */
export const NO_CALL: Call = { key: null, requestId: null };

/** The simulated account: what its endpoints work on. */
export type Account = {
  readonly state: StripeState;
  readonly plane: SimulatorPlane;
  /** Whether the account may use multicapture (IC+ pricing): https://docs.stripe.com/payments/multicapture. */
  readonly multicapture: boolean;
  /** Where the account is based, ISO 3166-1: holds in Japan are longer. */
  readonly country: string;
  /** Takes the place of every window of `holds.ts`; null keeps Stripe's. */
  readonly holdMs: () => number | null;
  /** How long refunds of the card `pm_card_pendingRefund` are pending; null is until somebody decides. */
  readonly refundPendingMs: () => number | null;
  /** Something falls due then; `settleWhatIsDue` need not look before. */
  readonly wakeAt: (at: number) => void;
  /** Where the pages a customer visits are, e.g. `http://127.0.0.1:4010`. */
  readonly origin: () => string;
  readonly emit: (
    type: string,
    object: object,
    call: Call,
    previous?: Record<string, unknown>,
  ) => void;
};

export function emptyState(): StripeState {
  return {
    intents: new Map(),
    charges: new Map(),
    refunds: new Map(),
    disputes: new Map(),
    reviews: new Map(),
    warnings: new Map(),
    customers: new Map(),
    methods: new Map(),
    events: new Map(),
    answers: new Map(),
    keys: new Map(),
  };
}

export function clearState(state: StripeState): void {
  for (const map of Object.values(state)) map.clear();
}

/** What an older simulator wrote has fewer maps. */
type Snapshot = { version: 1; plane: PlaneSnapshot; webhook?: WebhookTarget | null } & {
  [K in keyof StripeState]?: [string, unknown][];
};

export function snapshotOf(
  state: StripeState,
  plane: PlaneSnapshot,
  webhook: WebhookTarget | null,
): string {
  const maps = Object.fromEntries(Object.entries(state).map(([name, map]) => [name, [...map]]));
  return JSON.stringify({ version: 1, plane, webhook, ...maps });
}

/** Fills an empty state from what `snapshotOf` wrote. */
export function restoreState(state: StripeState, text: string): Omit<Snapshot, keyof StripeState> {
  const snapshot = JSON.parse(text) as Snapshot;
  if (snapshot.version !== 1)
    throw new Error('The simulator state was written by another version.');
  for (const [name, map] of Object.entries(state) as [keyof StripeState, Map<string, unknown>][]) {
    for (const [key, value] of snapshot[name] ?? []) map.set(key, value);
  }
  return snapshot;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** `newId('pi')` is `pi_` and 24 random characters, as long as Stripe's. */
export function newId(prefix: string, length = 24): string {
  const characters = [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]);
  return `${prefix}_${characters.join('')}`;
}

export function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}
