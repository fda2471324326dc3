/** Card numbers never come in: refused wherever they are, and nothing here remembers them. */
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { createHoldfast, type Holdfast, ORDER } from '../support/holdfast.ts';

/** Stripe's test card: https://docs.stripe.com/testing#cards, read 2026-11-21. */
const PLAIN = '4242424242424242';
const SPACED = '4242 4242 4242 4242';
const ANY_FORM = /4242[^0-9]{0,3}4242[^0-9]{0,3}4242[^0-9]{0,3}4242/;
const PAYMENT = 'pay_00000000000000000000000000';

let holdfast: Holdfast;
let app: ReturnType<typeof createApp>;
let lines: string[] = [];
beforeAll(async () => {
  holdfast = await createHoldfast();
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  app = createApp({ ...holdfast.deps, log });
});
beforeEach(() => {
  lines = [];
});
afterAll(() => holdfast.close());

async function send(
  method: string,
  path: string,
  body?: string,
  headers: Record<string, string> = {},
) {
  const response = await app.request(path, {
    method,
    headers: {
      authorization: `Bearer ${holdfast.keys.admin}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, text, code: (JSON.parse(text) as { code?: string }).code };
}

/** Rows, in whichever table and column, with `pattern` in them as text. */
async function rowsWith(pattern: RegExp): Promise<string[]> {
  const { rows: tables } = await holdfast.pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const found = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await holdfast.pool.query<{ row: string }>(
        `select t::text as row from ${name} t where t::text ~ $1`,
        [pattern.source],
      );
      return rows.map(({ row }) => `${name}: ${row}`);
    }),
  );
  return found.flat();
}

describe('a request with a card number in it', () => {
  afterEach(async () => {
    expect(await rowsWith(ANY_FORM)).toEqual([]);
    expect(lines.filter((line) => ANY_FORM.test(line))).toEqual([]);
  });

  const order = (change: object) => JSON.stringify({ ...ORDER, ...change });
  const escaped = PLAIN.replace(/\d/g, (digit) => `\\u003${digit}`);
  const payments = ['POST', '/v1/payments'] as const;
  const cases: [string, Parameters<typeof send>][] = [
    ['in a field', [...payments, order({ paymentToken: PLAIN })]],
    ['in text that is kept', [...payments, order({ source: { kind: 'order', number: SPACED } })]],
    ['within a sentence', [...payments, order({ buyer: { name: `card ${SPACED}, 12/34` } })]],
    ['with dashes', [...payments, order({ paymentToken: '4242-4242-4242-4242' })]],
    ['with no-break spaces', [...payments, order({ note: '4242\u00a04242\u00a04242\u00a04242' })]],
    ['in full-width digits', [...payments, order({ note: '４２４２４２４２４２４２４２４２' })]],
    ['in an unknown field', [...payments, order({ card: SPACED })]],
    ['deep within', [...payments, order({ a: [{ b: { c: [{ number: PLAIN }] } }] })]],
    ['as a number', [...payments, order({ card: Number(PLAIN) })]],
    ['as a number with an exponent', [...payments, '{"card":4.242424242424242e15}']],
    ['in the parts of a list', [...payments, order({ card: ['4242', '4242', 4242, '4242'] })]],
    ['as a field’s name', [...payments, order({ [PLAIN]: true })]],
    ['in escapes', [...payments, `{"card":"${escaped}"}`]],
    ['in a name in escapes', [...payments, `{"${escaped}":1}`]],
    ['in JSON that is broken', [...payments, `{"card":"${SPACED}"`]],
    ['in another content type', [...payments, `card=${PLAIN}`, { 'content-type': 'text/plain' }]],
    ['in the key', [...payments, order({}), { 'idempotency-key': `order-${PLAIN}` }]],
    ['in the preferences', [...payments, order({}), { prefer: `wait=0, card=${PLAIN}` }]],
    [
      'in the body of a caller without a key',
      [...payments, order({ card: PLAIN }), { authorization: '' }],
    ],
    ['in the path', ['GET', `/v1/payments/${PLAIN}`]],
    ['in the path of a command', ['POST', `/v1/payments/${PLAIN}/capture`, '{}']],
    ['in the path with spaces', ['GET', `/v1/payments/${encodeURIComponent(SPACED)}/events`]],
    ['in the query', ['GET', `/v1/payments?order=${PLAIN}`]],
    ['in the query with pluses', ['GET', '/v1/payments?order=4242+4242+4242+4242']],
    ['in the query in escapes', ['GET', `/v1/payments?order=%34${PLAIN.slice(1)}`]],
    ['in an unknown query parameter', ['GET', `/v1/payments?x=${PLAIN}`]],
    ['in a reason', ['POST', `/v1/payments/${PAYMENT}/refund`, `{"reason":"${SPACED}"}`]],
    ['in an integration', ['PUT', '/v1/integrations/acme', `{"credentials":{"x":"${PLAIN}"}}`]],
    ['on a path that is not there', ['POST', '/v1/nothing', `{"x":"${PLAIN}"}`]],
  ];

  it.each(cases)('is refused, and nothing remembers it: %s', async (_where, request) => {
    const { status, code, text } = await send(...request);
    expect({ status, code }).toEqual({ status: 422, code: 'card-number-refused' });
    expect(text).not.toMatch(ANY_FORM);
  });

  it.each(['/nothing', '/return', '/docs/assets'])('is in no log either below %s', async (path) => {
    const response = await app.request(`${path}/${PLAIN}?card=${PLAIN}`);
    await response.text();
    expect(lines).toHaveLength(1);
  });
});

describe('a request without one', () => {
  it('is taken, and then the search that finds no card number finds it', async () => {
    const { status } = await send(
      'POST',
      '/v1/payments',
      JSON.stringify({
        ...ORDER,
        source: { kind: 'order', number: '4242 4242 4242 4241' },
      }),
    );
    expect(status).toBe(201);
    expect(await rowsWith(/4242 4242 4242 4241/)).not.toEqual([]);
    expect(lines.join('')).toContain('"route":"/v1/payments"');
  });

  it.each([
    '20576456-8b04-454c-a359-520879255523',
    '{20576456-8b04-454c-a359-520879255523}',
    'capture-20576456-8B04-454C-A359-520879255523',
  ])('may have a UUID as its key, whatever its digits: %s', async (key) => {
    const { status } = await send('POST', '/v1/payments', JSON.stringify(ORDER), {
      'idempotency-key': key,
    });
    expect(status).toBe(201);
  });
});
