/** The answers plane that all simulators share, at each of them. */
import { describe, expect, it } from 'vitest';
import { createApruveSimulator } from '../../../../activities/providers/apruve/simulator.ts';
import { createInfinitePaySimulator } from '../../../../activities/providers/infinitepay/simulator.ts';
import { createStripeSimulator } from '../../../../activities/providers/stripe/simulator.ts';

type Simulator = { app: { request: (path: string, init?: RequestInit) => unknown } };

function clientOf({ app }: Simulator) {
  const send = async (method: string, path: string, body?: string, headers = {}) => {
    const init = { method, headers, ...(body === undefined ? {} : { body }) };
    const response = (await app.request(path, init)) as Response;
    const text = await response.text();
    return { status: response.status, headers: response.headers, text };
  };
  const admin = (method: string, path: string, wish?: unknown) =>
    send(method, `/_sim/${path}`, wish === undefined ? undefined : JSON.stringify(wish));
  const prepare = (wish: object) => admin('POST', 'answers', wish);
  const list = async (path: string) =>
    JSON.parse((await admin('GET', path)).text) as Record<string, unknown>[];
  return { send, admin, prepare, list };
}

const SALE =
  'amount=1000&currency=usd&confirm=true&payment_method=pm_card_visa&allowed_payment_method_types[]=card';
const CAPTURE =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><captureOrder><REQUEST/></captureOrder></s:Body></s:Envelope>';

describe.each([
  ['Stripe', createStripeSimulator, '/v1/payment_intents'],
  ['InfinitePay', createInfinitePaySimulator, '/ws/InfinitePayAPI'],
  ['Apruve', createApruveSimulator, '/api/v4/orders'],
] as const)('a prepared answer of the simulator of %s', (_, create, path) => {
  it('replaces the next call and no other, and the simulated provider does not see it', async () => {
    const { send, prepare, list } = clientOf(create());
    const wish = { method: 'POST', path, status: 403, body: { error: 'not today' } };
    expect((await prepare(wish)).status).toBe(201);
    const answer = await send('POST', path, '');
    expect([answer.status, answer.text]).toEqual([403, '{"error":"not today"}']);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect((await send('POST', path, '')).text).not.toContain('not today');
    expect(await list('ledger')).toEqual([]);
    expect(await list('answers')).toEqual([]);
    const received = await list('requests');
    expect(received.map((one) => one['wasAnsweredBefore'])).toEqual([true, undefined]);
  });
});

