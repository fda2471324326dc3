/** An InfinitePay that refuses: a definite no, never sent again, and looked after once. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

let holdfast: Holdfast;
let infinitepay: Guarantees;
beforeAll(async () => {
  holdfast = await createHoldfast();
  infinitepay = await createGuarantees(holdfast, { autoCapture: false, autoActivate: false });
});
afterAll(async () => {
  await holdfast.close();
  await infinitepay.close();
});

const soap = (body: string): string =>
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">' +
  `<s:Body>${body}</s:Body></s:Envelope>`;
const fault = (code: string): string =>
  soap(`<s:Fault><faultcode>s:${code}</faultcode><faultstring>not so</faultstring></s:Fault>`);
const answer = (operation: string, status: number, body: string) =>
  infinitepay.simulate('answers', {
    method: 'POST',
    path: '/ws/InfinitePayAPI',
    operation,
    status,
    body,
    headers: { 'content-type': 'text/xml' },
    times: 1,
  });

describe('a refused reservation', () => {
  it('is declined with a stable code, and nobody can have it sent again', async () => {
    await answer('reserve', 500, fault('Client'));
    const { status, body } = await infinitepay.start();
    expect([status, body.status, body.needsAttention]).toEqual([201, 'declined', null]);
    expect(body.decline).toMatchObject({ verb: 'reserve' });
    expect(body.decline?.message).not.toMatch(/credential|settings/);
    expect((await infinitepay.operate(body, 'recheck')).status).toBe(409);
    await holdfast.app.request(`/return/${body.id}`);
    expect((await holdfast.get(body.id)).status).toBe('declined');
    expect(await infinitepay.stateOf(body)).toBeNull();
  });

  it('asks for valid credentials where those are refused', async () => {
    await answer('reserve', 500, fault('FailedAuthentication'));
    const { status, body } = await infinitepay.start();
    expect([status, body.status]).toEqual([201, 'declined']);
    expect(body.needsAttention).toContain('credentials');
  });
});

describe('a refused capture', () => {
  const reserved = async () => {
    const { body } = await infinitepay.start();
    expect(body.status).toBe('reserved');
    return body;
  };

  it('is answered with what InfinitePay shows then, also to a repeat', async () => {
    const payment = await reserved();
    await infinitepay.atPortal('cancel', payment);
    await answer('capture', 500, fault('Client'));
    const key = randomUUID();
    const { status, body } = await holdfast.command(payment.id, 'capture', {}, { key });
    expect([status, body.status, body.needsAttention]).toEqual([200, 'cancelled', null]);
    expect(body.decline).toMatchObject({ verb: 'capture' });
    expect(body.amounts).toMatchObject({ voided: TOTAL, captured: 0 });
    const again = await holdfast.command(payment.id, 'capture', {}, { key });
    expect([again.status, again.body.status, again.body.decline]).toEqual([
      200,
      'cancelled',
      body.decline,
    ]);
    expect(await holdfast.facts(payment.id)).toContain('cancellation.found');
  });

  it('leaves the order as it was where nothing else is found', async () => {
    const payment = await reserved();
    await answer('capture', 500, fault('Client'));
    const { status, body } = await holdfast.command(payment.id, 'capture');
    expect([status, body.status, body.decline?.verb]).toEqual([200, 'reserved', 'capture']);
    expect(body.needsAttention).not.toMatch(/credential|settings/);
    expect((await holdfast.facts(payment.id)).slice(-2)).toEqual([
      'capture.refused',
      'picture.confirmed',
    ]);
    expect((await holdfast.command(payment.id, 'capture')).body.status).toBe('captured');
  });
});

describe('an activation that answers without an amount', () => {
  it('is guaranteed, of an amount that nobody knows, and shown so', async () => {
    const { body: payment } = await infinitepay.start();
    await holdfast.command(payment.id, 'capture');
    const response =
      `<ORDER_ID>${String(payment.details?.['orderId'])}</ORDER_ID>` +
      `<RESPONSE_DATA><STATUS>1</STATUS></RESPONSE_DATA>`;
    await answer(
      'activate',
      200,
      soap(`<activateOrderResponse><RESPONSE>${response}</RESPONSE></activateOrderResponse>`),
    );
    const { status, body } = await holdfast.command(payment.id, 'activate', {});
    expect([status, body.status]).toEqual([200, 'guaranteed']);
    expect(body.details).toMatchObject({ guaranteedMinor: null, claimableMinor: TOTAL });
  });
});
