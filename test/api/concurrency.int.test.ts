/** Many callers who want the same thing at the same time. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a hundred concurrent captures of one payment', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  async function capture100(keyOf: (index: number) => string) {
    const { id } = (await holdfast.start()).body;
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        holdfast.command(id, 'capture', { amountMinor: 6_000, final: true }, { key: keyOf(index) }),
      ),
    );
    const movements = await holdfast.movements(id);
    return {
      id,
      answers,
      kinds: movements.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`),
    };
  }

  it('move the money once when all have the same key, and all hear the same', async () => {
    const key = randomUUID();
    const { answers, kinds } = await capture100(() => key);
    expect(kinds).toEqual(['authorize 10500', 'capture 6000', 'void 4500']);
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    for (const { body } of answers) expect(body).toEqual(answers[0]!.body);
    expect(answers[0]!.body).toMatchObject({ status: 'captured', amounts: { captured: 6_000 } });
  });

  it('move the money once when each has its own key: one is served, the others hear why not', async () => {
    const { id, answers, kinds } = await capture100(() => randomUUID());
    expect(kinds).toEqual(['authorize 10500', 'capture 6000', 'void 4500']);
    const served = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status === 409);
    expect({ served: served.length, refused: refused.length }).toEqual({ served: 1, refused: 99 });
    for (const { body } of refused) expect(body).toMatchObject({ code: 'illegal-transition' });
    expect(served[0]!.body).toEqual(await holdfast.get(id));
    const facts = await holdfast.facts(id);
    expect(facts.filter((type) => type === 'capture.requested')).toHaveLength(1);
  });
});
