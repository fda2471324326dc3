import { describe, expect, it } from 'vitest';
import { differences, type Left } from './compare.ts';

const LEFT: Left = {
  status: 'captured',
  amounts: { captured: 10_500 },
  facts: ['payment.requested', 'sale.approved'],
  ledger: { holds: 0, provider_balance: 10_500 },
  movements: ['capture 10500 EUR'],
  told: ['payment.captured'],
  askedAgain: [],
};

describe('a run that was cut', () => {
  it('may have asked more often', () => {
    const facts = ['payment.requested', 'authorization.unknown', 'inquiry.due', 'sale.approved'];
    expect(differences(LEFT, { ...LEFT, facts })).toEqual([]);
  });

  it('may have seen the end of a review, or found what it had not heard of', () => {
    const uncut = { ...LEFT, facts: ['payment.requested', 'order.reviewed', 'order.found'] };
    const cut = { ...LEFT, facts: ['payment.requested', 'order.approved'] };
    expect(differences(uncut, cut)).toEqual([]);
    expect(differences(cut, uncut)).toEqual([]);
  });

  it('may have been asked again for what was never done, and only then', () => {
    const again = ['payment.requested', 'sale.absent', 'sale.requested', 'sale.approved'];
    const cut = { ...LEFT, facts: again, told: ['payment.needs_attention', 'payment.captured'] };
    expect(differences(LEFT, { ...cut, askedAgain: ['capture'] })).toEqual([]);
    expect(differences(LEFT, cut)).toHaveLength(2);
    const twice = { ...cut, facts: [...again, 'sale.approved'], askedAgain: ['capture'] };
    expect(differences(LEFT, twice)).toHaveLength(1);
    const moved = { ...cut, movements: [...LEFT.movements, ...LEFT.movements] };
    expect(differences(LEFT, { ...moved, askedAgain: ['capture'] })).toHaveLength(1);
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
