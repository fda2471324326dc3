import { beforeAll, describe, expect, inject, it } from 'vitest';
import { histories, payments, readHistory, readPayment } from '../checks/replay/corpus.ts';
import { withOtherAmount } from '../checks/replay/planted.ts';
import { whatBreaks, whatMoneyDiffers } from '../checks/replay/verdicts.ts';

const replay = (named: readonly { name: string; json: string }[]) =>
  whatBreaks(named, { codePath: inject('workflowBundle') });

describe('a recorded history', () => {
  let broken: ReadonlyMap<string, string | null>;
  beforeAll(async () => {
    broken = await replay(histories().map((name) => ({ name, json: readHistory(name) })));
    expect(broken.size).toBeGreaterThanOrEqual(32);
  });

  it.each(histories())('is replayed by today’s workflow code: %s', (name) => {
    expect(broken.get(name)).toBeNull();
  });

  it('is refused when the workflow would have done something else', async () => {
    const json = readHistory('sale.1@1.json').replaceAll('"authorizeCard"', '"refundCard"');
    expect((await replay([{ name: 'other', json }])).get('other')).toContain('TMPRL1100');
  });
});

describe('a recorded payment', () => {
  it.each(payments())('makes the same money of the same facts today: %s', (name) => {
    expect(whatMoneyDiffers(readPayment(name))).toEqual([]);
  });

  it('is told apart from one with another amount', () => {
    const altered = payments().map((name) => withOtherAmount(readPayment(name)));
    const found = altered.filter((payment) => payment !== null).map(whatMoneyDiffers);
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((differing) => differing.length > 0)).toBe(true);
  });
});
