/**
 * Expansion of ids into objects (`expand[]=latest_charge`): https://docs.stripe.com/api/expanding_objects, read 2026-11-21.
 * Stripe can expand more (balance transactions, say); here only what is simulated can be.
 */
import { badParameter } from './errors.ts';
import type { Account } from './store.ts';

export type Kind =
  | 'payment_intent'
  | 'charge'
  | 'refund'
  | 'dispute'
  | 'review'
  | 'warning'
  | 'customer'
  | 'payment_method'
  | 'event';
export type Shown = { readonly kind: Kind; readonly list: boolean };

const EXPANDABLE: Record<Kind, Record<string, Shown>> = {
  payment_intent: {
    customer: { kind: 'customer', list: false },
    latest_charge: { kind: 'charge', list: false },
    payment_method: { kind: 'payment_method', list: false },
    review: { kind: 'review', list: false },
  },
  charge: {
    customer: { kind: 'customer', list: false },
    payment_intent: { kind: 'payment_intent', list: false },
    refunds: { kind: 'refund', list: true },
    review: { kind: 'review', list: false },
  },
  refund: {
    charge: { kind: 'charge', list: false },
    payment_intent: { kind: 'payment_intent', list: false },
  },
  dispute: {
    charge: { kind: 'charge', list: false },
    payment_intent: { kind: 'payment_intent', list: false },
  },
  review: {
    charge: { kind: 'charge', list: false },
    payment_intent: { kind: 'payment_intent', list: false },
  },
  warning: {
    charge: { kind: 'charge', list: false },
    payment_intent: { kind: 'payment_intent', list: false },
  },
  customer: {},
  payment_method: { customer: { kind: 'customer', list: false } },
  event: {},
};
/** https://docs.stripe.com/api/expanding_objects: "up to four levels deep". */
const DEPTH_MAX = 4;

/** Refuses what cannot be expanded, before anything is done. */
export function checkExpand(shown: Shown, paths: readonly string[] = []): void {
  for (const path of paths) {
    const segments = path.split('.');
    let at: Shown | undefined = shown;
    for (const segment of segments) at = at === undefined ? undefined : step(at, segment);
    if (at === undefined || segments.length > DEPTH_MAX) {
      throw badParameter(`This property cannot be expanded (${path}).`, { param: 'expand' });
    }
  }
}

function step({ kind, list }: Shown, segment: string): Shown | undefined {
  if (list) return segment === 'data' ? { kind, list: false } : undefined;
  return EXPANDABLE[kind][segment];
}

/** Fills the paths in; they have passed `checkExpand`. */
export function expanded(
  account: Account,
  shown: Shown,
  object: object,
  paths: readonly string[] = [],
): object {
  let result = object as Record<string, unknown>;
  for (const path of paths) {
    const [head = '', ...rest] = path.split('.');
    const below = rest.length === 0 ? [] : [rest.join('.')];
    const next = step(shown, head);
    if (next === undefined) continue;
    const value = result[head];
    const found = shown.list ? value : (lookUp(account, next, value, result) ?? null);
    result = { ...result, [head]: descend(account, next, found, below) };
  }
  return result;
}

function descend(account: Account, next: Shown, found: unknown, below: string[]): unknown {
  if (Array.isArray(found)) return found.map((one: object) => expanded(account, next, one, below));
  if (typeof found !== 'object' || found === null) return found;
  return expanded(account, next, found, below);
}

function lookUp({ state }: Account, next: Shown, value: unknown, owner: object): unknown {
  if (typeof value === 'object' && value !== null) return value;
  if (next.list) {
    const id = 'id' in owner ? String(owner.id) : '';
    const mine = [...state.refunds.values()].filter(({ wire }) => wire.charge === id);
    const data = mine.map(({ wire }) => wire).toReversed();
    return { object: 'list', url: `/v1/charges/${id}/refunds`, has_more: false, data };
  }
  const id = String(value);
  switch (next.kind) {
    case 'payment_intent':
      return state.intents.get(id)?.wire;
    case 'charge':
      return state.charges.get(id);
    case 'payment_method':
      return state.methods.get(id)?.wire;
    case 'refund':
      return state.refunds.get(id)?.wire;
    case 'customer':
      return state.customers.get(id);
    case 'dispute':
      return state.disputes.get(id);
    case 'review':
      return state.reviews.get(id);
    case 'warning':
      return state.warnings.get(id);
    case 'event':
      return state.events.get(id);
  }
}
