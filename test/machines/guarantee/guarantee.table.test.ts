import { describe, expect, it } from 'vitest';
import type { GuaranteeEvent } from '../../../machines/guarantee/guarantee.events.ts';
import { guaranteeLifecycle } from '../../../machines/guarantee/guarantee.lifecycle.ts';
import { guaranteeMachine } from '../../../machines/guarantee/guarantee.machine.ts';
import { EVENTS, STATES } from './guarantee.states.ts';

describe('the guarantee chart', () => {
  it('has exactly these legal moves; every other pair is refused', () => {
    const table = STATES.flatMap(({ name, state }) =>
      EVENTS.flatMap((event) => {
        const next = guaranteeLifecycle.applyEvent(state, event);
        return next === null ? [] : [`${name} --${event.type}--> ${next.value}`];
      }),
    );
    expect(table).toMatchInlineSnapshot(`
      [
        "reserving --reservation.approved--> reserved",
        "reserving --reservation.declined--> declined",
        "reserving --reservation.refused--> declined",
        "reserving --reservation.unknown--> inquiring",
        "reserving --reservation.absent--> expired",
        "reserving --payment.abandoned--> expired",
        "reserving --receipt.recorded--> reserving",
        "reserved --modification.requested--> modifying",
        "reserved --capture.requested--> capturing",
        "reserved --cancellation.requested--> cancelling",
        "reserved --receipt.recorded--> paid",
        "reserved --recheck.requested--> reserved",
        "reserved --reservation.aged--> reserved",
        "reserved --capture.found--> captured",
        "reserved --cancellation.found--> cancelled",
        "reserved --picture.confirmed--> reserved",
        "reserved --picture.contradicted--> reserved",
        "reserved --news.received--> reserved",
        "modifying --modification.approved--> reserved",
        "modifying --modification.declined--> reserved",
        "modifying --modification.refused--> reserved",
        "modifying --modification.unknown--> inquiring",
        "modifying --modification.absent--> reserved",
        "modifying --receipt.recorded--> modifying",
        "capturing --capture.approved--> captured",
        "capturing --capture.declined--> reserved",
        "capturing --capture.refused--> reserved",
        "capturing --capture.unknown--> inquiring",
        "capturing --capture.absent--> reserved",
        "capturing --receipt.recorded--> capturing",
        "captured --activation.requested--> activating",
        "captured --cancellation.requested--> cancelling",
        "captured --receipt.recorded--> paid",
        "captured --recheck.requested--> captured",
        "captured --reservation.aged--> captured",
        "captured --cancellation.found--> cancelled",
        "captured --picture.confirmed--> captured",
        "captured --picture.contradicted--> captured",
        "captured --news.received--> captured",
        "activating --activation.approved--> guaranteed",
        "activating --activation.declined--> guarantee_denied",
        "activating --activation.refused--> captured",
        "activating --activation.unknown--> inquiring",
        "activating --activation.absent--> captured",
        "activating --receipt.recorded--> activating",
        "guaranteed --receipt.recorded--> applying",
        "guaranteed --recheck.requested--> guaranteed",
        "guaranteed --payment.overdue--> overdue",
        "guaranteed --cancellation.found--> cancelled",
        "guaranteed --payment.found--> paid",
        "guaranteed --claim.found--> claimed",
        "guaranteed --picture.confirmed--> guaranteed",
        "guaranteed --picture.contradicted--> guaranteed",
        "guaranteed --news.received--> guaranteed",
        "guarantee_denied --activation.requested--> activating",
        "guarantee_denied --receipt.recorded--> paid",
        "guarantee_denied --release.claimed--> releasing",
        "guarantee_denied --recheck.requested--> guarantee_denied",
        "guarantee_denied --cancellation.found--> cancelled",
        "guarantee_denied --picture.confirmed--> guarantee_denied",
        "guarantee_denied --picture.contradicted--> guarantee_denied",
        "guarantee_denied --news.received--> guarantee_denied",
        "overdue --receipt.recorded--> applying",
        "overdue --claim.recorded--> claimed",
        "overdue --payment.written_off--> written_off",
        "overdue --recheck.requested--> overdue",
        "overdue --cancellation.found--> cancelled",
        "overdue --payment.found--> paid",
        "overdue --claim.found--> claimed",
        "overdue --picture.confirmed--> overdue",
        "overdue --picture.contradicted--> overdue",
        "overdue --news.received--> overdue",
        "applying --application.approved--> paid",
        "applying --application.declined--> paid",
        "applying --application.refused--> paid",
        "applying --application.unknown--> inquiring",
        "applying --application.absent--> paid",
        "applying --receipt.recorded--> applying",
        "applying --receipt.bounced--> applying",
        "applying --refund.recorded--> applying",
        "paid --receipt.recorded--> paid",
        "paid --receipt.bounced--> guaranteed",
        "paid --refund.recorded--> refunded",
        "paid --recheck.requested--> paid",
        "paid --picture.confirmed--> paid",
        "paid --picture.contradicted--> paid",
        "paid --news.received--> paid",
        "claimed --receipt.recorded--> claimed",
        "claimed --refund.recorded--> refunded",
        "claimed --recheck.requested--> claimed",
        "claimed --picture.confirmed--> claimed",
        "claimed --picture.contradicted--> claimed",
        "claimed --news.received--> claimed",
        "written_off --receipt.recorded--> applying",
        "written_off --recheck.requested--> written_off",
        "written_off --picture.confirmed--> written_off",
        "written_off --picture.contradicted--> written_off",
        "written_off --news.received--> written_off",
        "partially_refunded --receipt.recorded--> paid",
        "partially_refunded --receipt.bounced--> guaranteed",
        "partially_refunded --recheck.requested--> partially_refunded",
        "partially_refunded --picture.confirmed--> partially_refunded",
        "partially_refunded --picture.contradicted--> partially_refunded",
        "partially_refunded --news.received--> partially_refunded",
        "refunded --receipt.recorded--> paid",
        "refunded --receipt.bounced--> refunded",
        "refunded --recheck.requested--> refunded",
        "refunded --picture.confirmed--> refunded",
        "refunded --picture.contradicted--> refunded",
        "refunded --news.received--> refunded",
        "cancelling --cancellation.approved--> cancelled",
        "cancelling --cancellation.declined--> limit_blocked",
        "cancelling --cancellation.refused--> captured",
        "cancelling --cancellation.unknown--> inquiring",
        "cancelling --cancellation.absent--> captured",
        "cancelling --receipt.recorded--> cancelling",
        "cancelled --receipt.recorded--> cancelled",
        "limit_blocked --cancellation.requested--> cancelling",
        "limit_blocked --receipt.recorded--> paid",
        "limit_blocked --release.claimed--> releasing",
        "limit_blocked --recheck.requested--> limit_blocked",
        "limit_blocked --cancellation.found--> cancelled",
        "limit_blocked --picture.confirmed--> limit_blocked",
        "limit_blocked --picture.contradicted--> limit_blocked",
        "limit_blocked --news.received--> limit_blocked",
        "releasing --receipt.recorded--> releasing",
        "releasing --limit.released--> cancelled",
        "releasing --release.contradicted--> guarantee_denied",
        "releasing --inquiry.due--> releasing",
        "releasing --inquiry.inconclusive--> releasing",
        "declined --receipt.recorded--> declined",
        "expired --receipt.recorded--> expired",
        "inquiring --reservation.approved--> reserved",
        "inquiring --reservation.declined--> declined",
        "inquiring --reservation.refused--> declined",
        "inquiring --reservation.absent--> expired",
        "inquiring --receipt.recorded--> inquiring",
        "inquiring --recheck.requested--> inquiring",
        "inquiring --news.received--> inquiring",
        "inquiring --inquiry.due--> inquiring",
        "inquiring --inquiry.inconclusive--> inquiring",
        "inquiring --inquiry.exhausted--> parked",
        "parked --receipt.recorded--> parked",
        "parked --recheck.requested--> inquiring",
        "parked --resolution.proposed--> inquiring",
        "parked --news.received--> inquiring",
      ]
    `);
  });

  it('has a sample of every state and of every event in the table', () => {
    const nodes = Object.values(guaranteeMachine.states);
    for (const { name, state } of STATES) expect(state.value).toBe(name);
    expect(STATES.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(guaranteeMachine.states).toSorted(),
    );
    const events = new Set<string>(nodes.flatMap((node) => node.ownEvents));
    expect([...new Set(EVENTS.map(({ type }) => type))].toSorted()).toEqual([...events].toSorted());
  });

  it('waits for exactly one thing in each state that is neither final nor at rest', () => {
    const waits = STATES.map(({ name, state }) => {
      const effect = guaranteeLifecycle.pendingEffect(state);
      const deadline = guaranteeLifecycle.deadline(state);
      return `${name}: ${effect?.type ?? '-'} / ${deadline?.event.type ?? '-'}`;
    });
    expect(waits).toMatchInlineSnapshot(`
      [
        "reserving: reserve / -",
        "reserved: - / reservation.aged",
        "modifying: modify / -",
        "capturing: capture / -",
        "captured: - / reservation.aged",
        "activating: activate / -",
        "guaranteed: - / payment.overdue",
        "guarantee_denied: - / -",
        "overdue: - / -",
        "applying: apply / -",
        "paid: - / -",
        "claimed: - / -",
        "written_off: - / -",
        "partially_refunded: - / -",
        "refunded: - / -",
        "cancelling: cancel / -",
        "cancelled: - / -",
        "limit_blocked: - / -",
        "releasing: inquire / -",
        "declined: - / -",
        "expired: - / -",
        "inquiring: inquire / -",
        "parked: - / -",
      ]
    `);
  });

  it('offers only what it then accepts', () => {
    const terms = { amountMinor: 900, outcome: 'succeeded', reason: 'seen in the portal' } as const;
    for (const { state } of STATES) {
      for (const { verb } of guaranteeLifecycle.commands(state)) {
        const needs = /^(modify|resolve|receive)$/.test(verb);
        const asked = guaranteeLifecycle.decide(
          state,
          needs
            ? { ...terms, verb, ...(verb === 'resolve' ? { amountMinor: 1_050 } : {}) }
            : { verb },
          1,
        );
        expect(asked, `${verb} in ${state.value}`).toHaveProperty('type');
        expect(guaranteeLifecycle.applyEvent(state, asked as GuaranteeEvent)).not.toBeNull();
      }
    }
  });

  it('refuses every verb that it does not offer, and says what it does', () => {
    for (const { state } of STATES) {
      const offered = new Set(guaranteeLifecycle.commands(state).map(({ verb }) => verb));
      for (const verb of guaranteeLifecycle.verbs.filter((each) => !offered.has(each))) {
        expect(
          guaranteeLifecycle.decide(state, { verb }, 1),
          `${verb} in ${state.value}`,
        ).toMatchObject({ code: 'illegal-transition' });
      }
    }
  });
});
