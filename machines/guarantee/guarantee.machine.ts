/**
 * Lifecycle of an invoice that a provider guarantees: reserve, capture, activate; then the buyer
 * pays, or the provider does.
 *
 * Pure: no clock, no I/O, no Temporal. State names are database values. A state in `-ing` waits for
 * its operation (`pendingEffect`); time arrives as events (`deadline`). Three steps are three
 * operations, also where they follow each other by themselves, so a denied guarantee is always seen.
 * `record` says what each fact changes; what it holds then says where it leads.
 */
import { assign, setup } from 'xstate';
import { openContext } from './guarantee.context.ts';
import {
  leads,
  SETTLED,
  reservation,
  MODIFICATION,
  CAPTURE,
  ACTIVATION,
  CANCELLATION,
  APPLICATION,
  asks,
  looks,
  AGES,
  UNKNOWN,
  recordsIn,
  recordsBefore,
  CLAIMED,
  settles,
  settledHere,
  settledThere,
  over,
  RESOLVED,
} from './guarantee.edges.ts';
import { fits } from './guarantee.guards.ts';
import { change, record } from './guarantee.record.ts';
import { type GuaranteeRules, RULES_1, RULES_2 } from './guarantee.rules.ts';
import { statusOf } from './guarantee.status.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeContext, GuaranteeInput, GuaranteeStatus } from './guarantee.types.ts';

/** Both versions: `rules` are what they differ in. */
const chart = (rules: GuaranteeRules) =>
  setup({
    types: {
      input: {} as GuaranteeInput,
      context: {} as GuaranteeContext,
      events: {} as GuaranteeEvent,
    },
    guards: {
      leadsTo: ({ context, event }, params: { status: GuaranteeStatus }) =>
        fits(rules, context, event) && statusOf(change(rules, context, event)) === params.status,
    },
    actions: { record: assign(({ context, event }) => record(rules, context, event)) },
  }).createMachine({
    id: 'guarantee',
    context: ({ input }) => openContext(input),
    initial: 'reserving',
    states: {
      reserving: {
        on: {
          ...reservation(rules),
          ...recordsIn(rules, 'reserving'),
          'reservation.unknown': UNKNOWN,
          'payment.abandoned': leads('expired'),
        },
      },
      reserved: {
        on: {
          ...looks('reserved'),
          ...AGES('reserved'),
          ...recordsBefore(rules, 'reserved'),
          'capture.found': leads('captured', 'activating'),
          'modification.requested': leads('modifying'),
          'capture.requested': leads('capturing'),
          'cancellation.requested': leads('cancelling'),
        },
      },
      modifying: {
        on: { ...MODIFICATION, ...recordsIn(rules, 'modifying'), 'modification.unknown': UNKNOWN },
      },
      capturing: {
        on: { ...CAPTURE, ...recordsIn(rules, 'capturing'), 'capture.unknown': UNKNOWN },
      },
      captured: {
        on: {
          ...looks('captured'),
          ...AGES('captured'),
          ...recordsBefore(rules, 'captured'),
          'activation.requested': leads('activating'),
          'cancellation.requested': leads('cancelling'),
        },
      },
      activating: {
        on: { ...ACTIVATION, ...recordsIn(rules, 'activating'), 'activation.unknown': UNKNOWN },
      },
      guarantee_denied: {
        on: {
          ...looks('guarantee_denied'),
          ...recordsBefore(rules, 'guarantee_denied'),
          'activation.requested': leads('activating'),
          'release.claimed': leads('releasing'),
        },
      },
      guaranteed: {
        on: { ...settles(rules, 'guaranteed'), 'payment.overdue': leads('overdue') },
      },
      overdue: {
        on: {
          ...settles(rules, 'overdue'),
          'claim.recorded': CLAIMED('overdue'),
          'payment.written_off': leads('written_off'),
        },
      },
      applying: {
        on: { ...APPLICATION, ...recordsIn(rules, 'applying'), 'application.unknown': UNKNOWN },
      },
      cancelling: {
        on: { ...CANCELLATION, ...recordsIn(rules, 'cancelling'), 'cancellation.unknown': UNKNOWN },
      },
      limit_blocked: {
        on: {
          ...looks('limit_blocked'),
          ...recordsBefore(rules, 'limit_blocked'),
          'cancellation.requested': leads('cancelling'),
          'release.claimed': leads('releasing'),
        },
      },
      releasing: {
        on: {
          ...recordsIn(rules, 'releasing'),
          'inquiry.due': leads('releasing'),
          'inquiry.inconclusive': leads('releasing'),
          'limit.released': leads('cancelled', ...SETTLED),
          'release.contradicted': leads('guarantee_denied', 'limit_blocked', ...SETTLED),
        },
      },
      inquiring: {
        on: {
          ...reservation(rules),
          ...MODIFICATION,
          ...CAPTURE,
          ...ACTIVATION,
          ...CANCELLATION,
          ...APPLICATION,
          ...asks('inquiring'),
          ...recordsIn(rules, 'inquiring'),
          'inquiry.exhausted': leads('parked'),
          'resolution.applied': RESOLVED,
        },
      },
      parked: {
        on: {
          ...recordsIn(rules, 'parked'),
          'recheck.requested': leads('inquiring'),
          'news.received': leads('inquiring'),
          'resolution.proposed': leads('inquiring'),
        },
      },
      paid: { on: settledHere(rules, 'paid') },
      claimed: { on: settledThere(rules, 'claimed') },
      written_off: { on: settledThere(rules, 'written_off') },
      partially_refunded: { on: settledHere(rules, 'partially_refunded') },
      refunded: { on: settledHere(rules, 'refunded') },
      cancelled: over(rules, 'cancelled'),
      declined: over(rules, 'declined'),
      expired: over(rules, 'expired'),
    },
  });

export const guaranteeMachine = chart(RULES_2);
/** Version 1. */
export const guaranteeMachine1 = chart(RULES_1);
