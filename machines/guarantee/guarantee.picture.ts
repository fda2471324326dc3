/** What the provider shows of an order → the facts that make ours the same. Pure. */
import {
  claimableMinor,
  isAliveThere,
  netMinor,
  openMinor,
  paidThereMinor,
} from './guarantee.amounts.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeContext, GuaranteePicture } from './guarantee.types.ts';

/** No facts: it shows nothing new. A `null` picture: the provider has no such order any more. */
export function factsOf(
  c: GuaranteeContext,
  picture: GuaranteePicture | null,
  at: number,
): readonly GuaranteeEvent[] {
  if (c.operation?.verb === 'release') return [isReleased(c, c.operation.id, picture, at)];
  if (c.operation !== null) return [];
  return atRest(c, picture, at);
}

/** An operator says that the limit is free: what could the provider say against it? */
function isReleased(
  c: GuaranteeContext,
  operationId: string,
  picture: GuaranteePicture | null,
  at: number,
): GuaranteeEvent {
  const isOver = picture === null || picture.stage === 'cancelled' || picture.stage === 'denied';
  const isOpposed = picture !== null && (picture.stands || picture.stage !== null);
  if (isOver || !isOpposed) return { type: 'limit.released', at, operationId };
  const reason = `order ${c.orderId} is ${words(picture)}`;
  return { type: 'release.contradicted', at, operationId, reason };
}

const words = ({ stage }: GuaranteePicture): string =>
  stage === null ? 'in force' : stage.replaceAll('_', ' ');

function atRest(
  c: GuaranteeContext,
  picture: GuaranteePicture | null,
  at: number,
): readonly GuaranteeEvent[] {
  const contradicted = (reason: string): readonly GuaranteeEvent[] => [
    { type: 'picture.contradicted', at, reason },
  ];
  if (c.isOrderClosed) return [];
  if (picture === null) return contradicted(`${c.provider} has no order ${c.orderId}`);
  switch (picture.stage) {
    case 'cancelled':
      return isCancelled(c, at, contradicted);
    case 'paid': {
      const amountMinor = paidThereMinor(c);
      if (c.stage !== 'guaranteed')
        return contradicted('the order is paid there, and is not guaranteed here');
      // It may only repeat what it was told.
      return amountMinor === 0 ? [] : [{ type: 'payment.found', at, amountMinor }];
    }
    case 'claimed': {
      const amountMinor = claimableMinor(c);
      // What was recorded of it by hand is all that anybody knows to have come.
      if (c.stage === 'guaranteed' && (amountMinor === 0 || c.claimedMinor > 0)) return [];
      return c.stage === 'guaranteed'
        ? [{ type: 'claim.found', at, amountMinor }]
        : contradicted(`${c.provider} has paid, and it is not guaranteed here`);
    }
    case 'captured':
      return c.stage === 'reserved'
        ? [{ type: 'capture.found', at }]
        : sameStage(c, ['captured'], contradicted, picture);
    case 'reserved':
      return sameStage(c, ['reserved'], contradicted, picture);
    case 'guarantee_denied':
      return sameStage(c, ['denied'], contradicted, picture);
    case 'guaranteed':
    case 'overdue':
      return sameStage(c, ['guaranteed'], contradicted, picture);
    case 'denied':
      return contradicted('the order is denied there');
    case null:
      return byStatus(c, picture, at, contradicted);
  }
}

type Contradicted = (reason: string) => readonly GuaranteeEvent[];

function isCancelled(
  c: GuaranteeContext,
  at: number,
  contradicted: Contradicted,
): readonly GuaranteeEvent[] {
  const isOver = openMinor(c) === 0;
  const frees = isOver ? isAliveThere(c) : netMinor(c) === 0;
  if (frees) return [{ type: 'cancellation.found', at }];
  return isOver ? [] : contradicted('the order is cancelled there, but money came for it');
}

const sameStage = (
  c: GuaranteeContext,
  stages: readonly GuaranteeContext['stage'][],
  contradicted: Contradicted,
  picture: GuaranteePicture,
): readonly GuaranteeEvent[] =>
  stages.includes(c.stage)
    ? []
    : contradicted(`the order is ${words(picture)} there, and ${c.stage} here`);

/** The words are not understood: only whether the order stands. */
function byStatus(
  c: GuaranteeContext,
  { stands }: GuaranteePicture,
  at: number,
  contradicted: Contradicted,
): readonly GuaranteeEvent[] {
  // A limit that is blocked is free when somebody says so in words that are understood.
  if (c.isLimitBlocked || c.stage === 'denied' || stands) return [];
  return contradicted('the order does not stand there any more');
}
