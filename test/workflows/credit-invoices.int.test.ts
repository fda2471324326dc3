/** Invoices of an order on credit and their shipments, which fail and are repeated apart. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCredits, type Credits, TOTAL } from '../support/credits.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('an accepted order', () => {
  let holdfast: Holdfast;
  let apruve: Credits;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    apruve = await createCredits(holdfast, { webhooks: true });
  });
  afterAll(async () => {
    await holdfast.close();
    await apruve.close();
  });
  const refused = (answer: { status: number; body: object }) => ({
    status: answer.status,
    ...answer.body,
  });

  it('is invoiced in parts, each with its shipment, until nothing is left', async () => {
    const { id } = await apruve.authorized();
    const first = await holdfast.command(id, 'invoices', { amountMinor: 40_000 });
    expect(first.body).toMatchObject({
      status: 'invoiced',
      details: { invoicedMinor: 40_000, uninvoicedMinor: 60_000 },
    });
    expect(first.body.commands).toEqual([
      { verb: 'invoice', maxMinor: 60_000 },
      { verb: 'receive' },
      { verb: 'cancel-invoice' },
      { verb: 'refund', maxMinor: 40_000 },
      { verb: 'recheck' },
    ]);
    const rest = await holdfast.command(id, 'invoices', { invoiceNumber: 'R-2' });
    expect(rest.body.commands).not.toContainEqual(expect.objectContaining({ verb: 'invoice' }));
    expect(await apruve.moved(rest.body)).toEqual([
      `order ${TOTAL}`,
      'invoice 40000',
      'ship 40000',
      'invoice 60000',
      'ship 60000',
    ]);
    expect((await holdfast.command(id, 'invoices')).status).toBe(409);
  });

  it('takes a number of an invoice once, and says so', async () => {
    const { id } = await apruve.authorized();
    const terms = { amountMinor: 10_000, invoiceNumber: 'R-1' };
    await holdfast.command(id, 'invoices', terms);
    const again = refused(await holdfast.command(id, 'invoices', terms));
    expect(again.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(again)).toContain('has an invoice R-1 already');
    expect(await apruve.moved(await holdfast.get(id))).toHaveLength(3);
  });

  it('is invoiced for no more than is left of it, and says how much that is', async () => {
    const { id } = await apruve.authorized();
    await holdfast.command(id, 'invoices', { amountMinor: 40_000 });
    const above = refused(await holdfast.command(id, 'invoices', { amountMinor: 60_001 }));
    expect(above).toMatchObject({ status: 422, code: 'amount-out-of-range', maxMinor: 60_000 });
    const dated = await holdfast.command(id, 'invoices', {
      shippedOn: '2026-12-02',
      deliveredOn: '2026-12-01',
    });
    expect(dated.status).toBeGreaterThanOrEqual(400);
    expect(await apruve.moved(await holdfast.get(id))).toHaveLength(3);
  });

  it('has one invoice for one idempotency key, however often it is asked for', async () => {
    const { id } = await apruve.authorized();
    const key = randomUUID();
    const ask = () => holdfast.command(id, 'invoices', { amountMinor: 10_000 }, { key });
    const answers = await Promise.all([ask(), ask(), ask()]);
    const last = await ask();
    expect([...answers, last].map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await apruve.moved(last.body)).toEqual([
      `order ${TOTAL}`,
      'invoice 10000',
      'ship 10000',
    ]);
  });

  it('has one invoice when a shipment fails: a retried shipment never creates a second invoice', async () => {
    const { id } = await apruve.authorized();
    apruve.refuse(/shipments$/);
    const failed = await holdfast.command(id, 'invoices', { amountMinor: 40_000, shipper: 'UPS' });
    expect(failed.body).toMatchObject({ status: 'ship_failed', amounts: { captured: 0 } });
    expect(failed.body.needsAttention).toContain('not its shipment');
    const verbs = failed.body.commands.map(({ verb }) => verb);
    expect(verbs).toContain('ship');
    const again = await holdfast.command(id, 'ship');
    expect(again.body.status).toBe('ship_failed');
    apruve.refuse(null);
    const shipped = await holdfast.command(id, 'ship', { trackingNumber: '1Z' });
    expect(shipped.body).toMatchObject({ status: 'invoiced', needsAttention: null });
    expect(await apruve.moved(shipped.body)).toEqual([
      `order ${TOTAL}`,
      'invoice 40000',
      'ship 40000',
    ]);
    const facts = await holdfast.facts(id);
    expect(facts.filter((type) => type === 'invoice.requested')).toHaveLength(1);
    expect(facts.filter((type) => type === 'shipment.declined')).toHaveLength(2);
  });

  it('has one invoice also when an operator was wrong about it', async () => {
    await apruve.save('apruve_curt', { policy: { inquireWithinMs: 1_000 } });
    const { id } = await apruve.authorized({ method: 'apruve_curt.credit' });
    await apruve.fault({ operation: 'capture', fault: 'drop-after', times: 1 });
    apruve.hide(/invoices$/);
    const terms = { amountMinor: 40_000, invoiceNumber: 'R-1' };
    await holdfast.command(id, 'invoices', terms);
    await holdfast.until(id, ({ status }) => status === 'parked');
    const said = await holdfast.request('POST', `/v1/payments/${id}/resolve`, {
      key: holdfast.keys.operator,
      body: { outcome: 'failed', reason: 'I do not see it.' },
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(said.body).toMatchObject({ status: 'authorized' });
    apruve.hide(null);
    const again = await holdfast.command(id, 'invoices', terms);
    expect(again.body).toMatchObject({ status: 'invoiced', details: { invoicedMinor: 40_000 } });
    expect(await apruve.moved(again.body)).toEqual([
      `order ${TOTAL}`,
      'invoice 40000',
      'ship 40000',
    ]);
  });

  it('is paid for an invoice whose shipment failed, and still asks for the shipment', async () => {
    const { id } = await apruve.authorized();
    apruve.refuse(/shipments$/);
    await holdfast.command(id, 'invoices');
    apruve.refuse(null);
    await apruve.atDashboard('fund', apruve.ordersOf(await holdfast.get(id))[0]?.id ?? '');
    const funded = await holdfast.until(id, ({ amounts }) => amounts.captured === TOTAL);
    expect(funded).toMatchObject({ status: 'ship_failed' });
    expect((await holdfast.command(id, 'ship')).body.status).toBe('funded');
  });

  it('takes over an invoice that somebody made at Apruve, with its payment', async () => {
    const { id } = await apruve.authorized();
    const ref = apruve.ordersOf(await holdfast.get(id))[0]?.id ?? '';
    await apruve.atDashboard('invoice', ref, { amountMinor: 30_000 });
    await apruve.atDashboard('fund', ref);
    const payment = await holdfast.until(id, ({ amounts }) => amounts.captured === 30_000);
    expect(payment).toMatchObject({
      status: 'partially_funded',
      details: { invoicedMinor: 30_000, uninvoicedMinor: 70_000 },
    });
    const own = await holdfast.command(id, 'invoices');
    expect(own.body.details).toMatchObject({ uninvoicedMinor: 0 });
  });
});
