/** Every way in which an answer fails to come, over a real socket: what may have acted, and what not. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Call,
  type Exchange,
  ProviderNotReached,
} from '../../../../activities/providers/provider.ts';
import { callStripe, type Form } from '../../../../activities/providers/stripe/client.ts';
import { paymentIntent } from '../../../../activities/providers/stripe/mapping.ts';

const SECRET = 'sk_test_verysecret';
const INTENT = {
  id: 'pi_1',
  object: 'payment_intent',
  status: 'requires_capture',
  amount: 1_000,
  amount_capturable: 1_000,
  amount_received: 0,
  currency: 'eur',
  created: 1,
  metadata: {},
  client_secret: 'pi_1_secret_abc',
  receipt_email: 'erika@example.com',
  description: 'paid with 4242424242424242',
};

let server: Server | null = null;
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server?.closeAllConnections();
      if (server === null) resolve();
      else server.close(() => resolve());
      server = null;
    }),
);

/** A port that answers so; without an answer, a port on which nobody listens any more. */
async function port(answer: RequestListener | null): Promise<number> {
  const made = createServer(answer ?? (() => undefined));
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const { port: taken } = made.address() as AddressInfo;
  if (answer === null) await new Promise((resolve) => made.close(resolve));
  else server = made;
  return taken;
}

type Terms = { signal?: AbortSignal; form?: Form };

async function ask(answer: RequestListener | null, terms: Terms = {}) {
  const { signal = new AbortController().signal, form = { amount: 1_000 } } = terms;
  const kept: Exchange[] = [];
  const call: Call = {
    paymentId: 'pay_1',
    operationId: 'op_1',
    idempotencyKey: 'op_1',
    signal,
    lastSentAt: null,
    now: () => 1_000,
    keep: (exchange) => kept.push(exchange),
  };
  const baseUrl = `http://127.0.0.1:${await port(answer)}`;
  const request = { method: 'POST', path: '/v1/payment_intents', form } as const;
  const connection = { baseUrl, secretKey: SECRET, timeoutMs: 300 };
  const result = await callStripe(connection, request, paymentIntent, call).catch(
    (error: unknown) => error,
  );
  return { result, kept };
}

