import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a run whose state is not the one that the journal has', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  /** As a chart of another release would have left it. */
  const alter = (id: string) =>
    holdfast.pool.query(
      `update payments set context = jsonb_set(context, '{attention}', '"altered"') where id = $1`,
      [id],
    );

  it('takes the journal’s and goes on from there', async () => {
    const { body } = await holdfast.start();
    await alter(body.id);
    const key = 'catch-up';
    const first = await holdfast.command(body.id, 'capture', {}, { key, prefer: 'wait=1' });
    // What was asked for on top of another state was not taken; asked again, it is.
    expect([200, 503]).toContain(first.status);
    const again = await holdfast.command(body.id, 'capture', {}, { key });
    expect([again.status, again.body.status]).toEqual([200, 'captured']);
    const movements = await holdfast.movements(body.id);
    expect(movements.map(({ kind }) => kind)).toEqual(['authorize', 'capture']);
  });
});
