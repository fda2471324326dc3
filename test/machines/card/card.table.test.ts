import { describe, expect, it } from 'vitest';
import { cardLifecycle } from '../../../machines/card/card.lifecycle.ts';
import type { Frozen } from '../../../machines/shared/lifecycle.ts';
import { cardMachine } from '../../../machines/card/card.machine.ts';
import { EVENTS, INQUIRING, STATES } from './card.states.ts';

const { applyEvent, deadline, pendingEffect } = cardLifecycle;

describe('the card chart', () => {
  it('has exactly these legal moves; every other pair is refused', () => {
    const table = [...STATES, ...INQUIRING].flatMap(({ name, state }) =>
      EVENTS.flatMap((event) => {
        const next = applyEvent(state, event);
        return next === null ? [] : [`${name} --${event.type}--> ${next.value}`];
      }),
    );
    expect(table).toMatchInlineSnapshot(`
      [
        "authorizing --authorization.approved--> authorized",
        "authorizing --sale.approved--> captured",
        "authorizing --authorization.declined--> declined",
        "authorizing --authorization.refused--> parked",
        "authorizing --authorization.unknown--> inquiring",
        "authorizing --authorization.absent--> expired",
        "authorizing --payment.abandoned--> expired",
        "authorizing --buyer.action_required--> awaiting_buyer",
        "authorizing --review.opened--> in_review",
        "awaiting_buyer --authorization.approved--> authorized",
        "awaiting_buyer --sale.approved--> captured",
        "awaiting_buyer --authorization.declined--> declined",
        "awaiting_buyer --authorization.refused--> parked",
        "awaiting_buyer --authorization.unknown--> inquiring",
        "awaiting_buyer --authorization.absent--> expired",
        "awaiting_buyer --buyer.timed_out--> voiding",
        "awaiting_buyer --review.opened--> in_review",
        "awaiting_buyer --void.requested--> voiding",
        "awaiting_buyer --recheck.requested--> awaiting_buyer",
        "awaiting_buyer --inquiry.due--> awaiting_buyer",
        "awaiting_buyer --inquiry.inconclusive--> awaiting_buyer",
        "in_review --authorization.approved--> authorized",
        "in_review --sale.approved--> captured",
        "in_review --authorization.declined--> declined",
        "in_review --authorization.refused--> parked",
        "in_review --authorization.unknown--> inquiring",
        "in_review --authorization.absent--> expired",
        "in_review --buyer.action_required--> awaiting_buyer",
        "in_review --recheck.requested--> in_review",
        "in_review --inquiry.due--> in_review",
        "in_review --inquiry.inconclusive--> in_review",
        "in_review --inquiry.exhausted--> parked",
        "authorized --capture.requested--> capturing",
        "authorized --void.requested--> voiding",
        "authorized --hold.due--> authorized",
        "authorized --hold.expired--> expired",
        "authorized --recheck.requested--> authorized",
        "authorized --inquiry.due--> authorized",
        "authorized --inquiry.inconclusive--> authorized",
        "capturing --capture.succeeded--> partially_captured",
        "capturing --capture.pending--> capturing",
        "capturing --capture.declined--> authorized",
        "capturing --capture.refused--> authorized",
        "capturing --capture.unknown--> inquiring",
        "capturing --capture.absent--> authorized",
        "capturing --hold.expired--> expired",
        "capturing --inquiry.due--> capturing",
        "capturing --inquiry.inconclusive--> capturing",
        "capturing --inquiry.exhausted--> parked",
        "partially_captured --capture.requested--> capturing",
        "partially_captured --void.requested--> voiding",
        "partially_captured --refund.requested--> refunding",
        "partially_captured --hold.due--> partially_captured",
        "partially_captured --hold.expired--> captured",
        "partially_captured --recheck.requested--> partially_captured",
        "partially_captured --inquiry.due--> partially_captured",
        "partially_captured --inquiry.inconclusive--> partially_captured",
        "captured --refund.requested--> refunding",
        "voiding --void.succeeded--> voided",
        "voiding --void.pending--> voiding",
        "voiding --void.declined--> authorized",
        "voiding --void.refused--> authorized",
        "voiding --void.unknown--> inquiring",
        "voiding --void.absent--> authorized",
        "voiding --hold.expired--> expired",
        "voiding --inquiry.due--> voiding",
        "voiding --inquiry.inconclusive--> voiding",
        "voiding --inquiry.exhausted--> parked",
        "refunding --refund.succeeded--> partially_refunded",
        "refunding --refund.pending--> refunding",
        "refunding --refund.declined--> captured",
        "refunding --refund.refused--> captured",
        "refunding --refund.unknown--> inquiring",
        "refunding --refund.absent--> captured",
        "refunding --inquiry.due--> refunding",
        "refunding --inquiry.inconclusive--> refunding",
        "refunding --inquiry.exhausted--> parked",
        "partially_refunded --refund.requested--> refunding",
        "inquiring --authorization.approved--> authorized",
        "inquiring --sale.approved--> captured",
        "inquiring --authorization.declined--> declined",
        "inquiring --authorization.refused--> parked",
        "inquiring --authorization.absent--> expired",
        "inquiring --buyer.action_required--> awaiting_buyer",
        "inquiring --review.opened--> in_review",
        "inquiring --recheck.requested--> inquiring",
        "inquiring --inquiry.due--> inquiring",
        "inquiring --inquiry.inconclusive--> inquiring",
        "inquiring --inquiry.exhausted--> parked",
        "parked --recheck.requested--> inquiring",
        "inquiring(capture) --capture.succeeded--> partially_captured",
        "inquiring(capture) --capture.pending--> capturing",
        "inquiring(capture) --capture.declined--> authorized",
        "inquiring(capture) --capture.refused--> authorized",
        "inquiring(capture) --capture.absent--> authorized",
        "inquiring(capture) --hold.expired--> expired",
        "inquiring(capture) --recheck.requested--> inquiring",
        "inquiring(capture) --inquiry.due--> inquiring",
        "inquiring(capture) --inquiry.inconclusive--> inquiring",
        "inquiring(capture) --inquiry.exhausted--> parked",
        "inquiring(void) --void.succeeded--> voided",
        "inquiring(void) --void.pending--> voiding",
        "inquiring(void) --void.declined--> authorized",
        "inquiring(void) --void.refused--> authorized",
        "inquiring(void) --void.absent--> authorized",
        "inquiring(void) --hold.expired--> expired",
        "inquiring(void) --recheck.requested--> inquiring",
        "inquiring(void) --inquiry.due--> inquiring",
        "inquiring(void) --inquiry.inconclusive--> inquiring",
        "inquiring(void) --inquiry.exhausted--> parked",
        "inquiring(refund) --refund.succeeded--> partially_refunded",
        "inquiring(refund) --refund.pending--> refunding",
        "inquiring(refund) --refund.declined--> captured",
        "inquiring(refund) --refund.refused--> captured",
        "inquiring(refund) --refund.absent--> captured",
        "inquiring(refund) --recheck.requested--> inquiring",
        "inquiring(refund) --inquiry.due--> inquiring",
        "inquiring(refund) --inquiry.inconclusive--> inquiring",
        "inquiring(refund) --inquiry.exhausted--> parked",
      ]
    `);
  });

  it('has a sample of every state and of every event in the table', () => {
    const states = Object.keys(cardMachine.states);
    const events = Object.values(cardMachine.states).flatMap((node) => node.ownEvents);
    expect(STATES.map(({ name }) => name).toSorted()).toEqual(states.toSorted());
    expect(EVENTS.map(({ type }) => type).toSorted()).toEqual([...new Set(events)].toSorted());
  });

  it('owes every state that is neither final nor at rest an effect or a deadline', () => {
    const waiting = [...STATES, ...INQUIRING].map(({ name, state }) => {
      const owed = pendingEffect(state)?.type ?? deadline(state)?.event.type ?? 'nothing';
      return `${name}: ${owed}`;
    });
    expect(waiting).toMatchInlineSnapshot(`
      [
        "authorizing: authorize",
        "awaiting_buyer: inquiry.due",
        "in_review: inquiry.due",
        "authorized: hold.due",
        "capturing: capture",
        "partially_captured: hold.due",
        "captured: nothing",
        "voiding: void",
        "voided: nothing",
        "refunding: refund",
        "partially_refunded: nothing",
        "refunded: nothing",
        "declined: nothing",
        "expired: nothing",
        "inquiring: inquire",
        "parked: nothing",
        "inquiring(capture): inquire",
        "inquiring(void): inquire",
        "inquiring(refund): inquire",
      ]
    `);
  });

  it('offers these commands in each state', () => {
    const offered = STATES.map(({ name, state }) => {
      const commands = cardLifecycle.commands(state);
      return `${name}: ${commands.map(({ verb, maxMinor = '' }) => `${verb} ${maxMinor}`.trim()).join(', ') || 'none'}`;
    });
    expect(offered).toMatchInlineSnapshot(`
      [
        "authorizing: none",
        "awaiting_buyer: void",
        "in_review: none",
        "authorized: capture 1050, void",
        "capturing: none",
        "partially_captured: capture 650, void, refund 400",
        "captured: refund 1050",
        "voiding: none",
        "voided: none",
        "refunding: none",
        "partially_refunded: refund 650",
        "refunded: none",
        "declined: none",
        "expired: none",
        "inquiring: none",
        "parked: none",
      ]
    `);
  });

  it('goes on from a frozen state as from the live one', () => {
    for (const { state } of [...STATES, ...INQUIRING]) {
      const frozen = JSON.parse(JSON.stringify(cardLifecycle.freeze(state))) as Frozen;
      expect(frozen).toEqual(cardLifecycle.freeze(state));
      const thawed = cardLifecycle.thaw(frozen);
      for (const event of EVENTS) {
        const live = applyEvent(state, event);
        const woken = applyEvent(thawed, event);
        expect(woken && cardLifecycle.freeze(woken)).toEqual(live && cardLifecycle.freeze(live));
      }
    }
  });
});
