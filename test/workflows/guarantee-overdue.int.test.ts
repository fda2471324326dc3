/** Invoices that are not paid in time: the worker lives 40 days ago here, and InfinitePay today. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GuaranteeProvider } from '../../activities/providers/guarantee-provider.ts';
import { guaranteeProviderOf } from '../../activities/providers/registry.ts';
import { addDays } from '../../machines/shared/calendar.ts';
import { buyerWho, createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { typesOf } from '../support/told.ts';

const AGO_MS = 40 * 86_400_000;

/** What is sent is of today: InfinitePay would guarantee no invoice that is due already. */
function today(provider: GuaranteeProvider): GuaranteeProvider {
  return {
    perform: (effect, { invoice, ...terms }, call) => {
      const later = (date: string) => addDays(date, 40);
      const now = invoice && {
        ...invoice,
        invoicedOn: later(invoice.invoicedOn),
        deliveryOn: later(invoice.deliveryOn),
        dueOn: later(invoice.dueOn),
      };
      return provider.perform(effect, { ...terms, invoice: now }, { ...call, now: Date.now });
    },
    inquire: (effect, terms, call, asking) =>
      provider.inquire(effect, terms, { ...call, now: Date.now }, asking),
    look: (question, call) => provider.look(question, { ...call, now: Date.now }),
  };
}

let holdfast: Holdfast;
let infinitepay: Guarantees;
beforeAll(async () => {
  const now = () => Date.now() - AGO_MS;
  holdfast = await createHoldfast({
    instead: { now, guaranteeProviderOf: (integration) => today(guaranteeProviderOf(integration)) },
  });
  const flags = { autoCapture: true, autoActivate: true, appliesReceipts: false };
  infinitepay = await createGuarantees(holdfast, flags);
});
afterAll(async () => {
  await holdfast.close();
  await infinitepay.close();
});

async function overdue(...wishes: string[]) {
  const { body } = await infinitepay.start({ buyer: buyerWho(...wishes) });
  await expect
    .poll(() => holdfast.facts(body.id), { timeout: 20_000 })
    .toContain('picture.confirmed');
  return holdfast.get(body.id);
}

describe('an invoice that is not paid when it is due', () => {
  it('is overdue once, still guaranteed, and InfinitePay is asked whether it knows more', async () => {
    const payment = await overdue();
    expect(payment).toMatchObject({
      status: 'overdue',
      statusText: 'Overdue (guaranteed, unpaid)',
      amounts: { captured: 0 },
      deadline: null,
    });
    const facts = await holdfast.facts(payment.id);
    expect(facts.filter((type) => type === 'payment.overdue')).toHaveLength(1);
    expect((await typesOf(holdfast, payment.id)).at(-1)).toBe('payment.overdue');
    expect(payment.commands).toEqual([
      { verb: 'receive' },
      { verb: 'claim', maxMinor: TOTAL },
      { verb: 'write-off', maxMinor: TOTAL },
      { verb: 'recheck' },
    ]);
  });

  it('is owed again where a receipt bounces after the rest was written off', async () => {
    const { id } = await overdue();
    const command = (verb: string, body = {}) => holdfast.command(id, verb, body);
    await command('receipts', { amountMinor: 60_000 });
    expect((await command('write-off')).body.status).toBe('written_off');
    expect((await command('bounce')).body).toMatchObject({
      status: 'overdue',
      amounts: { captured: 0, voided: TOTAL - 60_000 },
      details: { openMinor: 60_000 },
    });
    const again = await command('receipts', { amountMinor: TOTAL });
    expect(again.body).toMatchObject({
      status: 'paid',
      needsAttention: null,
      details: { recoveredMinor: TOTAL - 60_000 },
    });
    expect((await typesOf(holdfast, id)).at(-1)).toBe('payment.recovered');
  });

  it('is InfinitePay’s money where the buyer pays after a claim', async () => {
    const { id } = await overdue();
    expect((await holdfast.command(id, 'claim')).body.status).toBe('claimed');
    const { body: both } = await holdfast.command(id, 'receipts', { amountMinor: TOTAL });
    expect(both).toMatchObject({ status: 'claimed', details: { overpaidMinor: TOTAL } });
    expect(both.needsAttention).toContain('Hand it to InfinitePay');
    const { body: handed } = await holdfast.command(id, 'refund', { amountMinor: TOTAL });
    expect([handed.needsAttention, handed.amounts.refunded]).toEqual([null, TOTAL]);
  });

  it('is claimed as far as it is guaranteed, and the rest written off', async () => {
    const { id } = await overdue('half-guaranteed');
    const command = (verb: string, body = {}) => holdfast.command(id, verb, body);
    expect((await command('claim', { amountMinor: TOTAL })).status).toBe(422);
    const { body: claimed } = await command('claim', { reference: 'InfinitePay 3/27' });
    expect(claimed).toMatchObject({
      status: 'overdue',
      amounts: { captured: TOTAL / 2 },
      details: { claimedMinor: TOTAL / 2, claimableMinor: 0 },
    });
    expect(claimed.commands.map(({ verb }) => verb)).not.toContain('claim');
    const { body: over } = await command('write-off', { reason: 'insolvent' });
    expect(over).toMatchObject({
      status: 'written_off',
      amounts: { captured: TOTAL / 2, voided: TOTAL / 2 },
      details: { openMinor: 0 },
    });
    expect((await typesOf(holdfast, id)).slice(-2)).toEqual([
      'payment.claimed',
      'payment.written_off',
    ]);
  });

  it('is paid late', async () => {
    const { id } = await overdue();
    await holdfast.command(id, 'receipts', { amountMinor: 5_000 });
    expect((await holdfast.get(id)).status).toBe('overdue');
    expect((await holdfast.command(id, 'receipts')).body).toMatchObject({
      status: 'paid',
      amounts: { captured: TOTAL },
    });
  });
});
