/** Every way in which an answer may be read, for every operation. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderNotReached } from '../../../../activities/providers/provider.ts';
import { type Listening, listen } from '../../../support/serve.ts';
import { adapterAt, deafUrl, effectsOf } from './adapter.stage.ts';

const REFS = { accountId: 'acc_1', orderRef: 'ord_1', invoiceRef: 'inv_1' };
const ACCOUNTS = [
  { id: 'acc_1', authorized_buyers: [{ id: 'shp_1', email: 'Buyer@Example.com' }] },
];
const money = { amount_cents: 10_000, currency: 'USD' };
/** What an answer to each operation has to say to be approved. */
const GOOD = {
  order: { id: 'ord_1', status: 'accepted', merchant_order_id: 'pay_1', ...money },
  invoice: {
    id: 'i',
    status: 'open',
    order_id: 'ord_1',
    merchant_invoice_id: 'inv_1',
    ...money,
  },
  ship: { id: 's', status: 'fulfilled', merchant_shipment_id: 'shp_1', ...money },
  return: { id: 'r', amount_cents: 4_000, currency: 'USD', merchant_notes: 'holdfast:op_1' },
  cancel: { id: 'ord_1', status: 'canceled' },
  'cancel-invoice': { id: 'inv_1', status: 'cancelled' },
};
type Verb = keyof typeof GOOD;
const VERBS = Object.keys(GOOD) as Verb[];

let server: Listening;
let said: { status: number; body: string };
beforeEach(async () => {
  server = await listen(({ method, url }) =>
    method === 'GET'
      ? Response.json(url.includes('corporate_accounts') ? ACCOUNTS : [])
      : new Response(said.status === 204 ? null : said.body, {
          status: said.status,
          headers: said.status === 302 ? { location: '/elsewhere' } : {},
        }),
  );
});
afterEach(() => server.stop());

async function perform(verb: Verb, status: number, body: unknown) {
  said = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
  const { clock, perform: act } = adapterAt(server.url);
  return act(effectsOf(clock, REFS)[verb]);
}

const ERRORS = {
  errors: [
    { title: 'Bad Request', detail: 'Too much.', source: { parameter: 'paymentTerm.limit' } },
    { title: 'Again' },
  ],
};

describe.each(VERBS)('an answer to %s', (verb) => {
  it('is approved when it says so of what was asked', async () => {
    expect(await perform(verb, 201, GOOD[verb])).toMatchObject({
      kind: 'approved',
      providerRef: GOOD[verb].id,
    });
  });

  it.each([
    ['HTML', 200, '<html>'],
    ['nothing', 200, ''],
    ['no content', 204, ''],
    ['null', 200, 'null'],
    ['another object', 200, {}],
    ['a redirect', 302, ''],
    ['a refusal without words', 400, '{}'],
    ['a conflict without words', 409, 'Conflict'],
    ['a status of which nothing is known', 422, ERRORS],
    ['an error of the server', 500, ERRORS],
    ['an error of a proxy', 503, '<html>'],
  ])('is unknown when it is %s', async (_what, status, body) => {
    expect(await perform(verb, status, body)).toMatchObject({ kind: 'unknown' });
  });

  it('is a decline in Apruve’s words when it is a 400 or a 410', async () => {
    for (const status of [400, 410]) {
      expect(await perform(verb, status, ERRORS)).toEqual({
        kind: 'declined',
        decline: { code: 'payment_term_limit', message: 'Too much. Again', advice: null },
      });
    }
  });

  it('is a decline with a general code and at most 200 letters when it names nothing', async () => {
    const outcome = await perform(verb, 400, { errors: [{ detail: 'x'.repeat(500) }] });
    expect(outcome).toMatchObject({ decline: { code: 'bad_request', message: 'x'.repeat(200) } });
  });

  it('in conflict is a decline, or a doubt when it may have been canceled already', async () => {
    const kind = verb.startsWith('cancel') ? 'unknown' : 'declined';
    expect(await perform(verb, 409, ERRORS)).toMatchObject({ kind });
  });

  it.each([401, 403])('is about the credentials when it is a %i, with no code', async (status) => {
    for (const body of [ERRORS, '<html>']) {
      const outcome = await perform(verb, status, body);
      expect(outcome).toMatchObject({ kind: 'refused', fault: 'credentials' });
      expect(outcome).not.toHaveProperty('code');
    }
  });

  it('is about what was named when it is a 404 in Apruve’s words, with its code', async () => {
    const outcome = await perform(verb, 404, { errors: [{ detail: 'No such thing.' }] });
    expect(outcome).toEqual({
      kind: 'refused',
      reason: 'HTTP 404: No such thing.',
      code: 'not_found',
    });
    expect(await perform(verb, 404, ERRORS)).toMatchObject({ code: 'payment_term_limit' });
  });

  it('is our own fault when it is a 404 in other words, a 405 or a 406', async () => {
    for (const [status, body] of [
      [404, '<html>'],
      [405, ERRORS],
      [406, '<html>'],
    ] as const) {
      expect(await perform(verb, status, body)).toMatchObject({ kind: 'refused', fault: 'ours' });
    }
  });

  it('has not acted when it is a 429', async () => {
    await expect(perform(verb, 429, ERRORS)).rejects.toThrow(ProviderNotReached);
  });

  it('is not approved in an unknown status, or of another amount', async () => {
    const changes = [{ status: 'of_tomorrow' }, { amount_cents: 1 }, { amount_cents: 10_000.5 }];
    for (const change of changes.filter((one) => Object.keys(one).every((n) => n in GOOD[verb]))) {
      expect(await perform(verb, 201, { ...GOOD[verb], ...change })).toMatchObject({
        kind: 'unknown',
      });
    }
  });
});

it.each([
  ['order', { currency: 'EUR' }],
  ['order', { merchant_order_id: 'x' }],
  ['order', { merchant_order_id: null }],
  ['invoice', { currency: 'EUR' }],
  ['invoice', { merchant_invoice_id: 'x' }],
  ['invoice', { order_id: 'x' }],
  ['ship', { merchant_shipment_id: 'x' }],
  ['ship', { amount_cents: null }],
  ['return', { merchant_notes: 'holdfast:op_11' }],
  ['cancel', { id: 'x' }],
  ['cancel-invoice', { id: 'x' }],
] as const)('an answer to %s with %j is not about what was asked', async (verb, change) => {
  expect(await perform(verb, 201, { ...GOOD[verb], ...change })).toMatchObject({ kind: 'unknown' });
});

it.each([
  ['order', 'pending', 'review'],
  ['order', 'new', 'review'],
  ['order', 'canceled', 'declined'],
  ['order', 'cancelled', 'declined'],
  ['invoice', 'pending', 'unknown'],
  ['invoice', 'closed', 'approved'],
  ['invoice', 'canceled', 'declined'],
  ['ship', 'partial', 'approved'],
  ['cancel', 'cancelled', 'approved'],
  ['cancel', 'accepted', 'unknown'],
  ['cancel-invoice', 'canceled', 'approved'],
  ['cancel-invoice', 'open', 'unknown'],
] as const)('an answer to %s with the status %s is %s', async (verb, status, kind) => {
  expect(await perform(verb, 201, { ...GOOD[verb], status })).toMatchObject({ kind });
});

it('a call that nobody hears has not acted', async () => {
  const { clock, perform: act } = adapterAt(await deafUrl());
  await expect(act(effectsOf(clock, REFS).invoice)).rejects.toThrow(ProviderNotReached);
});
