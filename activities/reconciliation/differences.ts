/**
 * What differs between a payment and what its provider shows. Pure. The list only raises a
 * suspicion; the difference is what the payment's own chart would make of the whole picture, so the
 * comparison and the payment can never disagree about it.
 */
import { createHash } from 'node:crypto';
import { cardLifecycle } from '../../machines/card/card.lifecycle.ts';
import { versionOf } from '../../machines/lifecycles.ts';
import type { Frozen } from '../../machines/shared/lifecycle.ts';
import type { CardContext, CardPicture } from '../../machines/card/card.types.ts';
import { canonicalJson } from '../../machines/shared/canonical-json.ts';
import type { ListedPayment } from '../providers/provider.ts';

export type FindingKind =
  | 'unknown_payment'
  | 'capture_differs'
  | 'hold_differs'
  | 'refund_differs'
  | 'dispute_differs'
  | 'missing_at_provider';

/** Amounts in minor units of `currency`, and what else one side says. */
export type Says = { readonly currency: string } & Readonly<Record<string, unknown>>;

export type Difference = {
  readonly kind: FindingKind;
  readonly providerRef: string;
  readonly paymentId: string | null;
  readonly providerSays: Says;
  readonly holdfastSays: Says;
  /** The payment comes to say the same when it looks at the provider. */
  readonly isCorrectable: boolean;
};

/** The same difference has the same id, however often it is seen; with other amounts it is another. */
export function findingIdOf(integrationId: string, difference: Difference): string {
  const { kind, paymentId, providerRef, providerSays, holdfastSays } = difference;
  // Money that nobody knows stays one finding while it is refunded there in parts.
  const what =
    kind === 'unknown_payment'
      ? [integrationId, kind, providerRef]
      : [integrationId, kind, paymentId, providerRef, providerSays, holdfastSays];
  const digest = createHash('sha256').update(canonicalJson(what)).digest('hex');
  return `fnd_${digest.slice(0, 32)}`;
}

/** Is what is listed worth a look? Ours of the same reference, since a renewed hold has several. */
export function isSuspect(c: CardContext, listed: ListedPayment): boolean {
  const { providerRef } = listed;
  const former = c.formerHolds.find((hold) => hold.providerRef === providerRef);
  const formerMinor = total(c.formerHolds, (hold) => hold.capturedMinor);
  const capturedMinor = former?.capturedMinor ?? c.capturedMinor - formerMinor;
  const refundedMinor = total(
    Object.values(c.refunds).filter(({ upon }) => upon === providerRef),
    ({ amountMinor }) => amountMinor,
  );
  // What is left of a former hold was given up, and of all holds only the sum is known here.
  const holdDiffers =
    former === undefined &&
    (listed.heldMinor !== c.authorizedMinor - c.capturedMinor - c.voidedMinor ||
      (c.formerHolds.length === 0 && listed.authorizedMinor !== c.authorizedMinor));
  return (
    holdDiffers ||
    listed.capturedMinor !== capturedMinor ||
    listed.refundedMinor !== refundedMinor ||
    isDisputeSuspect(c, listed.isDisputed)
  );
}

/** The list does not say how a dispute stands. */
function isDisputeSuspect(c: CardContext, isDisputed: boolean): boolean {
  const known = Object.values(c.disputes);
  return (isDisputed && known.length === 0) || known.some(({ status }) => status === 'open');
}

const KINDS: Readonly<Record<string, FindingKind>> = {
  'hold.found': 'hold_differs',
  'void.found': 'hold_differs',
  'hold.expired': 'hold_differs',
  'capture.found': 'capture_differs',
  'refund.found': 'refund_differs',
  'refund.failed': 'refund_differs',
  'dispute.opened': 'dispute_differs',
  'dispute.won': 'dispute_differs',
  'dispute.lost': 'dispute_differs',
};

/** One difference of each kind. `pictures` as the payment itself would be shown them. */
export function differencesOf(
  frozen: Frozen,
  pictures: readonly CardPicture[],
  at: number,
): readonly Difference[] {
  const lifecycle = versionOf(cardLifecycle, frozen);
  const state = lifecycle.thaw(frozen);
  const { context: c } = state;
  const types = lifecycle.factsOf(state, pictures, at).map(({ type }) => type);
  const isContradicted = types.includes('picture.contradicted');
  const kinds = types.flatMap((type) => KINDS[type] ?? []);
  if (isContradicted) kinds.push(contradictedKind(c, pictures));
  return [...new Set(kinds)].map((kind) => ({
    kind,
    paymentId: c.paymentId,
    providerRef: pictures.at(-1)?.providerRef ?? '',
    providerSays: saysProvider(kind, c.currency, pictures),
    holdfastSays: saysHoldfast(kind, c),
    isCorrectable: !isContradicted,
  }));
}

