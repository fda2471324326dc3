/**
 * The provider's picture against ours. News may come late, twice, out of order or never: so news is
 * not added up. It makes us look, and what the provider shows at that moment is compared with what
 * we hold true. The order in which news came cannot matter.
 */
import {
  capturedOfHoldMinor,
  openHoldMinor,
  providerRefs,
  refundedOfHoldMinor,
  wasDeclined,
} from './card.amounts.ts';
import { record } from './card.record.ts';
import { isOverdue } from './card.steps.ts';
import type { CardEvent } from './card.events.ts';
import { pendingDifference } from './card.picture.pending.ts';
import { riskDifference } from './card.picture.risk.ts';
import type { CardClaim, CardContext, CardPicture, Dispute } from './card.types.ts';

/**
 * The facts that lead from `c` to what `pictures` show, one picture for each hold that the payment
 * ever had, the present one last. At least one: `picture.confirmed` when nothing differs.
 */
export function factsOf(
  c: CardContext,
  pictures: readonly CardPicture[],
  at: number,
): readonly CardEvent[] {
  const facts: CardEvent[] = [];
  let now = c;
  for (;;) {
    const next = firstDifference(now, pictures, at);
    if (next === null) break;
    facts.push(next);
    if (next.type === 'picture.contradicted') break;
    now = record(now, next);
  }
  const isContradicted = facts.at(-1)?.type === 'picture.contradicted';
  // Whoever was refused is answered when all was seen, with all that was found.
  const isAwaited = c.refused !== null && !isContradicted;
  const isLookDue = facts.length > 0 && !isContradicted && isOverdue(now, at);
  return facts.length === 0 || isLookDue || isAwaited
    ? [...facts, { type: 'picture.confirmed', at }]
    : facts;
}

const sum = (pictures: readonly CardPicture[], of: (picture: CardPicture) => number): number =>
  pictures.reduce((total, picture) => total + of(picture), 0);

/** In a fixed order: holds, captures, releases, refunds, disputes. */
function firstDifference(
  c: CardContext,
  pictures: readonly CardPicture[],
  at: number,
): CardEvent | null {
  const present = pictures.at(-1);
  if (present === undefined) return null;
  const authorizedMinor = sum(pictures, (each) => each.authorizedMinor);
  const capturedMinor = sum(pictures, (each) => each.capturedMinor);
  // What of replaced holds is still there was given up, and lapses by itself.
  const { heldMinor } = present;
  if (authorizedMinor !== c.authorizedMinor) return hold(c, present, authorizedMinor, at);
  if (capturedMinor > c.requestedMinor) {
    return contradicts('more was captured there than was asked for', at);
  }
  if (capturedMinor > c.capturedMinor) {
    const amountMinor = capturedMinor - c.capturedMinor;
    return (
      captureOfFormer(c, pictures, amountMinor, at) ?? {
        type: 'capture.found',
        at,
        amountMinor,
        heldMinor,
      }
    );
  }
  if (capturedMinor < c.capturedMinor) {
    return contradicts('less was captured there than here', at);
  }
  const open = openHoldMinor(c);
  if (heldMinor > open) return contradicts('more is held there than here', at);
  if (heldMinor < open || (authorizedMinor === 0 && isLeftOpen(c, present))) {
    return heldMinor === 0 && !wasReleasedByHand(c, present, at)
      ? { type: 'hold.expired', at }
      : { type: 'void.found', at, amountMinor: open - heldMinor };
  }
  const { holdEndsAt } = present;
  if (heldMinor > 0 && holdEndsAt !== null && holdEndsAt !== c.holdEndsAt) {
    return { type: 'hold.rescheduled', at, holdEndsAt };
  }
  return (
    (c.version === 1 ? null : pendingDifference(c, pictures, at)) ??
    refundDifference(c, pictures, at) ??
    disputeDifference(c, pictures, at) ??
    (c.version === 1 ? null : riskDifference(c, pictures, at))
  );
}

