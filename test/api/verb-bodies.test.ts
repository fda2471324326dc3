/** What a refusal tells people to say, they can say. */
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../api/routes/payments.ts';
import { type AnyState, newestLifecycle } from '../../machines/lifecycles.ts';
import { type CommandRequest, isRefusal } from '../../machines/shared/lifecycle.ts';
import { PROMISE } from '../checks/lifecycles/alphabet/promise.ts';
import { explore } from '../checks/lifecycles/explore.ts';
import { STATES as CARD } from '../machines/card/card.states.ts';
import { STATES as CREDIT } from '../machines/credit/credit.states.ts';
import { STATES as GUARANTEE } from '../machines/guarantee/guarantee.states.ts';

const BODIES = new Map<string, readonly string[]>(
  COMMANDS.map(({ verb, body }) => [verb, Object.keys(body.shape)]),
);
const ASKED = /Say the (\w+)/;
/** Too little, in ways that bring on each such sentence. */
const GIVEN = [{}, { outcome: 'succeeded', reason: 'seen' }, { invoiceNumber: 'of nobody' }];

function promised(): AnyState[] {
  const states: AnyState[] = [];
  const opening = PROMISE.inputs['reminded'];
  if (opening === undefined) throw new Error('no such opening');
  explore(PROMISE, opening, {
    meet: ({ state }) => states.push(state),
    step: () => undefined,
    broke: () => undefined,
  });
  return states;
}

/** `receive: invoiceNumber` for all that such a payment can be told to say. */
function askedFor(name: string, states: readonly AnyState[]): string[] {
  const lifecycle = newestLifecycle(name);
  const asked = states.flatMap((state) =>
    lifecycle.commands(state).flatMap(({ verb }) =>
      GIVEN.flatMap((given) => {
        const decided = lifecycle.decide(state, { verb, ...given } as CommandRequest, 1);
        const field = isRefusal(decided) ? ASKED.exec(decided.detail)?.[1] : undefined;
        return field === undefined ? [] : [`${verb}: ${field}`];
      }),
    ),
  );
  return [...new Set(asked)];
}

const statesIn = (all: readonly { readonly state: unknown }[]): AnyState[] =>
  all.map(({ state }) => state as AnyState);

describe.each([
  ['card', statesIn(CARD), 'resolve: outcome'],
  ['promise', promised(), 'bounce: receiptId'],
  ['guarantee', statesIn(GUARANTEE), 'modify: amountMinor'],
  ['credit', statesIn(CREDIT), 'receive: invoiceNumber'],
])('a payment of the family %s', (name, states, usual) => {
  it('asks for nothing that the body of the verb does not take', () => {
    const asked = askedFor(name, states);
    expect(asked).toContain(usual);
    const untakeable = asked.filter((each) => {
      const [verb = '', field = ''] = each.split(': ');
      return BODIES.get(verb)?.includes(field) !== true;
    });
    expect(untakeable).toEqual([]);
  });
});