const says =
  (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const error = (type: string, more: object = {}) => ({ error: { type, message: 'No.', ...more } });

describe('a call that cannot have acted', () => {
  it('is not reached when nobody listens', async () => {
    const { result, kept } = await ask(null);
    expect(result).toBeInstanceOf(ProviderNotReached);
    expect(kept).toMatchObject([{ status: null, requestId: null, answer: 'ECONNREFUSED' }]);
  });

  it.each([
    ['as documented', error('invalid_request_error', { code: 'rate_limit' })],
    ['in whatever words', '<html>slow down</html>'],
    ['without a word', ''],
  ])('is not reached when Stripe answers 429 %s', async (_how, body) => {
    const { result, kept } = await ask(says(429, body));
    expect(result).toBeInstanceOf(ProviderNotReached);
    expect(kept).toMatchObject([{ status: 429 }]);
  });
});

describe('a call that may have acted', () => {
  it.each<[string, RequestListener]>([
    ['the connection is closed without an answer', (request) => request.socket.destroy()],
    ['no answer comes in time', () => undefined],
    [
      'the answer does not end in time',
      (_request, response) => void response.writeHead(200, { 'content-length': 99 }).write('{"id"'),
    ],
    [
      'half the answer comes',
      (request, response) => {
        response.writeHead(200, { 'content-length': 99 });
        response.write('{"id"', () => request.socket.destroy());
      },
    ],
    ['the answer is no HTTP', (request) => void request.socket.end('hello\r\n\r\n')],
    ['the answer is no JSON', says(200, '<html>OK</html>')],
    ['the answer is another object', says(200, { id: 'ch_1', object: 'charge' })],
    ['the answer is empty', says(200, '')],
    ['the answer is larger than 1 MiB', says(200, 'x'.repeat(1_100_000))],
    [
      'a twin is under way',
      says(409, error('idempotency_error', { code: 'idempotency_key_in_use' })),
    ],
    ['the key was used for something else', says(400, error('idempotency_error'))],
    [
      'something of it is locked',
      says(409, error('invalid_request_error', { code: 'lock_timeout' })),
    ],
    ['a proxy refuses in its own words', says(400, '<html>Bad Request</html>')],
    ['Stripe has a problem', says(500, error('api_error'))],
    ['a gateway has a problem', says(502, '<html>Bad Gateway</html>')],
    ['Stripe is not available', says(503, error('api_error'))],
    ['it succeeded in an unusual way', says(202, INTENT)],
    ['it is sent elsewhere', says(302, '', { location: 'http://127.0.0.1:1/' })],
  ])('is unknown when %s', async (_how, answer) => {
    const { result, kept } = await ask(answer);
    expect(result).toEqual({ kind: 'unknown', reason: expect.any(String) });
    expect(kept).toHaveLength(1);
  });

  it('is unknown when it is cut off from our side', async () => {
    const stop = new AbortController();
    const { result } = await ask(() => stop.abort(), { signal: stop.signal });
    expect(result).toMatchObject({ kind: 'unknown' });
  });
});

describe('a call that was answered', () => {
  it('is ok, and sent with the key, the account’s secret and the pinned version', async () => {
    let seen: unknown = null;
    const { result } = await ask((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method, url, headers } = request;
        seen = { method, url, headers, body: Buffer.concat(chunks).toString() };
        says(200, INTENT)(request, response);
      });
    });
    expect(result).toMatchObject({ kind: 'ok', body: { id: 'pi_1', status: 'requires_capture' } });
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/v1/payment_intents',
      headers: {
        authorization: `Bearer ${SECRET}`,
        'idempotency-key': 'op_1',
        'stripe-version': '2026-10-28.endive',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: 'amount=1000',
    });
  });

  it.each([
    [400, error('invalid_request_error', { code: 'parameter_missing', param: 'amount' })],
    [401, error('invalid_request_error')],
    [402, error('card_error', { code: 'card_declined' })],
    [403, error('invalid_request_error')],
    [404, error('invalid_request_error', { code: 'resource_missing' })],
  ])('is an error when Stripe refuses it with %d', async (status, body) => {
    const { result } = await ask(says(status, body));
    expect(result).toMatchObject({ kind: 'error', status, error: body.error });
  });
});

describe('the evidence of a call', () => {
  it('names the request, the answer and Stripe’s id of it', async () => {
    const { kept } = await ask(says(200, INTENT, { 'request-id': 'req_1' }));
    expect(kept).toEqual([
      {
        at: '1970-01-01T00:00:01.000Z',
        request: 'POST /v1/payment_intents amount=1000',
        status: 200,
        requestId: 'req_1',
        durationMs: 0,
        answer: {
          id: 'pi_1',
          object: 'payment_intent',
          status: 'requires_capture',
          amount: 1_000,
          amount_capturable: 1_000,
          amount_received: 0,
          currency: 'eur',
        },
      },
    ]);
  });

  it.each([
    ['an object', says(200, INTENT)],
    ['an error about one', says(402, error('card_error', { payment_intent: INTENT }))],
    ['a list', says(200, { object: 'list', data: [INTENT] })],
    ['something unreadable', says(200, 'card 4242 4242 4242 4242 </html>')],
    ['a message', says(400, error('x', { message: 'No such card: 4242424242424242' }))],
  ])('has no secret, no buyer and no card number of %s', async (_what, answer) => {
    const { kept } = await ask(answer);
    expect(kept).toHaveLength(1);
    const text = JSON.stringify(kept);
    expect(text).not.toMatch(/_secret|verysecret|bearer|erika|4242/i);
  });
});

describe('a form', () => {
  it('is written with Stripe’s brackets, and leaves out what is not there', async () => {
    const form = {
      amount: 1,
      confirm: true,
      metadata: { a: 'b c', d: { e: 'ü&=' } },
      expand: { 0: 'latest_charge' },
      nothing: undefined,
    };
    let body = '';
    await ask(
      (request, response) => {
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => says(200, INTENT)(request, response));
      },
      { form },
    );
    expect([...new URLSearchParams(body)]).toEqual([
      ['amount', '1'],
      ['confirm', 'true'],
      ['metadata[a]', 'b c'],
      ['metadata[d][e]', 'ü&='],
      ['expand[0]', 'latest_charge'],
    ]);
  });
});
