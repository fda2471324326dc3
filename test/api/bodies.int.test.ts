/** What is in a body, how large it may be, and who may make the API read it. */
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast, ORDER } from '../support/holdfast.ts';
import { listen } from '../support/serve.ts';

type Refused = { code: string; detail: string; errors: { path: string }[] };

let holdfast: Holdfast;
let server: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  holdfast = await createHoldfast();
  server = await listen((raw, env) => holdfast.app.fetch(raw, env));
});
afterAll(async () => {
  await server.stop();
  await holdfast.close();
});

const send = (method: string, path: string, body: unknown) =>
  holdfast.request<Refused>(method, path, {
    body,
    headers: { 'idempotency-key': randomUUID() },
  });
const MIB = 1024 * 1024;

describe('a body with a name twice', () => {
  const start = JSON.stringify(ORDER);
  it.each([
    ['payments', 'POST', '/v1/payments', start.replace('{', '{"capture":"automatic",')],
    [
      'payments, further in',
      'POST',
      '/v1/payments',
      start.replace('"currency"', '"amountMinor":1,"currency"'),
    ],
    ['payments, escaped', 'POST', '/v1/payments', start.replace('{', '{"\\u0063apture":"manual",')],
    [
      'endpoints',
      'POST',
      '/v1/webhook-endpoints',
      '{"url":"http://a.example","url":"http://b.example"}',
    ],
    [
      'integrations',
      'PUT',
      '/v1/integrations/offline',
      '{"provider":"offline","mode":"test","credentials":{},"settings":{"terms":{"a":{"kind":"net","days":1},"a":{"kind":"net","days":2}}}}',
    ],
    ['commands', 'POST', '/v1/payments/pay_1/capture', '{"amountMinor":1,"amountMinor":2}'],
  ])('is refused for %s, and the name is told', async (_what, method, path, body) => {
    const answer = await send(method, path, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-json' } });
    expect(answer.body.detail).toContain('twice');
  });

  it.each(['{"__proto__":{}}', '{"settings":{"customers":{"__proto__":"net30"}}}'])(
    'and one with the name of a prototype is refused: %s',
    async (body) => {
      expect(await send('PUT', '/v1/integrations/offline', body)).toMatchObject({
        status: 400,
        body: { code: 'invalid-json' },
      });
    },
  );
});

describe('a number', () => {
  const INVISIBLE = [
    '\u200b',
    '\u200d',
    '\u202e',
    '\u2066',
    '\u00ad',
    '\ufeff',
    '\u061c',
    '\u3164',
  ];
  const start = (change: object) => send('POST', '/v1/payments', { ...ORDER, ...change });

  it.each(INVISIBLE)('with a character that nobody sees is refused: %j', async (sign) => {
    const number = `47${sign}11`;
    const bodies: [string, object][] = [
      ['source.number', { source: { kind: 'order', number } }],
      ['source.number', { source: { kind: 'order', number: `${sign}4711` } }],
      ['buyer.customerNumber', { buyer: { customerNumber: number } }],
      ['items.0.sku', { items: [{ sku: number, title: 'x', quantity: 1, unitPriceMinor: 1 }] }],
      ['corporateAccountId', { corporateAccountId: number }],
    ];
    for (const [path, body] of bodies) {
      const { status, body: said } = await start(body);
      expect([status, said.errors.map((each) => each.path)]).toEqual([422, [path]]);
    }
    const commands: [string, string][] = [
      ['receipts', 'reference'],
      ['receipts', 'invoiceNumber'],
      ['bounce', 'receiptId'],
      ['invoices', 'invoiceNumber'],
      ['ship', 'trackingNumber'],
      ['activate', 'invoiceNumber'],
      ['claim', 'reference'],
    ];
    for (const [verb, name] of commands) {
      const answer = await send('POST', `/v1/payments/pay_1/${verb}`, { [name]: number });
      expect([answer.status, answer.body.errors.map(({ path }) => path)]).toEqual([422, [name]]);
    }
  });

  it.each(['constructor', 'toString', 'hasOwnProperty'])(
    'that every object answers to is nobody’s: %s',
    async (word) => {
      expect(await start({ buyer: { customerNumber: word } })).toMatchObject({ status: 422 });
      expect(await start({ method: `stripe_test.${word.toLowerCase()}` })).toMatchObject({
        status: 422,
        body: { code: 'unknown-payment-method' },
      });
    },
  );

  it('may be shown to people as it was written: other letters stay', async () => {
    const number = 'Nr. Ü-4711/β (б)';
    expect(await start({ source: { kind: 'order', number } })).toMatchObject({
      status: 201,
      body: { source: { number } },
    });
  });
});

describe('an endpoint’s address', () => {
  it.each(['no address', 'http://', 'https://[::1', 'http://a b', 'http://%zz', '//x', 'http:'])(
    'that is none is refused: %s',
    async (url) => {
      const answer = await send('POST', '/v1/webhook-endpoints', { url });
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
      expect(answer.body.errors.map(({ path }) => path)).toContain('url');
    },
  );
});

describe('a body as large as is promised', () => {
  const long = (length: number, letter: string) => letter.repeat(length);
  const items = (letter: string) =>
    Array.from({ length: 500 }, () => ({
      sku: long(100, letter),
      title: long(200, letter),
      description: long(500, letter),
      quantity: 1_000_000,
      unitPriceMinor: 999_999_999_999,
      unitNetMinor: 999_999_999_999,
      taxRateBasisPoints: 10_000,
    }));

  it.each([
    ['plain', JSON.stringify({ ...ORDER, items: items('x') })],
    ['of three bytes a letter', JSON.stringify({ ...ORDER, items: items('漢') })],
    ['escaped', JSON.stringify({ ...ORDER, items: items('漢') }).replaceAll('漢', '\\u6f22')],
  ])('is taken: 500 items, %s', async (_what, body) => {
    expect(await send('POST', '/v1/payments', body)).toMatchObject({ status: 201 });
  });

  it('has its limit in the documentation', async () => {
    const { body } = await holdfast.request<{ info: { description: string } }>(
      'GET',
      '/openapi.json',
    );
    expect(body.info.description).toContain('3 MiB');
  });
});

/** A request as raw bytes: `more` is called until the connection is closed. */
async function sendRaw(
  head: string,
  more: (socket: Socket) => void,
): Promise<{ answer: string; ms: number }> {
  const { port, hostname } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('utf8')));
  socket.on('error', () => undefined);
  const begun = performance.now();
  socket.write(head);
  while (!socket.destroyed && performance.now() - begun < 5_000) {
    if (!socket.writableEnded) more(socket);
    await sleep(50);
  }
  socket.destroy();
  return { answer, ms: performance.now() - begun };
}

