/** How payments on credit begin: what is refused, and orders that are placed server to server. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../db/repositories/api-key.repository.ts';
import { createCredits, type Credits, MERCHANT, TOTAL } from '../support/credits.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a payment on credit', () => {
  let holdfast: Holdfast;
  let apruve: Credits;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    apruve = await createCredits(holdfast);
  });
  afterAll(async () => {
    await holdfast.close();
    await apruve.close();
  });

  it('is refused in another currency than US dollars, in words that say so', async () => {
    const { body, status } = await apruve.start({
      amount: { amountMinor: TOTAL, currency: 'EUR' },
    });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('US dollars only');
  });

  it.each([
    ['paymentToken', { paymentToken: 'pm_card_visa' }],
    ['capture', { capture: 'manual' }],
    ['term', { term: 'net30' }],
  ])('has no use for %s, and says so', async (path, part) => {
    const { body, status } = await apruve.start(part);
    expect([status, body.code]).toEqual([422, 'invalid-request']);
    expect(body.errors).toMatchObject([{ path }]);
  });

  it('for a corporate account needs the address of its buyer', async () => {
    const { body, status } = await apruve.start({
      corporateAccountId: 'a',
      buyer: { name: 'Sam' },
    });
    expect([status, body.code]).toEqual([422, 'invalid-request']);
    expect(body.errors).toMatchObject([{ path: 'buyer.email' }]);
  });

  it('for a corporate account is ordered at once, and the buyer has nothing to accept', async () => {
    const { body, status } = await apruve.place();
    expect(status).toBe(201);
    const payment = await holdfast.until(body.id, (each) => each.status === 'authorized');
    expect(payment).toMatchObject({ nextAction: null, amounts: { authorized: TOTAL } });
    expect(await apruve.moved(payment)).toEqual([`order ${TOTAL}`]);
  });

  it('under review waits until somebody at Apruve accepts it', async () => {
    const { body } = await apruve.place('review@example.com');
    expect(body.status).toBe('in_review');
    expect(body.commands).toEqual([{ verb: 'cancel' }, { verb: 'recheck' }]);
    await apruve.atDashboard('accept', apruve.ordersOf(body)[0]?.id ?? '');
    const payment = await holdfast.until(body.id, (each) => each.status === 'authorized');
    expect(payment.amounts.authorized).toBe(TOTAL);
  });

  it('under review can be cancelled, here and at Apruve', async () => {
    const { body } = await apruve.place('review@example.com');
    const cancelled = await holdfast.command(body.id, 'cancel', { reason: 'changed my mind' });
    expect(cancelled.body).toMatchObject({ status: 'cancelled', decline: null });
    expect(apruve.ordersOf(body)[0]?.status).toBe('canceled');
  });

  it('beyond the buyer’s credit is declined, with nothing held', async () => {
    const { body } = await apruve.place('small@example.com');
    const payment = await holdfast.until(body.id, (each) => each.status === 'declined');
    expect(payment).toMatchObject({ decline: { code: 'order_canceled' }, commands: [] });
    expect(await apruve.moved(payment)).toEqual([]);
  });

  it('for somebody who may not order for the account is declined, and nothing is sent', async () => {
    const { body } = await apruve.place('buyer@example.com', { buyer: { email: 'x@example.com' } });
    expect(body).toMatchObject({ status: 'declined', decline: { code: 'buyer_not_authorized' } });
    expect(apruve.ordersOf(body)).toEqual([]);
  });

  it('is one order for one idempotency key, however often it is asked for', async () => {
    const key = randomUUID();
    const answers = [];
    for (let time = 0; time < 3; time += 1) answers.push(await apruve.start({}, key));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const offers = answers.map(({ body }) => body.nextAction);
    expect(offers[2]).toEqual(offers[0]);
  });

  it('gives each verb to those alone who may use it', async () => {
    const { id } = await apruve.authorized();
    const may = async (role: Role, path: string, body: object) => {
      const { status } = await holdfast.request('POST', `/v1/payments/${id}/${path}`, {
        key: holdfast.keys[role],
        body,
        headers: { 'idempotency-key': randomUUID() },
      });
      return status !== 403;
    };
    const verbs: [string, object][] = [
      ['accept', { providerRef: 'order' }],
      ['ship', { invoiceNumber: 'none' }],
      ['cancel-invoice', { invoiceNumber: 'none' }],
      ['refund', { invoiceNumber: 'none' }],
      ['resolve', { outcome: 'failed', reason: 'none' }],
      ['invoices', { amountMinor: TOTAL + 1 }],
    ];
    const allowed: Record<string, string[]> = {};
    for (const role of ['checkout', 'sales', 'operator', 'admin'] as const) {
      const each = await Promise.all(
        verbs.map(async ([path, body]) => ((await may(role, path, body)) ? [path] : [])),
      );
      allowed[role] = each.flat();
    }
    const sales = ['ship', 'cancel-invoice', 'refund', 'invoices'];
    expect(allowed).toEqual({
      checkout: ['accept'],
      sales,
      operator: ['resolve'],
      admin: verbs.map(([path]) => path),
    });
    expect((await holdfast.get(id)).status).toBe('authorized');
  });

  it('leaves evidence of each call, without the API key', async () => {
    const payment = await apruve.authorized();
    await holdfast.command(payment.id, 'invoices');
    const { body } = await holdfast.request<{ data: { exchanges: unknown[] }[] }>(
      'GET',
      `/v1/payments/${payment.id}/operations`,
    );
    const exchanges = body.data.flatMap((each) => each.exchanges);
    expect(JSON.stringify(exchanges)).toContain('POST');
    expect(JSON.stringify(body)).not.toContain(MERCHANT.apiKey);
    const { body: events } = await holdfast.request('GET', `/v1/payments/${payment.id}/events`);
    expect(JSON.stringify([events, payment])).not.toContain(MERCHANT.apiKey);
  });
});
