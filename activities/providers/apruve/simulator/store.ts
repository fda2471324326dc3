/** The state of the simulated Apruve, and what the endpoints work on. */
import { randomBytes } from 'node:crypto';
import type { PlaneSnapshot, SimulatorPlane } from '../../shared/simulator-plane.ts';
import type {
  CorporateAccount,
  Invoice,
  InvoiceReturn,
  Offer,
  Order,
  Shipment,
  WebhookEvent,
} from './objects.ts';

export type ApruveState = {
  readonly orders: Map<string, Order>;
  readonly invoices: Map<string, Invoice>;
  readonly shipments: Map<string, Shipment>;
  readonly returns: Map<string, InvoiceReturn>;
  readonly accounts: Map<string, CorporateAccount>;
  readonly offers: Map<string, Offer>;
  readonly events: Map<string, WebhookEvent>;
  /** What was added and revoked since the start. */
  readonly keys: Map<string, { readonly isRevoked: boolean }>;
};

export type Apruve = {
  readonly state: ApruveState;
  readonly plane: SimulatorPlane;
  readonly merchantId: string;
  /** The merchant's key: it authenticates the API, and the secure hash begins with it. */
  readonly apiKey: string;
  /** From the issue of an invoice to its payment to the merchant. */
  readonly fundingMs: number;
  /** From the end of a server-to-server order's creation to the decision on its credit. */
  readonly approvalMs: number;
  /** Something falls due then. */
  readonly wakeAt: (at: number) => void;
  /** Where the API and the pages are, e.g. `http://127.0.0.1:4012`. */
  readonly origin: () => string;
  /** Sends a webhook; `path` is the entity's, below `/api/v4`. */
  readonly emit: (event: string, status: string, entity: object, path: string) => void;
};

const NO_REVIEW = { review: false, lateFunding: false, disabled: false };
const NET_30 = { payment_term_strategy_name: 'Net30', netDays: 30 };

/** Buyers that are always there, like the magic data of a sandbox; the address says what is special. */
const SEEDS: readonly Omit<CorporateAccount, 'authorized_buyers'>[] = [
  {
    id: id('a1'),
    name: 'Buyer Supply Co',
    credit_amount_cents: 10_000_000,
    ...NET_30,
    ...NO_REVIEW,
  },
  { id: id('a2'), name: 'Small Credit Co', credit_amount_cents: 10_000, ...NET_30, ...NO_REVIEW },
  {
    id: id('a3'),
    name: 'Late Funding Co',
    credit_amount_cents: 10_000_000,
    ...NET_30,
    ...NO_REVIEW,
    lateFunding: true,
  },
  {
    id: id('a4'),
    name: 'In Review Co',
    credit_amount_cents: 10_000_000,
    ...NET_30,
    ...NO_REVIEW,
    review: true,
  },
];
const EMAILS = ['buyer', 'small', 'late', 'review'];

function id(prefix: string): string {
  return prefix.padEnd(32, '0');
}

export function emptyState(): ApruveState {
  const state: ApruveState = {
    orders: new Map(),
    invoices: new Map(),
    shipments: new Map(),
    returns: new Map(),
    accounts: new Map(),
    offers: new Map(),
    events: new Map(),
    keys: new Map(),
  };
  seed(state);
  return state;
}

function seed(state: ApruveState): void {
  for (const [index, account] of SEEDS.entries()) {
    const name = EMAILS[index] ?? 'buyer';
    const buyer = { id: id(`b${index + 1}`), name: `${name} person`, email: `${name}@example.com` };
    state.accounts.set(account.id, { ...account, authorized_buyers: [buyer] });
  }
}

export function clearState(state: ApruveState): void {
  for (const map of Object.values(state)) map.clear();
  seed(state);
}

type Kept = { webhookUrl: string | null; signingKey: string | null };
type Snapshot = Kept & { version: 1; plane: PlaneSnapshot } & {
  [K in keyof ApruveState]?: [string, unknown][];
};

export function snapshotOf(state: ApruveState, plane: PlaneSnapshot, kept: Kept): string {
  const maps = Object.fromEntries(Object.entries(state).map(([name, map]) => [name, [...map]]));
  return JSON.stringify({ version: 1, plane, ...kept, ...maps });
}

/** Fills a fresh state from what `snapshotOf` wrote. */
export function restoreState(state: ApruveState, text: string): Kept & { plane: PlaneSnapshot } {
  const snapshot = JSON.parse(text) as Snapshot;
  if (snapshot.version !== 1)
    throw new Error('The simulator state was written by another version.');
  for (const [name, map] of Object.entries(state) as [keyof ApruveState, Map<string, unknown>][]) {
    map.clear();
    for (const [key, value] of snapshot[name] ?? []) map.set(key, value);
  }
  return snapshot;
}

/** Apruve's ids are 32 hexadecimal digits. */
export function newId(): string {
  return randomBytes(16).toString('hex');
}

const ZONE_MS = -5 * 3_600_000;
/** What a clock five hours behind UTC shows: Apruve is in Minnesota, and its real answers are of the summer. */
const wallClock = (ms: number): string => new Date(ms + ZONE_MS).toISOString();

/** Whole seconds, as Apruve writes them. */
export const stamp = (ms: number): string => `${wallClock(ms).slice(0, 19)}-05:00`;

/** Orders end with a day: https://github.com/apruve/apruve-elixir/blob/master/test/fixtures/order.json, read 2026-12-01. */
export const endOfDay = (ms: number): string => `${wallClock(ms).slice(0, 10)}T23:59:59-05:00`;

/** Invoices are due when a day begins, as Apruve's real webhook of 2017 has it. */
export const startOfDay = (ms: number): string => `${wallClock(ms).slice(0, 10)}T00:00:00-05:00`;