/** Captured of a hold that was replaced, whose rest counts as given back: by its own reference it is
 *  refunded, and the present hold is as it was. `mostMinor`: what is new of all holds together. */
function captureOfFormer(
  c: CardContext,
  pictures: readonly CardPicture[],
  mostMinor: number,
  at: number,
): CardEvent | null {
  for (const { providerRef: upon, capturedMinor } of c.formerHolds) {
    const picture = pictures.find(({ providerRef }) => providerRef === upon);
    const newMinor = (picture?.capturedMinor ?? 0) - capturedMinor;
    if (newMinor <= 0) continue;
    const amountMinor = newMinor < mostMinor ? newMinor : mostMinor;
    return { type: 'capture.found', at, amountMinor, heldMinor: openHoldMinor(c), upon };
  }
  return null;
}

/** After a part was captured a provider may not say what ended the rest: then the date tells. */
const wasReleasedByHand = (c: CardContext, { endedBy }: CardPicture, at: number): boolean =>
  endedBy === null ? c.holdEndsAt !== null && at < c.holdEndsAt : endedBy === 'void';

/** Parked without a hold: whether it is over at the provider is all that is left to know. */
const isLeftOpen = (c: CardContext, { endedBy }: CardPicture): boolean =>
  endedBy !== null && c.endedBy === null && !wasDeclined(c);

function hold(
  c: CardContext,
  present: CardPicture,
  authorizedMinor: number,
  at: number,
): CardEvent {
  const { providerRef, holdEndsAt, multicapture } = present;
  const isLate = c.authorizedMinor === 0 && authorizedMinor === c.requestedMinor;
  return isLate
    ? {
        type: 'hold.found',
        at,
        providerRef,
        amountMinor: authorizedMinor,
        holdEndsAt,
        multicapture,
      }
    : contradicts('another amount was authorized there', at);
}

/** By reference, and never more in all than the provider shows: what an operator resolved may be
 *  counted here under another one. */
function refundDifference(
  c: CardContext,
  pictures: readonly CardPicture[],
  at: number,
): CardEvent | null {
  const refunds = pictures.flatMap((picture) =>
    picture.refunds.map((refund) => ({ ...refund, upon: picture.providerRef })),
  );
  // What failed first: else money that came back and was given back again would be counted twice.
  for (const { operationId, providerRef, reason, status } of refunds) {
    const key = countedAs(c, providerRef, operationId);
    const counted = key === null ? undefined : c.refunds[key];
    if (status !== 'failed' || key === null || counted === undefined) continue;
    const { amountMinor } = counted;
    return { type: 'refund.failed', at, amountMinor, providerRef: key, reason };
  }
  const succeeded = refunds.filter(({ status }) => status === 'succeeded');
  // Never beyond what the provider shows in all: one may be counted here under another name.
  const newMinor =
    succeeded.reduce((total, { amountMinor }) => total + amountMinor, 0) - c.refundedMinor;
  for (const { amountMinor, operationId, providerRef, upon } of succeeded) {
    if (newMinor <= 0 || countedAs(c, providerRef, operationId) !== null) continue;
    return amountMinor <= newMinor
      ? { type: 'refund.found', at, amountMinor, providerRef, upon }
      : contradicts('a refund that is counted here is not there', at);
  }
  return newMinor < 0 ? contradicts('less was given back there than here', at) : null;
}

/** Ours is counted under our own id where nobody knew the provider's: an operator resolved it. */
function countedAs(c: CardContext, providerRef: string, operationId: string | null): string | null {
  if (c.refunds[providerRef] !== undefined) return providerRef;
  return operationId !== null && c.refunds[operationId] !== undefined ? operationId : null;
}

