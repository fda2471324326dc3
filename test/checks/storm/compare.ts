/** Our books of one payment beside what its provider's simulator did for it, by the provider. */
import type { CardContext } from '../../../machines/card/card.types.ts';
import type { CreditContext } from '../../../machines/credit/credit.types.ts';
import type { GuaranteeContext } from '../../../machines/guarantee/guarantee.types.ts';
import type { Booked } from './books.ts';
import type { ProviderName } from './plan.ts';
import type { Movement } from './simulated.ts';

/** One thing that both sides count: equal, or a payment in doubt explains it. */
type Compared = { readonly what: string; readonly ours: number; readonly theirs: number };

type Compare = (booked: Booked, moved: readonly Movement[]) => readonly Compared[];

const sum = (moved: readonly Movement[], kind: string): number =>
  moved
    .filter((one) => one.kind === kind)
    .reduce((total, { amountMinor }) => total + amountMinor, 0);
const count = (moved: readonly Movement[], kind: string): number =>
  moved.filter((one) => one.kind === kind).length;

function card({ context }: Booked, moved: readonly Movement[]): readonly Compared[] {
  const c = context as unknown as CardContext;
  const theirs = (kind: string) => sum(moved, kind);
  return [
    { what: 'authorized', ours: c.authorizedMinor, theirs: theirs('authorize') },
    { what: 'captured', ours: c.capturedMinor, theirs: theirs('capture') },
    { what: 'voided', ours: c.voidedMinor, theirs: theirs('void') },
    {
      what: 'refunded',
      ours: c.refundedMinor,
      theirs: theirs('refund') - theirs('refund-failed'),
    },
    { what: 'disputed', ours: c.disputedMinor, theirs: theirs('dispute') },
  ];
}

function guarantee({ context }: Booked, moved: readonly Movement[]): readonly Compared[] {
  const c = context as unknown as GuaranteeContext;
  const receipts = Object.values(c.receipts);
  const applied = receipts.reduce((total, r) => total + (r.isApplied ? r.amountMinor : 0), 0);
  const open = c.reservedMinor - c.releasedMinor - c.receivedMinor - c.writtenOffMinor;
  const isCaptured = ['captured', 'denied', 'guaranteed'].includes(c.stage);
  return [
    {
      what: 'blocked of the limit',
      ours: open + c.receivedMinor - applied,
      theirs: sum(moved, 'reserve') - sum(moved, 'release'),
    },
    { what: 'captures', ours: isCaptured ? 1 : 0, theirs: count(moved, 'capture') },
    {
      what: 'activations',
      ours: c.stage === 'guaranteed' ? 1 : 0,
      theirs: count(moved, 'activate'),
    },
    { what: 'cancellations', ours: c.releasedMinor > 0 ? 1 : 0, theirs: count(moved, 'cancel') },
    { what: 'told to be paid', ours: applied, theirs: sum(moved, 'paid') },
  ];
}

function credit({ context, view }: Booked, moved: readonly Movement[]): readonly Compared[] {
  const c = context as unknown as CreditContext;
  const invoices = Object.values(c.invoices);
  const total = (of: (invoice: (typeof invoices)[number]) => number) =>
    invoices.reduce((all, invoice) => all + of(invoice), 0);
  const isCancelled = view.status === 'cancelled' && c.authorizedMinor > 0;
  return [
    { what: 'orders', ours: c.authorizedMinor > 0 ? 1 : 0, theirs: count(moved, 'order') },
    { what: 'ordered', ours: c.authorizedMinor, theirs: sum(moved, 'order') },
    { what: 'invoiced', ours: total((i) => i.amountMinor), theirs: sum(moved, 'invoice') },
    { what: 'invoices', ours: invoices.length, theirs: count(moved, 'invoice') },
    {
      what: 'invoices cancelled',
      ours: invoices.filter((invoice) => invoice.isCancelled).length,
      theirs: count(moved, 'cancel-invoice'),
    },
    {
      what: 'shipments',
      ours: invoices.filter(({ shipment }) => shipment.status === 'shipped').length,
      theirs: count(moved, 'ship'),
    },
    { what: 'funded', ours: c.fundedMinor, theirs: sum(moved, 'fund') },
    { what: 'returned', ours: total((i) => i.returnedMinor), theirs: sum(moved, 'return') },
    { what: 'cancellations', ours: isCancelled ? 1 : 0, theirs: count(moved, 'cancel') },
  ];
}

export const COMPARE: Readonly<Record<ProviderName, Compare>> = {
  stripe: card,
  infinitepay: guarantee,
  apruve: credit,
};

/** What no payment has twice, whatever else is in doubt: kind, and by what two are told apart. */
export function doubled(provider: ProviderName, moved: readonly Movement[]): readonly string[] {
  const seen = new Map<string, number>();
  for (const { kind, key, amountMinor } of moved) {
    const id = identity(provider, kind, key, amountMinor);
    if (id !== null) seen.set(id, (seen.get(id) ?? 0) + 1);
  }
  return [...seen].filter(([, times]) => times > 1).map(([id, times]) => `${id}: ${times} times`);
}

function identity(
  provider: ProviderName,
  kind: string,
  key: string | null,
  amountMinor: number,
): string | null {
  switch (provider) {
    case 'stripe':
      return key === null ? null : `${kind} under ${key}`;
    case 'infinitepay':
      // An amount may be changed, and money may come in parts.
      return kind === 'reserve' || kind === 'release' || kind === 'paid' ? null : kind;
    case 'apruve':
      // An invoice's own number is its key; returns have none, so two of one amount are one too many.
      return kind === 'return' ? `return ${amountMinor} of ${key}` : `${kind} of ${key}`;
  }
}
