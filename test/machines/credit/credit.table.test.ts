import { describe, expect, it } from 'vitest';
import type { CreditEvent } from '../../../machines/credit/credit.events.ts';
import { creditLifecycle } from '../../../machines/credit/credit.lifecycle.ts';
import { creditMachine } from '../../../machines/credit/credit.machine.ts';
import { EVENTS, STATES } from './credit.states.ts';

describe('the credit chart', () => {
  it('has exactly these legal moves; every other pair is refused', () => {
    const table = STATES.flatMap(({ name, state }) =>
      EVENTS.flatMap((event) => {
        const next = creditLifecycle.applyEvent(state, event);
        return next === null ? [] : [`${name} --${event.type}--> ${next.value}`];
      }),
    );
    expect(table).toMatchInlineSnapshot(`
      [
        "ordering --offer.approved--> offered",
        "ordering --offer.refused--> declined",
        "ordering --offer.unknown--> inquiring",
        "ordering --payment.abandoned--> expired",
        "offered --offer.timed_out--> expired",
        "offered --acceptance.claimed--> accepting",
        "offered --offer.withdrawn--> cancelled",
        "offered --recheck.requested--> offered",
        "offered --order.found--> authorized",
        "offered --review.found--> in_review",
        "offered --cancellation.found--> declined",
        "offered --picture.confirmed--> offered",
        "offered --picture.contradicted--> offered",
        "offered --news.received--> offered",
        "offered --inquiry.due--> offered",
        "offered --inquiry.inconclusive--> offered",
        "offered --inquiry.exhausted--> offered",
        "accepting --acceptance.rejected--> offered",
        "accepting --recheck.requested--> accepting",
        "accepting --order.found--> authorized",
        "accepting --review.found--> in_review",
        "accepting --cancellation.found--> declined",
        "accepting --news.received--> accepting",
        "accepting --inquiry.due--> accepting",
        "accepting --inquiry.inconclusive--> accepting",
        "accepting --inquiry.exhausted--> offered",
        "in_review --acceptance.claimed--> in_review",
        "in_review --cancellation.requested--> cancelling",
        "in_review --recheck.requested--> in_review",
        "in_review --order.found--> authorized",
        "in_review --cancellation.found--> declined",
        "in_review --picture.confirmed--> in_review",
        "in_review --picture.contradicted--> in_review",
        "in_review --news.received--> in_review",
        "in_review --inquiry.due--> in_review",
        "in_review --inquiry.inconclusive--> in_review",
        "in_review --inquiry.exhausted--> in_review",
        "authorized --acceptance.claimed--> authorized",
        "authorized --invoice.requested--> invoicing",
        "authorized --cancellation.requested--> cancelling",
        "authorized --recheck.requested--> authorized",
        "authorized --cancellation.found--> cancelled",
        "authorized --order.lapsed--> expired",
        "authorized --invoice.found--> invoiced",
        "authorized --picture.confirmed--> authorized",
        "authorized --picture.contradicted--> authorized",
        "authorized --order.expiry_due--> authorized",
        "authorized --news.received--> authorized",
        "invoicing --invoice.approved--> shipping",
        "invoicing --invoice.refused--> authorized",
        "invoicing --invoice.unknown--> inquiring",
        "invoicing --invoice.declined--> authorized",
        "invoicing --invoice.absent--> authorized",
        "shipping --shipment.approved--> invoiced",
        "shipping --shipment.refused--> ship_failed",
        "shipping --shipment.unknown--> inquiring",
        "shipping --shipment.declined--> ship_failed",
        "shipping --shipment.absent--> ship_failed",
        "ship_failed --acceptance.claimed--> ship_failed",
        "ship_failed --shipment.requested--> shipping",
        "ship_failed --invoice_cancellation.requested--> cancelling",
        "ship_failed --return.requested--> returning",
        "ship_failed --recheck.requested--> ship_failed",
        "ship_failed --cancellation.found--> ship_failed",
        "ship_failed --return.found--> ship_failed",
        "ship_failed --invoice_cancellation.found--> authorized",
        "ship_failed --invoice.funded--> ship_failed",
        "ship_failed --invoice.closed--> ship_failed",
        "ship_failed --picture.confirmed--> ship_failed",
        "ship_failed --picture.contradicted--> ship_failed",
        "ship_failed --funding.overdue--> ship_failed",
        "ship_failed --news.received--> ship_failed",
        "invoiced --acceptance.claimed--> invoiced",
        "invoiced --invoice_cancellation.requested--> cancelling",
        "invoiced --return.requested--> returning",
        "invoiced --recheck.requested--> invoiced",
        "invoiced --cancellation.found--> invoiced",
        "invoiced --return.found--> returned",
        "invoiced --invoice_cancellation.found--> authorized",
        "invoiced --invoice.funded--> funded",
        "invoiced --invoice.closed--> closed",
        "invoiced --picture.confirmed--> invoiced",
        "invoiced --picture.contradicted--> invoiced",
        "invoiced --funding.overdue--> funding_late",
        "invoiced --news.received--> invoiced",
        "funding_late --acceptance.claimed--> funding_late",
        "funding_late --invoice_cancellation.requested--> cancelling",
        "funding_late --return.requested--> returning",
        "funding_late --recheck.requested--> funding_late",
        "funding_late --cancellation.found--> funding_late",
        "funding_late --return.found--> returned",
        "funding_late --invoice_cancellation.found--> authorized",
        "funding_late --invoice.funded--> funded",
        "funding_late --invoice.closed--> closed",
        "funding_late --picture.confirmed--> funding_late",
        "funding_late --picture.contradicted--> funding_late",
        "funding_late --news.received--> funding_late",
        "funding_late --inquiry.due--> funding_late",
        "funding_late --inquiry.inconclusive--> funding_late",
        "funding_late --inquiry.exhausted--> funding_late",
        "partially_funded --acceptance.claimed--> partially_funded",
        "partially_funded --recheck.requested--> partially_funded",
        "partially_funded --cancellation.found--> funded",
        "partially_funded --invoice.found--> invoiced",
        "partially_funded --invoice.closed--> partially_funded",
        "partially_funded --picture.confirmed--> partially_funded",
        "partially_funded --picture.contradicted--> partially_funded",
        "partially_funded --order.expiry_due--> partially_funded",
        "partially_funded --news.received--> partially_funded",
        "funded --acceptance.claimed--> funded",
        "funded --return.requested--> returning",
        "funded --recheck.requested--> funded",
        "funded --cancellation.found--> funded",
        "funded --return.found--> returned",
        "funded --invoice.closed--> closed",
        "funded --picture.confirmed--> funded",
        "funded --picture.contradicted--> funded",
        "funded --news.received--> funded",
        "closed --acceptance.claimed--> closed",
        "closed --return.requested--> returning",
        "closed --recheck.requested--> closed",
        "closed --cancellation.found--> closed",
        "closed --return.found--> returned",
        "closed --picture.confirmed--> closed",
        "closed --picture.contradicted--> closed",
        "closed --news.received--> closed",
        "returning --return.approved--> returned",
        "returning --return.refused--> funded",
        "returning --return.unknown--> inquiring",
        "returning --return.declined--> funded",
        "returning --return.absent--> funded",
        "returned --acceptance.claimed--> returned",
        "returned --recheck.requested--> returned",
        "returned --cancellation.found--> returned",
        "returned --invoice.closed--> returned",
        "returned --picture.confirmed--> returned",
        "returned --picture.contradicted--> returned",
        "returned --news.received--> returned",
        "cancelling --cancellation.approved--> cancelled",
        "cancelling --cancellation.refused--> authorized",
        "cancelling --cancellation.unknown--> inquiring",
        "cancelling --cancellation.declined--> authorized",
        "cancelling --cancellation.absent--> authorized",
        "cancelled --recheck.requested--> cancelled",
        "cancelled --picture.confirmed--> cancelled",
        "cancelled --picture.contradicted--> cancelled",
        "cancelled --news.received--> cancelled",
        "declined --recheck.requested--> declined",
        "declined --order.found--> authorized",
        "declined --review.found--> in_review",
        "declined --picture.confirmed--> declined",
        "declined --picture.contradicted--> declined",
        "declined --news.received--> declined",
        "expired --acceptance.claimed--> accepting",
        "expired --recheck.requested--> expired",
        "expired --order.found--> authorized",
        "expired --picture.confirmed--> expired",
        "expired --picture.contradicted--> expired",
        "expired --news.received--> expired",
        "expired --inquiry.due--> expired",
        "expired --inquiry.inconclusive--> expired",
        "expired --inquiry.exhausted--> expired",
        "inquiring --invoice.approved--> shipping",
        "inquiring --invoice.refused--> authorized",
        "inquiring --invoice.declined--> authorized",
        "inquiring --invoice.absent--> authorized",
        "inquiring --recheck.requested--> inquiring",
        "inquiring --news.received--> inquiring",
        "inquiring --inquiry.due--> inquiring",
        "inquiring --inquiry.inconclusive--> inquiring",
        "inquiring --inquiry.exhausted--> parked",
        "parked --recheck.requested--> inquiring",
        "parked --resolution.proposed--> inquiring",
        "parked --news.received--> inquiring",
        "ordering --order.approved--> authorized",
        "ordering --order.refused--> declined",
        "ordering --order.unknown--> inquiring",
        "ordering --order.declined--> declined",
        "ordering --order.absent--> expired",
        "ordering --order.reviewed--> in_review",
      ]
    `);
  });

  it('has a sample of every state and of every event in the table', () => {
    const nodes = Object.values(creditMachine.states);
    for (const { name, state } of STATES) expect(state.value).toBe(name);
    expect([...new Set(STATES.map(({ name }) => name))].toSorted()).toEqual(
      Object.keys(creditMachine.states).toSorted(),
    );
    const events = new Set<string>(nodes.flatMap((node) => node.ownEvents));
    expect([...new Set(EVENTS.map(({ type }) => type))].toSorted()).toEqual([...events].toSorted());
  });

  it('waits for exactly one thing in each state that is neither final nor at rest', () => {
    const waits = STATES.map(({ name, state }) => {
      const effect = creditLifecycle.pendingEffect(state);
      const deadline = creditLifecycle.deadline(state);
      return `${name}: ${effect?.type ?? '-'} / ${deadline?.event.type ?? '-'}`;
    });
    expect(waits).toMatchInlineSnapshot(`
      [
        "ordering: offer / -",
        "offered: - / inquiry.due",
        "accepting: inquire / -",
        "in_review: - / inquiry.due",
        "authorized: - / order.expiry_due",
        "invoicing: invoice / -",
        "shipping: ship / -",
        "ship_failed: - / funding.overdue",
        "invoiced: - / funding.overdue",
        "funding_late: inquire / -",
        "partially_funded: - / order.expiry_due",
        "funded: - / -",
        "closed: - / -",
        "returning: return / -",
        "returned: - / -",
        "cancelling: cancel / -",
        "cancelled: - / -",
        "declined: - / -",
        "expired: inquire / -",
        "inquiring: inquire / -",
        "parked: - / -",
        "ordering: order / -",
      ]
    `);
  });

  it('offers only what it then accepts', () => {
    const resolves = { outcome: 'succeeded', reason: 'seen there' } as const;
    const needs: Record<string, object> = {
      accept: { providerRef: 'order_1' },
      resolve: { ...resolves, providerRef: 'invoice_1' },
    };
    for (const { state } of STATES) {
      for (const { verb } of creditLifecycle.commands(state)) {
        const asked = creditLifecycle.decide(state, { verb, ...needs[verb] }, 1);
        expect(asked, `${verb} in ${state.value}`).toHaveProperty('type');
        expect(creditLifecycle.applyEvent(state, asked as CreditEvent)).not.toBeNull();
      }
    }
  });

  it('refuses every verb that it does not offer, and says what it does', () => {
    for (const { state } of STATES) {
      const offered = new Set(creditLifecycle.commands(state).map(({ verb }) => verb));
      for (const verb of creditLifecycle.verbs.filter((each) => !offered.has(each))) {
        expect(
          creditLifecycle.decide(state, { verb }, 1),
          `${verb} in ${state.value}`,
        ).toMatchObject({ code: 'illegal-transition' });
      }
    }
  });
});
