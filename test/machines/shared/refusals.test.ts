import { describe, expect, it } from 'vitest';
import { cardLifecycle } from '../../../machines/card/card.lifecycle.ts';
import { promiseLifecycle } from '../../../machines/promise/promise.lifecycle.ts';
import { STATES } from '../card/card.states.ts';

describe('a refund that names an invoice', () => {
  const request = { verb: 'refund', amountMinor: 1, invoiceNumber: 'R-1' };
  const refused = {
    code: 'request-incomplete',
    detail: expect.stringContaining('no invoices') as string,
  };

  it('is refused by a card payment, which has none', () => {
    const captured = STATES.find(({ name }) => name === 'captured')?.state;
    if (captured === undefined) throw new Error('no sample of a captured payment');
    expect(cardLifecycle.decide(captured, request, 1)).toMatchObject(refused);
  });

  it('is refused by a promise, which has none', () => {
    const promise = promiseLifecycle.open({
      paymentId: 'pay_sample',
      total: { amountMinor: 1_050, currency: 'EUR' },
      provider: 'Offline',
      dueOn: '2026-12-21',
      dueAt: 1_000,
      remindAt: null,
      payTo: null,
      sendTo: null,
      at: 0,
    });
    const came = promiseLifecycle.applyEvent(promise, {
      type: 'receipt.recorded',
      at: 1,
      amountMinor: 1_050,
      reference: null,
      receivedOn: null,
    });
    if (came === null) throw new Error('a receipt is not legal');
    expect(promiseLifecycle.decide(came, request, 1)).toMatchObject(refused);
  });
});
