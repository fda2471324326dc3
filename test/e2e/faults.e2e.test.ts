import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const FAULTS = [
  'drop-before',
  'drop-after',
  'delay',
  'status-500-before',
  'status-500-after',
  'garbage-after',
  'half-body-after',
  'rate-limited',
  'acts-late',
] as const;

/** Longer than the integration waits, so that the answer comes too late to be heard. */
const DELAY_MS = 1_500;

describe('a fault at the provider', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ settings: { timeoutMs: 700 } });
  });
  afterEach(async () => {
    const armed = await fetch(`${holdfast.stripe.url}/_sim/faults`);
    expect(await armed.json(), 'the fault was met').toEqual([]);
  });
  afterAll(() => holdfast.close());

  describe.each(FAULTS)('%s', (fault) => {
    it('on authorize ends authorized, with one hold', async () => {
      await holdfast.fault({ operation: 'authorize', fault, times: 1, delayMs: DELAY_MS });
      const { body } = await holdfast.start();
      const payment = await holdfast.until(body.id, ({ status }) => status === 'authorized');
      expect(payment.amounts).toMatchObject({ authorized: 10_500, captured: 0 });
      expect(await kinds(holdfast, body.id)).toEqual(['authorize 10500']);
    });

    it('on a sale ends captured, with the money taken once', async () => {
      await holdfast.fault({ operation: 'sale', fault, times: 1, delayMs: DELAY_MS });
      const { body } = await holdfast.start({ capture: 'automatic' });
      await holdfast.until(body.id, ({ status }) => status === 'captured');
      expect(await kinds(holdfast, body.id)).toEqual(['authorize 10500', 'capture 10500']);
    });

    it('on capture ends captured, with one capture', async () => {
      const { body } = await holdfast.start();
      await holdfast.fault({ operation: 'capture', fault, times: 1, delayMs: DELAY_MS });
      await holdfast.command(body.id, 'capture', { amountMinor: 6_000, final: true });
      const payment = await holdfast.until(body.id, ({ status }) => status === 'captured');
      expect(payment.amounts).toMatchObject({ captured: 6_000, voided: 4_500 });
      expect(await kinds(holdfast, body.id)).toEqual([
        'authorize 10500',
        'capture 6000',
        'void 4500',
      ]);
    });

    it('on void ends voided, with one release', async () => {
      const { body } = await holdfast.start();
      await holdfast.fault({ operation: 'void', fault, times: 1, delayMs: DELAY_MS });
      await holdfast.command(body.id, 'void');
      await holdfast.until(body.id, ({ status }) => status === 'voided');
      expect(await kinds(holdfast, body.id)).toEqual(['authorize 10500', 'void 10500']);
    });

    it('on refund ends refunded, with the money given back once', async () => {
      const { body } = await holdfast.start({ capture: 'automatic' });
      await holdfast.fault({ operation: 'refund', fault, times: 1, delayMs: DELAY_MS });
      await holdfast.command(body.id, 'refund', { amountMinor: 1_000 });
      await holdfast.until(body.id, ({ status }) => status === 'partially_refunded');
      expect(await kinds(holdfast, body.id)).toEqual([
        'authorize 10500',
        'capture 10500',
        'refund 1000',
      ]);
    });
  });
});

/** What moved at the provider. Also that nobody was told of a no that nobody had said. */
async function kinds(holdfast: Holdfast, id: string): Promise<string[]> {
  const facts = await holdfast.facts(id);
  expect(facts.filter((type) => /declined|refused|absent/.test(type))).toEqual([]);
  return (await holdfast.movements(id)).map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);
}
