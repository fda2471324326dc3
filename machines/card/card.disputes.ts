/** Disputes: the provider takes the money at once, and gives it back when the merchant wins. */
import type { CardEvent } from './card.events.ts';
import type { CardContext, Dispute } from './card.types.ts';

type DisputeEvent = Extract<CardEvent, { type: `dispute.${string}` }>;

export function recordDispute(c: CardContext, event: DisputeEvent): CardContext {
  const { providerRef, amountMinor } = event;
  const before = c.disputes[providerRef];
  const put = (dispute: Dispute): CardContext => ({
    ...c,
    disputes: { ...c.disputes, [providerRef]: dispute },
  });
  switch (event.type) {
    case 'dispute.opened': {
      const { reason, respondBy, upon } = event;
      return {
        ...put({
          amountMinor,
          status: 'open',
          reason,
          respondBy,
          ...(upon === undefined ? {} : { upon }),
        }),
        disputedMinor: c.disputedMinor + amountMinor,
      };
    }
    case 'dispute.changed': {
      const changed = put({ reason: '', respondBy: null, status: 'open', ...before, amountMinor });
      const more = amountMinor - (before?.amountMinor ?? 0);
      return { ...changed, disputedMinor: c.disputedMinor + more };
    }
    case 'dispute.won': {
      const won = put({ reason: '', respondBy: null, ...before, amountMinor, status: 'won' });
      // On appeal also what was lost comes back.
      return before?.status === 'lost'
        ? { ...won, chargedBackMinor: c.chargedBackMinor - amountMinor }
        : { ...won, disputedMinor: c.disputedMinor - amountMinor };
    }
    case 'dispute.lost':
      return {
        ...put({ reason: '', respondBy: null, ...before, amountMinor, status: 'lost' }),
        disputedMinor: c.disputedMinor - amountMinor,
        chargedBackMinor: c.chargedBackMinor + amountMinor,
      };
  }
}
