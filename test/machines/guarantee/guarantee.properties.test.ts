import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../db/journal/fold.ts';
import {
  claimableMinor,
  netMinor,
  openMinor,
} from '../../../machines/guarantee/guarantee.amounts.ts';
import type { GuaranteeEvent } from '../../../machines/guarantee/guarantee.events.ts';
import {
  guaranteeLifecycle as guarantee,
  type GuaranteeState,
} from '../../../machines/guarantee/guarantee.lifecycle.ts';
import { guaranteeMachine } from '../../../machines/guarantee/guarantee.machine.ts';
import { asks, EVENTS, INPUT, STATES } from './guarantee.states.ts';

type Step = { pick: number; amountMinor: number };
type Plan = { steps: readonly Step[]; autoCapture: boolean; autoActivate: boolean; late: boolean };

/** What may happen next: the samples, with ids of what is in flight and amounts that may fit. */
function eventFor(
  { context: c, value }: GuaranteeState,
  { pick, amountMinor }: Step,
): GuaranteeEvent | undefined {
  const candidates = CANDIDATES[value]!;
  const sample = candidates[pick % candidates.length];
  if (sample === undefined) return undefined;
  const likely = {
    'claim.recorded': claimableMinor(c),
    'claim.found': claimableMinor(c),
    'refund.recorded': netMinor(c),
  };
  const fitting = likely[sample.type as keyof typeof likely] ?? openMinor(c);
  // Half of the amounts are what would fit: else hardly anything would be legal.
  const amount = amountMinor % 2 === 0 ? fitting : amountMinor;
  const isBounce = sample.type === 'receipt.bounced';
  const untold = Object.entries(c.receipts).find(([, { bounced, isApplied }]) =>
    isBounce ? bounced !== true : !isApplied,
  );
  const { operation } = c;
  const at = sample.type === 'reservation.approved' && amountMinor % 3 === 0 ? LATE : sample.at;
  return {
    ...sample,
    at,
    ...('operationId' in sample && operation !== null ? { operationId: operation.id } : {}),
    ...('amountMinor' in sample ? { amountMinor: amount } : {}),
    ...('guaranteedMinor' in sample ? { guaranteedMinor: amount } : {}),
    ...('receiptId' in sample && untold !== undefined ? { receiptId: untold[0] } : {}),
  };
}

/** The samples that a state knows at all. */
const CANDIDATES = Object.fromEntries(
  Object.entries(guaranteeMachine.states).map(([name, { ownEvents }]) => {
    const known: readonly string[] = ownEvents;
    return [name, EVENTS.filter(({ type }) => known.includes(type))];
  }),
);
const LATE = INPUT.policy.startWithinMs + 1;
const OVER: ReadonlySet<string> = new Set(['cancelled', 'declined', 'expired']);
const PAID: ReadonlySet<string> = new Set(['paid', 'claimed']);
const IN_FLIGHT = /ing$/;

const plans = fc.record({
  steps: fc.array(
    fc.record({
      pick: fc.nat(),
      amountMinor: fc.integer({ min: -1, max: 1_051 }),
    }),
    { minLength: 10, maxLength: 40 },
  ),
  autoCapture: fc.boolean(),
  autoActivate: fc.boolean(),
  late: fc.boolean(),
});

/** Every state that random facts lead to, with the fact that led there. */
function walk(
  { steps, autoCapture, autoActivate, late }: Plan,
  visit: (before: GuaranteeState, event: GuaranteeEvent, after: GuaranteeState) => void,
): void {
  const onLateReservation = late ? 'void' : 'adopt';
  const policy = { ...INPUT.policy, autoCapture, autoActivate, onLateReservation } as const;
  let state = guarantee.open({ ...INPUT, policy });
  for (const step of steps) {
    const event = eventFor(state, step);
    const next = event === undefined ? null : guarantee.applyEvent(state, event);
    if (event === undefined || next === null) continue;
    visit(state, event, next);
    state = next;
  }
}

const always = (
  visit: Parameters<typeof walk>[1],
  numRuns = 500,
  more: { readonly seed?: number } = {},
): void =>
  fc.assert(
    fc.property(plans, (plan) => walk(plan, visit)),
    { numRuns, ...more },
  );

