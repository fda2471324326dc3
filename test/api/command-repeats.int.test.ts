/** Capture, void and refund asked twice: one effect, and one answer for ever. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assertBooks } from '../support/books.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

let holdfast: Holdfast;
beforeAll(async () => {
  holdfast = await createHoldfast();
});
afterEach(() => assertBooks(holdfast.pool));
afterAll(() => holdfast.close());

const authorized = async () => (await holdfast.start()).body.id;
const captured = async () => (await holdfast.start({ capture: 'automatic' })).body.id;
const moved = async (id: string) =>
  (await holdfast.movements(id)).slice(1).map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);

describe('a command asked again with its key', () => {
  it.each([
    { verb: 'capture', body: { amountMinor: 6_000, final: false } },
    { verb: 'void', body: {} },
  ])(
    'gives the very same answer to a $verb, also after others changed the payment',
    async (asked) => {
      const id = await authorized();
      const { verb, body } = asked;
      const key = randomUUID();
      const first = await holdfast.command(id, verb, body, { key });
      expect(await holdfast.command(id, verb, body, { key })).toMatchObject({ body: first.body });
      if (verb === 'capture') {
        await holdfast.command(id, 'capture', { amountMinor: 1_000, final: true });
        await holdfast.command(id, 'refund', { amountMinor: 500 });
      }
      const again = await holdfast.command(id, verb, body, { key });
      expect({ status: again.status, body: again.body }).toEqual({ status: 200, body: first.body });
    },
  );

  it('gives the very same answer to a refund, and the money goes back once', async () => {
    const id = await captured();
    const key = randomUUID();
    const refund = () => holdfast.command(id, 'refund', { amountMinor: 1_000 }, { key });
    const first = await refund();
    await holdfast.command(id, 'refund', { amountMinor: 2_000 });
    expect((await refund()).body).toEqual(first.body);
    expect(await moved(id)).toEqual(['capture 10500', 'refund 1000', 'refund 2000']);
  });

  it('is refused when it asks for something else', async () => {
    const id = await authorized();
    const key = randomUUID();
    await holdfast.command(id, 'capture', { amountMinor: 6_000, final: false }, { key });
    const reused = { status: 422, body: { code: 'idempotency-key-reused' } };
    expect(await holdfast.command(id, 'capture', { amountMinor: 1 }, { key })).toMatchObject(
      reused,
    );
    expect(await holdfast.command(id, 'void', {}, { key })).toMatchObject(reused);
    expect(await moved(id)).toEqual(['capture 6000']);
  });

  it('is another command on another payment', async () => {
    const key = randomUUID();
    const [one, two] = [await authorized(), await authorized()];
    expect((await holdfast.command(one, 'void', {}, { key })).status).toBe(200);
    const second = await holdfast.command(two, 'void', {}, { key });
    expect(second).toMatchObject({ status: 200, body: { id: two } });
  });
});