describe('a body that is too large', () => {
  const head = (key: string, length: string) =>
    `POST /v1/payments HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n` +
    `Idempotency-Key: ${randomUUID()}\r\nContent-Type: application/json\r\n${length}\r\n\r\n`;
  const announced = `Content-Length: ${100 * MIB}`;
  const chunked = 'Transfer-Encoding: chunked';
  const slowly = (socket: Socket) => socket.write(' ');
  const inChunks = (socket: Socket) =>
    socket.write(`${(512 * 1024).toString(16)}\r\n${' '.repeat(512 * 1024)}\r\n`);

  it.each([
    ['a slow sender that announced it', announced, slowly],
    ['a sender that announces nothing', chunked, inChunks],
  ])('is answered with 413, and the connection is closed, for %s', async (_what, length, more) => {
    const { answer, ms } = await sendRaw(head(holdfast.keys.checkout, length), more);
    expect(answer).toContain('HTTP/1.1 413');
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(answer).toContain('body-too-large');
    expect(ms).toBeLessThan(4_000);
  });

  it('is heard of by a client that sends all of it first', async () => {
    const response = await fetch(`${server.url}/v1/payments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${holdfast.keys.checkout}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: `{"x":"${'x'.repeat(8 * MIB)}"}`,
    });
    expect([response.status, response.headers.get('connection')]).toEqual([413, 'close']);
  });

  it('of somebody without a key is not read', async () => {
    const { answer, ms } = await sendRaw(head('hf_test_nobody', announced), slowly);
    expect(answer).toContain('HTTP/1.1 401');
    expect(ms).toBeLessThan(4_000);
  });
});