describe('any sequence of facts that the guarantee chart accepts', { timeout: 30_000 }, () => {
  it(
    'reaches every state, so that what follows is said of all of them',
    { timeout: 60_000 },
    () => {
      const seen = new Set<string>();
      always((_before, _event, { value }) => seen.add(value), 4_000, {
        // Which states chance reaches must not depend on the day.
        seed: 20_261_121,
      });
      seen.add('reserving');
      expect([...seen].toSorted()).toEqual(STATES.map(({ name }) => name).toSorted());
    },
  );

  it('keeps what blocks the limit between nothing and what was reserved', () => {
    always((_before, _event, { context: c }) => {
      expect(openMinor(c)).toBeGreaterThanOrEqual(0);
      expect(openMinor(c)).toBeLessThanOrEqual(c.reservedMinor);
      const ever = Object.values(c.receipts).reduce((sum, each) => sum + each.amountMinor, 0);
      expect(c.refundedMinor).toBeLessThanOrEqual(ever + c.claimedMinor);
      expect(c.claimedMinor).toBeLessThanOrEqual(c.receivedMinor);
      expect(claimableMinor(c)).toBeGreaterThanOrEqual(0);
      // A claim that was handed back leaves an order that may be cancelled: nothing is guaranteed then.
      const guaranteed = c.releasedMinor > 0 ? null : c.guaranteedMinor;
      expect(c.claimedMinor).toBeLessThanOrEqual(guaranteed ?? c.reservedMinor);
    });
  });

  it('posts exactly what the amounts say, in balance', () => {
    always((before, event) => {
      // `fold` throws when postings and amounts disagree, or do not sum to zero.
      fold(guarantee.freeze(before), 1, [{ event, actor: 'test' }]);
    }, 300);
  });

  it('frees a limit only by a cancellation, money, a write-off or a smaller order', () => {
    always((before, event, after) => {
      if (openMinor(after.context) >= openMinor(before.context)) return;
      expect(event.type).toMatch(
        /^(cancellation\.(approved|found)|limit\.released|receipt\.recorded|payment\.(found|written_off)|claim\.(recorded|found)|modification\.approved|resolution\.applied)$/,
      );
    });
  });

  it('takes money for received only where it came, and is paid by nothing else', () => {
    always((before, event, after) => {
      const grew = after.context.receivedMinor > before.context.receivedMinor;
      const isMoney = /^(receipt\.recorded|payment\.found|claim\.(recorded|found))$/.test(
        event.type,
      );
      expect(grew).toBe(isMoney);
      if (!PAID.has(after.value)) return;
      expect(netMinor(after.context)).toBeGreaterThanOrEqual(after.context.reservedMinor);
    });
  });

  it('always leaves an effect or a deadline while something is under way', () => {
    always((_before, _event, state) => {
      if (!IN_FLIGHT.test(state.value)) return;
      const owed = guarantee.pendingEffect(state) ?? guarantee.deadline(state);
      expect(owed, `${state.value} waits for nothing`).not.toBeNull();
    });
  });

  it('never forgets a blocked limit: somebody is asked, or something is due', () => {
    always((_before, _event, state) => {
      if (IN_FLIGHT.test(state.value) || openMinor(state.context) === 0) return;
      const { needsAttention, commands } = guarantee.view(state);
      const isOwned = guarantee.deadline(state) !== null || needsAttention !== null;
      expect(isOwned || commands.some(({ verb }) => verb === 'receive')).toBe(true);
      if (/denied|limit_blocked|parked/.test(state.value)) expect(needsAttention).not.toBeNull();
      if (state.context.isAged && /reserved|captured/.test(state.value)) {
        expect(needsAttention, 'an aged order').not.toBeNull();
      }
    });
  });

  it('can always take what time brings', () => {
    always((_before, _event, state) => {
      const due = guarantee.deadline(state);
      if (due === null || guarantee.pendingEffect(state) !== null) return;
      const next = guarantee.applyEvent(state, due.event as GuaranteeEvent);
      expect(next, `${due.event.type} in ${state.value}`).not.toBeNull();
    });
  });

  it('ends for good, but for money that comes and goes', () => {
    const recorded: readonly string[] = ['receive', 'bounce', 'refund'];
    always((before, _event, after) => {
      if (OVER.has(before.value)) expect(after.value).toBe(before.value);
      if (!OVER.has(after.value)) return;
      expect(guarantee.pendingEffect(after) ?? guarantee.deadline(after)).toBeNull();
      for (const { verb } of guarantee.commands(after)) expect(recorded).toContain(verb);
    });
  });

  it('takes what happened outside wherever it is: each receipt, bounce and refund', () => {
    always((_before, _event, state) => {
      const { context: c } = state;
      const happened: GuaranteeEvent[] = [
        { ...asks.receive, amountMinor: 1 },
        { ...asks.receive, amountMinor: 2 * c.requestedMinor },
        ...Object.entries(c.receipts)
          .filter(([, { bounced }]) => bounced !== true)
          .map(([receiptId]) => ({ ...asks.bounce, receiptId })),
        ...(netMinor(c) > 0 ? [{ ...asks.refund, amountMinor: netMinor(c) }] : []),
      ];
      for (const event of happened) {
        expect(
          guarantee.applyEvent(state, event),
          `${event.type} in ${state.value}`,
        ).not.toBeNull();
      }
    }, 300);
  });

  it('offers only commands that it then accepts', () => {
    always((_before, _event, state) => {
      for (const { verb, maxMinor } of guarantee.commands(state)) {
        const said = { outcome: 'failed', reason: 'Not in the portal.' } as const;
        const [receiptId] =
          Object.entries(state.context.receipts).find(([, each]) => each.bounced !== true) ?? [];
        const amount = /modify|receive/.test(verb) ? 900 : maxMinor;
        const terms = verb === 'resolve' ? said : { amountMinor: amount, receiptId };
        const asked = guarantee.decide(state, { verb, ...terms }, 1);
        expect(
          guarantee.applyEvent(state, asked as GuaranteeEvent),
          `${verb} is taken`,
        ).not.toBeNull();
      }
    }, 300);
  });
});
