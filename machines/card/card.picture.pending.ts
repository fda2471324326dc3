/** What the provider shows of refunds that were pending. */
import type { CardEvent } from './card.events.ts';
import type { CardContext, CardPicture, PendingRefund } from './card.types.ts';

type Refund = CardPicture['refunds'][number];

/** The first of them that is done, or will never be; null while all are pending still. */
export function pendingDifference(
  c: CardContext,
  pictures: readonly CardPicture[],
  at: number,
): CardEvent | null {
  const shown = pictures.flatMap(({ refunds }) => refunds);
  for (const [operationId, pending] of Object.entries(c.pendingRefunds)) {
    const refund = shown.find((each) => isSame(each, operationId, pending));
    if (refund === undefined || refund.status === 'pending') continue;
    const { amountMinor } = pending;
    const { providerRef, reason } = refund;
    if (refund.status === 'succeeded' && refund.amountMinor === amountMinor) {
      return { type: 'refund.succeeded', at, operationId, amountMinor, providerRef };
    }
    if (refund.status === 'succeeded') {
      const why = `the refund ${providerRef} is of another amount there than here`;
      return { type: 'picture.contradicted', at, reason: why };
    }
    const message = 'The provider accepted the refund, and could not carry it out.';
    const no = { verb: 'refund', code: reason ?? 'refund_failed', message, advice: null };
    return { type: 'refund.declined', at, operationId, decline: no };
  }
  return null;
}

const isSame = (refund: Refund, operationId: string, { providerRef }: PendingRefund): boolean =>
  refund.operationId === operationId ||
  (providerRef !== null && refund.providerRef === providerRef);