const agreesOnHolds = (c: CardContext, pictures: readonly CardPicture[]): boolean =>
  total(pictures, (each) => each.authorizedMinor) === c.authorizedMinor &&
  (pictures.at(-1)?.heldMinor ?? 0) <= c.authorizedMinor - c.capturedMinor - c.voidedMinor;

function contradictedKind(c: CardContext, pictures: readonly CardPicture[]): FindingKind {
  const capturedMinor = total(pictures, (each) => each.capturedMinor);
  if (capturedMinor < c.capturedMinor || capturedMinor > c.requestedMinor) return 'capture_differs';
  return agreesOnHolds(c, pictures) ? 'refund_differs' : 'hold_differs';
}

function saysProvider(kind: FindingKind, currency: string, pictures: readonly CardPicture[]): Says {
  const succeeded = pictures
    .flatMap(({ refunds }) => refunds)
    .filter(({ status }) => status === 'succeeded');
  return pick(kind, {
    currency,
    authorizedMinor: total(pictures, (each) => each.authorizedMinor),
    heldMinor: pictures.at(-1)?.heldMinor ?? 0,
    capturedMinor: total(pictures, (each) => each.capturedMinor),
    refundedMinor: total(succeeded, ({ amountMinor }) => amountMinor),
    disputes: disputesOf(
      pictures.flatMap(({ disputes }) => disputes).map((each) => [each.providerRef, each] as const),
    ),
  });
}

const saysHoldfast = (kind: FindingKind, c: CardContext): Says =>
  pick(kind, {
    currency: c.currency,
    authorizedMinor: c.authorizedMinor,
    heldMinor: c.authorizedMinor - c.capturedMinor - c.voidedMinor,
    capturedMinor: c.capturedMinor,
    refundedMinor: c.refundedMinor,
    disputes: disputesOf(Object.entries(c.disputes)),
  });

type Stand = { readonly status: string; readonly amountMinor: number };

const disputesOf = (disputes: readonly (readonly [string, Stand])[]) =>
  Object.fromEntries(
    disputes.map(([ref, { status, amountMinor }]) => [ref, { status, amountMinor }]),
  );

type All = {
  readonly currency: string;
  readonly authorizedMinor: number;
  readonly heldMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly disputes: Readonly<Record<string, Stand>>;
};

/** What has to do with the difference; the rest may move without making it another one. */
function pick(kind: FindingKind, all: All): Says {
  const { currency, authorizedMinor, heldMinor, capturedMinor, refundedMinor, disputes } = all;
  switch (kind) {
    case 'capture_differs':
      return { currency, capturedMinor };
    case 'hold_differs':
      return { currency, authorizedMinor, heldMinor };
    case 'refund_differs':
      return { currency, refundedMinor };
    case 'dispute_differs':
      return { currency, disputes };
    case 'unknown_payment':
    case 'missing_at_provider':
      return { currency, heldMinor, capturedMinor, refundedMinor };
  }
}

/** Ours holds or took money under a reference that the provider says it does not have. */
export function missing(c: CardContext, providerRef: string): readonly Difference[] {
  if (c.authorizedMinor <= c.voidedMinor) return [];
  return [
    {
      kind: 'missing_at_provider',
      providerRef,
      paymentId: c.paymentId,
      providerSays: { currency: c.currency },
      holdfastSays: saysHoldfast('missing_at_provider', c),
      isCorrectable: false,
    },
  ];
}

/** Money there that no payment of ours has; null when there is none. `paymentId` is what it carries. */
export function unknown(listed: ListedPayment, paymentId: string | null): Difference | null {
  const { currency, heldMinor, capturedMinor, refundedMinor, providerRef } = listed;
  if (!hasMoney(listed)) return null;
  return {
    kind: 'unknown_payment',
    providerRef,
    paymentId,
    providerSays: { currency, heldMinor, capturedMinor, refundedMinor },
    holdfastSays: { currency },
    isCorrectable: false,
  };
}

export const hasMoney = (there: {
  readonly heldMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}): boolean => there.heldMinor > 0 || there.capturedMinor > there.refundedMinor;

const total = <T>(all: readonly T[], of: (one: T) => number): number =>
  all.reduce((sum, one) => sum + of(one), 0);