function disputeDifference(
  c: CardContext,
  pictures: readonly CardPicture[],
  at: number,
): CardEvent | null {
  const disputes = pictures.flatMap((picture) =>
    picture.disputes.map((dispute) => ({ ...dispute, upon: picture.providerRef })),
  );
  for (const { foreignAmount, upon, ...dispute } of disputes) {
    const { amountMinor, providerRef, reason, respondBy, status } = dispute;
    const known = c.disputes[providerRef];
    if (known === undefined) {
      if (foreignAmount !== undefined) {
        return contradicts(`${providerRef} disputes ${foreignAmount}, another currency`, at);
      }
      const opened = { at, providerRef, amountMinor, reason, respondBy };
      return c.version === 1
        ? { type: 'dispute.opened', ...opened }
        : { type: 'dispute.opened', ...opened, upon };
    }
    if (isAnotherAmount(c, known, dispute, foreignAmount)) {
      return { type: 'dispute.changed', at, providerRef, amountMinor };
    }
    const isDecided = known.status === 'open' && status !== 'open';
    const isReversed = known.status === 'lost' && status === 'won';
    if (!isDecided && !isReversed) continue;
    return { type: `dispute.${status}`, at, providerRef, amountMinor: known.amountMinor };
  }
  return null;
}

const isAnotherAmount = (
  c: CardContext,
  known: Dispute,
  { amountMinor, status }: CardPicture['disputes'][number],
  foreignAmount: string | undefined,
): boolean =>
  c.version > 1 &&
  foreignAmount === undefined &&
  known.status === 'open' &&
  status === 'open' &&
  amountMinor > 0 &&
  amountMinor !== known.amountMinor;

const contradicts = (reason: string, at: number): CardEvent => ({
  type: 'picture.contradicted',
  at,
  reason,
});

/** Does the journal say already what the news says? Then there is nothing to ask. */
export function knowsClaim(c: CardContext, claim: CardClaim): boolean {
  switch (claim.says) {
    case 'authorized':
      return c.authorizedMinor > 0 && providerRefs(c).includes(claim.upon);
    case 'declined':
      // A renewal, or another card of the same buyer: where there is money already, it moved none.
      return c.operation === null && (c.authorizedMinor > 0 || wasDeclined(c));
    case 'hold_ends':
      if (openHoldMinor(c) === 0 || claim.upon !== c.providerRef) return c.operation === null;
      return c.holdEndsAt === claim.endsAt;
    case 'captured':
      return knowsCapture(c, claim);
    case 'refunded':
      return refundedOfHoldMinor(c, claim.upon) >= claim.amountMinor;
    case 'released':
      if (c.operation !== null) return false;
      // A hold that was replaced is counted as given back since then, and one that nobody knows here
      // holds nothing any more.
      if (c.providerRef !== null && claim.upon !== c.providerRef) return true;
      return claim.upon === c.providerRef && openHoldMinor(c) === 0 && c.endedBy !== null;
    case 'refund':
      if (claim.status === 'pending') return c.operation === null;
      if (claim.status === 'succeeded') return c.refunds[claim.providerRef] !== undefined;
      // It may be the one in flight or one that is pending, which may have no reference of its own yet.
      return (
        c.refunds[claim.providerRef] === undefined &&
        c.operation?.verb !== 'refund' &&
        Object.keys(c.pendingRefunds).length === 0
      );
    case 'dispute': {
      const known = c.disputes[claim.providerRef];
      if (known === undefined) return false;
      const isSameAmount = (claim.amountMinor ?? known.amountMinor) === known.amountMinor;
      return claim.status === 'open'
        ? isSameAmount || known.status !== 'open'
        : known.status === claim.status;
    }
    case 'changed':
      return false;
  }
}

const formerHold = (c: CardContext, ref: string): CardContext['formerHolds'][number] | undefined =>
  c.formerHolds.find(({ providerRef }) => providerRef === ref);

function knowsCapture(
  c: CardContext,
  { upon, amountMinor, isOver }: Extract<CardClaim, { says: 'captured' }>,
): boolean {
  const former = formerHold(c, upon);
  if (former !== undefined) return former.capturedMinor >= amountMinor;
  if (upon !== c.providerRef || capturedOfHoldMinor(c) < amountMinor) return false;
  return !isOver || openHoldMinor(c) === 0;
}
