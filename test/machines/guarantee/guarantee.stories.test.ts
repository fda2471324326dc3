import { describe, expect, it } from 'vitest';
import { guaranteeLifecycle as guarantee } from '../../../machines/guarantee/guarantee.lifecycle.ts';
import { asks, NOTES, play, says, STATES, TOTAL, WAYS } from './guarantee.states.ts';

const BOTH = { autoCapture: true, autoActivate: true };
const said = (events: Parameters<typeof play>[0], policy = {}) =>
  guarantee.view(play(events, policy));
/** What blocks the buyer's limit: the sum of what was posted to `holds`. */
const blocked = (events: Parameters<typeof play>[0]): number => {
  const each = events.map((_event, index) => play(events.slice(0, index)));
  const all = [...each, play(events)];
  return events.reduce((sum, event, index) => {
    const postings = guarantee.postings(all[index]!, event, all[index + 1]!);
    return postings
      .filter(({ account }) => account === 'holds')
      .reduce((total, { amountMinor }) => total + amountMinor, sum);
  }, 0);
};

describe('an order whose steps follow by themselves', () => {
  const reserved = [says.approved('reservation')];
  const captured = [...reserved, says.approved('capture')];

  it('is captured and activated, each as an operation of its own', () => {
    const capturing = play(reserved, BOTH);
    expect(capturing.value).toBe('capturing');
    expect(guarantee.pendingEffect(capturing)).toMatchObject({
      type: 'capture',
      amountMinor: TOTAL,
    });
    const activating = play(captured, BOTH);
    expect(activating.value).toBe('activating');
    expect(activating.context.operation).toMatchObject({ verb: 'activate', reason: 'automatic' });
    expect(play([...captured, says.approved('activation')], BOTH).value).toBe('guaranteed');
  });

  it('answers checkout when the last step has its answer, and not before', () => {
    const ways = [reserved, captured, [...captured, says.approved('activation')]];
    expect(ways.map((way) => said(way, BOTH).firstOutcomeKnown)).toEqual([false, false, true]);
    const denied = [...captured, says.declined('activation')];
    expect(said(denied, BOTH).firstOutcomeKnown).toBe(true);
  });

  it('waits for staff after the capture where only that is automatic', () => {
    const state = play(captured, { autoCapture: true });
    expect(state.value).toBe('captured');
    expect(guarantee.pendingEffect(state)).toBeNull();
    expect(guarantee.deadline(state)?.event.type).toBe('reservation.aged');
  });

  it('auto-activation without auto-capture never reads as paid: it waits for the capture', () => {
    const policy = { autoActivate: true };
    expect(said(reserved, policy)).toMatchObject({ status: 'reserved', amounts: { captured: 0 } });
    expect(guarantee.pendingEffect(play(reserved, policy))).toBeNull();
    const captures = [...reserved, asks.capture, says.approved('capture')];
    expect(said(captures, policy).status).toBe('activating');
  });

  it('shows that an automatic activation was denied, with the limit still blocked', () => {
    const { status, needsAttention, amounts } = said(
      [...captured, says.declined('activation')],
      BOTH,
    );
    expect([status, amounts.authorized, amounts.voided]).toEqual(['guarantee_denied', TOTAL, 0]);
    expect(needsAttention).toContain('still blocks the buyer');
  });

  it('stays reserved when its automatic capture is declined, and says why', () => {
    const view = said([...reserved, says.declined('capture')], BOTH);
    expect([view.status, view.decline?.verb]).toEqual(['reserved', 'capture']);
  });

  it('goes on by itself after a doubt was settled', () => {
    const found = [says.unknown('reservation'), says.approved('reservation')];
    expect(play(found, BOTH).value).toBe('capturing');
    const both = [...found, says.unknown('capture'), says.approved('capture')];
    expect(play(both, BOTH).value).toBe('activating');
  });
});

describe('a denied guarantee', () => {
  const denied = WAYS.guarantee_denied;

  it('asks for the portal, to unblock the debtor’s limit, until somebody confirms', () => {
    const { needsAttention, commands } = said(denied);
    expect(needsAttention).toContain(
      "cancel order 4711-sample in InfinitePay's portal to unblock the debtor's limit",
    );
    expect(commands.map(({ verb }) => verb)).toEqual([
      'activate',
      'confirm-limit-released',
      'recheck',
      'receive',
    ]);
    const looked = [...denied, asks.recheck, { type: 'picture.confirmed', at: 2 } as const];
    expect(said(looked).needsAttention).toBe(needsAttention);
  });

  it('is activated again with other dates, and asks for nothing any more', () => {
    const wish = { invoiceNumber: null, dueOn: '2027-01-31', deliveryOn: '2027-01-01' };
    const again = [...denied, { ...asks.activate, wish }];
    expect(guarantee.pendingEffect(play(again))).toMatchObject({ wish, wasDenied: true });
    const view = said([...again, says.approved('activation', 2)]);
    expect(view).toMatchObject({ status: 'guaranteed', needsAttention: null, decline: null });
  });

  it('is denied again, and the limit is as blocked as before', () => {
    const again = [...denied, asks.activate, says.declined('activation', 2)];
    expect([said(again).status, blocked(again)]).toEqual(['guarantee_denied', TOTAL]);
  });

  it('keeps what the provider said', () => {
    const notes = {
      ...NOTES,
      additionalInfo: 'guarantee_denied',
      errors: [{ code: 'E7', message: 'too late' }],
    };
    const declined = { ...says.declined('activation'), notes };
    const { details, decline } = said([...WAYS.activating, declined]);
    expect(details).toMatchObject(notes);
    expect(decline).toMatchObject({ verb: 'activate', code: 'status_0' });
  });
});

describe('the buyer’s limit', () => {
  it.each(STATES)('is blocked by what is posted, and shown: $name', ({ name, state }) => {
    const { authorized, captured, voided } = guarantee.view(state).amounts;
    expect(blocked(WAYS[name as keyof typeof WAYS])).toBe(authorized - captured - voided);
  });

  it('is free only where the order is over or never was', () => {
    const free = STATES.filter(({ name }) => blocked(WAYS[name as keyof typeof WAYS]) === 0);
    expect(free.map(({ name }) => name)).toEqual([
      'reserving',
      'applying',
      'paid',
      'claimed',
      'written_off',
      'partially_refunded',
      'refunded',
      'cancelled',
      'declined',
      'expired',
      'inquiring',
      'parked',
    ]);
  });

  it('stays blocked, and asks for the portal, where a cancellation is declined', () => {
    const { needsAttention, commands } = said(WAYS.limit_blocked);
    expect(needsAttention).toContain("Cancel order 4711-sample in InfinitePay's portal");
    expect(commands.map(({ verb }) => verb)).toContain('confirm-limit-released');
    expect(guarantee.deadline(play(WAYS.limit_blocked))).toBeNull();
  });
});