describe('prepared answers', () => {
  const stripe = () => clientOf(createStripeSimulator());
  const pay = ({ send }: ReturnType<typeof stripe>, key = 'k') =>
    send('POST', '/v1/payment_intents', SALE, {
      authorization: 'Bearer sk_test_x',
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': key,
    });
  const INTENTS = { method: 'POST', path: '/v1/payment_intents' };

  it('are not remembered under the idempotency key of the call', async () => {
    const sim = stripe();
    await sim.prepare({ ...INTENTS, status: 400, body: {} });
    expect((await pay(sim)).status).toBe(400);
    const again = await pay(sim);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, null]);
  });

  it('are given in the order in which they were prepared, each as often as it says', async () => {
    const sim = stripe();
    await sim.prepare({ ...INTENTS, status: 401, times: 2 });
    await sim.prepare({ ...INTENTS, status: 402 });
    expect(await sim.list('answers')).toMatchObject([{ remaining: 2 }, { remaining: 1 }]);
    const statuses = [];
    for (const key of ['a', 'b', 'c', 'd']) statuses.push((await pay(sim, key)).status);
    expect(statuses).toEqual([401, 401, 402, 200]);
  });

  it('leave the armed faults to the calls that reach the provider', async () => {
    const sim = stripe();
    const fault = { operation: 'authorize', fault: 'rate-limited' };
    await sim.admin('POST', 'faults', fault);
    await sim.prepare({ ...INTENTS, status: 401 });
    expect([(await pay(sim)).status, (await pay(sim)).status]).toEqual([401, 429]);
  });

  it.each([
    ['/v1/payment_intents', '/v1/payment_intents', true],
    ['/v1/payment_intents', '/v1/payment_intents?limit=1', true],
    ['/v1/payment_intents', '/v1/payment_intents/pi_1', false],
    ['/v1/payment_intents/*', '/v1/payment_intents/pi_1', true],
    ['/v1/payment_intents/*', '/v1/payment_intents/pi_1/capture', false],
    ['/v1/payment_intents/*/capture', '/v1/payment_intents/pi_1/capture', true],
    ['/v1/**', '/v1/payment_intents/pi_1/capture', true],
    ['/v1/payment_intents?limit=*', '/v1/payment_intents?limit=1', true],
    ['/v1/payment_intents?limit=2', '/v1/payment_intents?limit=1', false],
    ['/v1/payment.intents', '/v1/payment_intents', false],
  ])('of %s for %s: %s', async (path, called, fits) => {
    const { send, prepare } = stripe();
    await prepare({ method: '*', path, status: 418 });
    expect((await send('GET', called)).status === 418).toBe(fits);
  });

  it('are of one method', async () => {
    const { send, prepare } = stripe();
    await prepare({ ...INTENTS, status: 418 });
    expect((await send('GET', INTENTS.path)).status).toBe(401);
  });

  it('are of one operation, where all calls go to one path', async () => {
    const { send, prepare } = clientOf(createInfinitePaySimulator());
    const all = { method: 'POST', path: '/ws/InfinitePayAPI', status: 502 };
    await prepare({ ...all, operation: 'activate' });
    expect((await send('POST', all.path, CAPTURE)).status).not.toBe(502);
    await prepare({ ...all, operation: 'capture' });
    expect((await send('POST', all.path, CAPTURE)).status).toBe(502);
  });

  it.each([
    ['plain words', 'text/plain; charset=utf-8'],
    ['<html><body>502 Bad Gateway</body></html>', 'text/html; charset=utf-8'],
    ['<?xml version="1.0"?><ERROR>no</ERROR>', 'text/xml; charset=utf-8'],
    [['a', 1, null], 'application/json'],
  ])('send %j as %s', async (body, type) => {
    const sim = stripe();
    await sim.prepare({ ...INTENTS, status: 502, body });
    const answer = await pay(sim);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.text).toBe(typeof body === 'string' ? body : JSON.stringify(body));
  });

  it('have the headers they were given', async () => {
    const sim = stripe();
    const headers = { 'Content-Type': 'application/problem+json', 'Retry-After': '7' };
    await sim.prepare({ ...INTENTS, status: 429, body: {}, headers });
    const answer = await pay(sim);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('retry-after')).toBe('7');
  });

  it.each([
    [{}, 'method'],
    [{ ...INTENTS }, 'status'],
    [{ ...INTENTS, status: 99 }, 'status'],
    [{ ...INTENTS, status: 200.5 }, 'status'],
    [{ ...INTENTS, method: 'post', status: 401 }, 'method'],
    [{ ...INTENTS, path: 'v1/payment_intents', status: 401 }, 'path'],
    [{ ...INTENTS, status: 401, times: 0 }, 'times'],
    [{ ...INTENTS, status: 204, body: 'text' }, 'body'],
    [{ ...INTENTS, status: 401, headers: { 'not a name': 'x' } }, 'headers'],
    [{ ...INTENTS, status: 401, headers: { 'content-length': '1' } }, 'headers'],
    [{ ...INTENTS, status: 401, operation: 'dance' }, 'operation'],
    [{ ...INTENTS, status: 401, time: 2 }, 'time'],
    [undefined, 'expected object'],
  ])('refuse the plan %j and name %s', async (wish, named) => {
    const { admin, list } = stripe();
    const refusal = await admin('POST', 'answers', wish);
    expect(refusal.status).toBe(400);
    expect((JSON.parse(refusal.text) as { error: string }).error).toContain(named);
    expect(await list('answers')).toEqual([]);
  });

  it.each([
    ['DELETE', 'answers'],
    ['POST', 'reset'],
  ])('are gone after %s %s', async (method, path) => {
    const sim = stripe();
    await sim.prepare({ ...INTENTS, status: 401, times: 9 });
    expect((await sim.admin(method, path)).status).toBe(204);
    expect((await pay(sim)).status).toBe(200);
  });
});
