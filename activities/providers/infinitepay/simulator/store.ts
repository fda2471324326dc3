/** What the simulated InfinitePay remembers, and how it survives a restart. */
import { randomInt } from 'node:crypto';
import type { PlaneSnapshot, SimulatorPlane } from '../../shared/simulator-plane.ts';
import type { Credentials } from './security.ts';

/**
 * Where an order is. The wire has no such word: it shows STATUS, and here ADD_INFO says which of these it stands for.
 * `guarantee_denied` still blocks the debtor's limit; `denied`, `cancelled` and `paid` do not.
 */
export type OrderState =
  | 'denied'
  | 'reserved'
  | 'captured'
  | 'guarantee_denied'
  | 'guaranteed'
  | 'overdue'
  | 'paid'
  | 'claimed'
  | 'cancelled';

/** Dates as they came, `Ymd`. */
export type Invoice = {
  readonly invoiceId: string;
  readonly invoiceDate: string;
  readonly dueDate: string;
  readonly deliveryDate: string;
  readonly delayInDays: number;
};

export type Order = {
  /** The merchant's ORDER_ID, the natural key. */
  readonly orderId: string;
  /** InfinitePay's REF_NO. */
  readonly refNo: string;
  readonly debtorId: string;
  readonly currency: string;
  readonly reservedAt: string;
  state: OrderState;
  /** TRS_AMT_GROSS, in hundredths. */
  amountMinor: number;
  /** GUAR_AMT: what InfinitePay pays if the buyer does not. */
  guaranteedMinor: number;
  /** What the buyer has paid. */
  paidMinor: number;
  invoice: Invoice | null;
  /** Why the last refusal. */
  reason: string | null;
  /** When the clock moves it next, in ms. */
  dueAt: number | null;
  /** What the buyer's e-mail asks the simulator to play: see `scenarios.ts`. */
  scenario: string[];
};

/** A buyer, known by VAT id. */
export type Debtor = {
  /** InfinitePay's DB_ID. */
  readonly id: string;
  readonly vatId: string;
  name: string;
  email: string;
  /** By currency; without an entry the account's default. */
  readonly limits: Record<string, number>;
};

/** Credentials that were added or revoked since the start; all are of the one client. */
type SenderRecord = Omit<Credentials, 'clientRef'> & { readonly isRevoked: boolean };

export type State = {
  /** By ORDER_ID. */
  readonly orders: Map<string, Order>;
  /** By DB_ID. */
  readonly debtors: Map<string, Debtor>;
  /** Credentials that were added and revoked since the start. */
  readonly senders: Map<string, SenderRecord>;
};

/** The simulated merchant account: what its operations work on. */
export type Account = {
  readonly state: State;
  readonly plane: SimulatorPlane;
  readonly credentials: Credentials;
  /** What a debtor may owe in each currency unless the portal says otherwise. */
  readonly limitMinor: number;
  /** How long an order is overdue before InfinitePay pays the merchant. */
  readonly claimAfterDays: number;
};

export const emptyState = (): State => ({
  orders: new Map(),
  debtors: new Map(),
  senders: new Map(),
});

export function clearState({ orders, debtors, senders }: State): void {
  orders.clear();
  debtors.clear();
  senders.clear();
}

type Snapshot = {
  version: 1;
  plane: PlaneSnapshot;
  orders: [string, Order][];
  debtors: [string, Debtor][];
  /** What an older simulator wrote has none. */
  senders?: [string, SenderRecord][];
};

export function snapshotOf({ orders, debtors, senders }: State, plane: PlaneSnapshot): string {
  const snapshot: Snapshot = {
    version: 1,
    plane,
    orders: [...orders],
    debtors: [...debtors],
    senders: [...senders],
  };
  return JSON.stringify(snapshot);
}

/** Fills an empty state from what `snapshotOf` wrote. */
export function restoreState(state: State, text: string): PlaneSnapshot {
  const snapshot = JSON.parse(text) as Snapshot;
  if (snapshot.version !== 1)
    throw new Error('The simulator state was written by another version.');
  for (const [key, order] of snapshot.orders) state.orders.set(key, order);
  for (const [key, debtor] of snapshot.debtors) state.debtors.set(key, debtor);
  for (const [key, sender] of snapshot.senders ?? []) state.senders.set(key, sender);
  return snapshot.plane;
}

/** Digits, as a number that a person reads out over the telephone. */
export function newNumber(): string {
  return `${randomInt(10 ** 5, 10 ** 6)}${randomInt(10 ** 5, 10 ** 6)}`;
}
