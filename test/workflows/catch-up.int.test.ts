import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createJournal } from '../../db/journal/journal.ts';
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

  it('refuses nobody before it has asked the journal', async () => {
    await holdfast.saveOffline('offline', { terms: { net30: { kind: 'net', days: 30 } } });
    const { body } = await holdfast.request<PaymentResource>('POST', '/v1/payments', {
      key: holdfast.keys.checkout,
      body: {
        amount: { amountMinor: 1_000, currency: 'EUR' },
        source: { kind: 'order', number: '4711' },
        method: 'offline.terms',
        term: 'net30',
      },
      headers: { 'idempotency-key': 'promised' },
    });
    // As a worker leaves it that died when this was journaled and Temporal had not heard of it.
    const record = await holdfast.deps.payments.find(body.id);
    if (record === null) throw new Error('the payment is not there');
    const event = {
      type: 'receipt.recorded',
      at: Date.now(),
      amountMinor: 1_000,
      reference: 'check 17',
      receivedOn: null,
    };
    const facts = [{ event, actor: 'api:sales:died' }];
    const { frozen: base, sequence } = record;
    await createJournal(holdfast.pool).append({ paymentId: body.id, base, sequence, facts });
    expect((await holdfast.get(body.id)).status).toBe('received');
    const bounced = await holdfast.command(body.id, 'bounce');
    expect([bounced.status, bounced.body.status]).toEqual([200, 'promised']);
  });
});
