/** What the provider and the issuer show of their doubts about the buyer. No money moves with it. */
import type { CardEvent } from './card.events.ts';
import type { CardContext, CardPicture } from './card.types.ts';

export function riskDifference(
  c: CardContext,
  pictures: readonly CardPicture[],
  at: number,
): CardEvent | null {
  for (const { fraudWarnings = [], review } of pictures) {
    const warning = fraudWarnings.find(({ providerRef }) => !(providerRef in c.fraudWarnings));
    if (warning !== undefined) return { type: 'fraud_warning.received', at, ...warning };
    if (review === undefined || !isNews(c, review)) continue;
    const { isOpen, providerRef, reason } = review;
    return { type: isOpen ? 'risk_review.opened' : 'risk_review.closed', at, providerRef, reason };
  }
  return null;
}

/** One that was over before anybody heard of it is told as well: it says why the payment waited. */
const isNews = (c: CardContext, review: NonNullable<CardPicture['review']>): boolean =>
  c.review?.providerRef === review.providerRef
    ? c.review.isOpen !== review.isOpen
    : c.review === null || review.isOpen;
