import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../db/journal/fold.ts';
import { asWoken } from '../../../machines/lifecycles.ts';
import { creditLifecycle1 } from '../../../machines/credit/credit.former.ts';
import type { CreditEvent } from '../../../machines/credit/credit.events.ts';
import type { CreditState } from '../../../machines/credit/credit.lifecycle.ts';
import type { CreditContext, CreditInput } from '../../../machines/credit/credit.types.ts';
import type { Fact } from '../../../machines/shared/fact.ts';
import type { Frozen } from '../../../machines/shared/lifecycle.ts';
import { MIGRATED, type Migrated } from '../../../machines/shared/migration.ts';
import { asks, EVENTS, found, INPUT, PLACED, says, WAYS } from './credit.states.ts';

const at = 1;
const moved: Migrated = { type: MIGRATED, at, from: 1, to: 2 };
const asFacts = (...events: Fact['event'][]): Fact[] =>
  events.map((event) => ({ event, actor: 'test' }));

/** As version 1 stored it, which knew neither the version in a context nor what was refused. */
function stored(state: CreditState): Frozen {
  const { version: _v, refused: _r, ...context } = state.context;
  return { ...creditLifecycle1.freeze(state), context };
}

const playOn1 = (events: readonly CreditEvent[], input: CreditInput = INPUT): CreditState =>
  events.reduce<CreditState>(
    (before, event) => creditLifecycle1.applyEvent(before, event) ?? before,
    creditLifecycle1.open(input),
  );

const anyEvents = fc.array(fc.constantFrom(...EVENTS, ...WAYS.funded), { maxLength: 12 });
/** Any payment of version 1 that rests, as it was journaled. */
const anyOfVersion1 = fc
  .record({
    from: fc.constantFrom(...Object.values(WAYS)),
    input: fc.constantFrom(INPUT, PLACED),
    events: anyEvents,
  })
  .map(({ events, from, input }) => playOn1([...from, ...events], input))
  .filter((state) => creditLifecycle1.pendingEffect(state) === null);

const isFirstParked = ({ context: c, value }: CreditState): boolean =>
  value === 'parked' && (c.operation?.verb === 'order' || c.operation?.verb === 'offer');

describe('a payment on credit of version 1', () => {
  it('is the same payment in version 2: state, amounts, dates, and what it may be asked', () => {
    fc.assert(
      fc.property(anyOfVersion1, (state) => {
        fc.pre(!isFirstParked(state));
        const before = creditLifecycle1.view(state);
        const after = fold(stored(state), 1, asFacts(moved));
        expect(after.frozen.version).toBe(2);
        for (const each of [
          'status',
          'amounts',
          'deadlines',
          'needsAttention',
          'commands',
        ] as const) {
          expect(after.view[each]).toEqual(before[each]);
        }
        expect(after.facts[0]).toMatchObject({ postings: [], announces: null });
      }),
    );
  });

  const OLD =
    'Apruve refused the order of USD 1,000.00, and nothing was done: HTTP 404: No merchant m. ' +
    "Check the integration's settings and credentials, then start a new payment.";
  const parkedBy = (attention: string, input = PLACED): Frozen => {
    const noun = input === PLACED ? 'order' : 'offer';
    const state = playOn1([says.refused(noun)], input);
    expect(state.value).toBe('parked');
    return stored({ ...state, context: { ...state.context, attention } });
  };

  it.each([
    ['order', PLACED],
    ['offer', INPUT],
  ])('whose %s a refusal has parked is declined, and nobody can send it again', (verb, input) => {
    const { frozen, view, facts } = fold(parkedBy(OLD, input), 2, asFacts(moved));
    expect(view).toMatchObject({
      status: 'declined',
      commands: [],
      needsAttention: null,
      operationInFlight: null,
      decline: {
        verb,
        code: 'provider_refused',
        message:
          'Apruve refused the order of USD 1,000.00, and nothing was done: HTTP 404: No merchant m.',
      },
    });
    expect(facts[0]).toMatchObject({ postings: [] });
    expect(asWoken(parkedBy(OLD, input)).lifecycle.version).toBe(2);
    expect((frozen.context as CreditContext).operation).toBeNull();
  });

  it.each(['401', '403'])('keeps asking for people where the answer was HTTP %s', (status) => {
    const said = OLD.replace('HTTP 404', `HTTP ${status}`);
    const { view } = fold(parkedBy(said), 2, asFacts(moved));
    expect([view.status, view.needsAttention]).toEqual(['declined', said]);
  });

  it('is declined as well where this build parked it', () => {
    const state = playOn1([says.refused('order')], PLACED);
    const { view } = fold(stored(state), 2, asFacts(moved));
    expect(view).toMatchObject({ status: 'declined', needsAttention: null });
    expect(view.decline?.message).not.toContain('Start a new payment');
  });

  it.each([
    ['order', PLACED],
    ['offer', INPUT],
  ] as const)('whose %s nobody could find out about stays parked', (noun, input) => {
    const parked = playOn1([says.unknown(noun), { type: 'inquiry.exhausted', at }], input);
    const { view } = fold(stored(parked), 3, asFacts(moved));
    expect([view.status, view.needsAttention]).toEqual([
      'parked',
      creditLifecycle1.view(parked).needsAttention,
    ]);
    // Also when it had been refused before somebody sent it again, and that came to no answer.
    const twice = playOn1(
      [says.refused(noun), asks.recheck, { type: 'inquiry.exhausted', at }],
      input,
    );
    expect(fold(stored(twice), 4, asFacts(moved)).view.status).toBe('parked');
  });

  it('that is cancelled stays so', () => {
    const { view } = fold(stored(playOn1(WAYS.cancelled)), 4, asFacts(moved));
    expect(view.status).toBe('cancelled');
  });

  it('does not look at what was refused while it is of version 1', () => {
    const state = playOn1([...WAYS.authorized, asks.invoice, says.refused('invoice')]);
    expect(creditLifecycle1.pendingEffect(state)).toBeNull();
    expect(creditLifecycle1.view(state)).toMatchObject({ operationInFlight: null, decline: null });
    expect(creditLifecycle1.applyEvent(playOn1(WAYS.funded), found.returned)).toBeNull();
  });
});
