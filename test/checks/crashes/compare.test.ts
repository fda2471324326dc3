import { describe, expect, it } from 'vitest';
import { differences, type Left } from './compare.ts';

const LEFT: Left = {
  status: 'captured',
  amounts: { captured: 10_500 },
  facts: ['payment.requested', 'sale.approved'],
  ledger: { holds: 0, provider_balance: 10_500 },
  movements: ['capture 10500 EUR'],
  told: ['payment.captured'],
};

describe('a run that was cut', () => {
  it('may have asked more often', () => {
    const facts = ['payment.requested', 'authorization.unknown', 'inquiry.due', 'sale.approved'];
    expect(differences(LEFT, { ...LEFT, facts })).toEqual([]);
  });

  it.each([
    ['a state', { status: 'parked' }],
    ['an amount', { amounts: { captured: 21_000 } }],
    ['a fact', { facts: [...LEFT.facts, 'refund.succeeded'] }],
    ['a ledger', { ledger: { ...LEFT.ledger, provider_balance: 21_000 } }],
    ['a movement', { movements: [...LEFT.movements, ...LEFT.movements] }],
    ['a message', { told: [] }],
  ])('is told apart by %s', (_what, other: Partial<Left>) => {
    expect(differences(LEFT, { ...LEFT, ...other })).toHaveLength(1);
  });
});
