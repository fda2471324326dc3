import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD, served, type Body, type Served } from './stripe-simulator.client.ts';

let sim: Served;
beforeEach(async () => {
  sim = await served();
});
afterEach(() => sim.close());

const SALE = { ...CARD, amount: '1000', payment_method: 'pm_card_visa' };

function post(path: string, form: Record<string, string>, key: string): Promise<Response> {
  return fetch(sim.url + path, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { authorization: 'Bearer sk_test_x', 'idempotency-key': key },
  });
}
const pay = (key = 'k') => post('/v1/payment_intents', SALE, key);
const admin = (path: string, method = 'GET', body?: unknown) =>
  fetch(`${sim.url}/_sim/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const arm = (fault: string, operation = 'authorize', more = {}) =>
  admin('faults', 'POST', { operation, fault, times: 1, ...more });
const kinds = async () =>
  ((await (await admin('ledger')).json()) as { kind: string }[]).map(({ kind }) => kind);

const received = async () => (await (await admin('requests')).json()) as Body[];

/** Long enough to look before it happens, even on a busy machine. */
const LATE_MS = 700;
const PATIENT = { timeout: 4_000 };

/** What the client sees of a request that brings no answer, read to the end. */
async function failureOf(request: Promise<Response>): Promise<string> {
  try {
    const response = await request;
    await response.text();
    return `answered ${response.status}`;
  } catch (error) {
    const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException) : undefined;
    return [(error as Error).message, cause?.message, cause?.code].join(' | ');
  }
}

describe('a fault', () => {
  it('drops the connection before anything is done', async () => {
    await arm('drop-before');
    expect(await failureOf(pay())).toMatch(/ECONNRESET|other side closed/);
    expect(await kinds()).toEqual([]);
  });

  it('drops the connection after it was done, and the key still finds the answer', async () => {
    await arm('drop-after');
    expect(await failureOf(pay())).toMatch(/ECONNRESET|other side closed/);
    expect(await kinds()).toEqual(['authorize', 'capture']);
    const again = await pay();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(((await again.json()) as Body)['status']).toBe('succeeded');
    expect(await kinds()).toEqual(['authorize', 'capture']);
  });

  it('cuts the answer in the middle of its body', async () => {
    await arm('half-body-after');
    const response = await pay();
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow('terminated');
    expect(await kinds()).toEqual(['authorize', 'capture']);
  });

  it('answers what nobody can read', async () => {
    await arm('garbage-after');
    const response = await pay();
    expect(response.status).toBe(200);
    await expect(response.json()).rejects.toThrow(SyntaxError);
    expect(await kinds()).toEqual(['authorize', 'capture']);
  });

  it.each([
    ['status-500-before', 500, []],
    ['status-500-after', 500, ['authorize', 'capture']],
    ['rate-limited', 429, []],
  ])('%s answers %d as Stripe words it', async (fault, status, done) => {
    await arm(fault);
    const response = await pay();
    expect(response.status).toBe(status);
    const { error } = (await response.json()) as Body;
    expect(error).toMatchObject({ message: expect.any(String), type: expect.any(String) });
    if (status === 429) {
      expect(error.code).toBe('rate_limit');
      expect(response.headers.get('retry-after')).toBe('1');
    }
    expect(await kinds()).toEqual(done);
    const again = await pay();
    expect(again.status).toBe(200);
    expect(again.headers.get('idempotent-replayed')).toBe(done.length > 0 ? 'true' : null);
  });

  it('delays the answer of what is already done', async () => {
    await arm('delay', 'authorize', { delayMs: 60_000 });
    const waiting = new AbortController();
    const answer = failureOf(
      fetch(`${sim.url}/v1/payment_intents`, {
        method: 'POST',
        body: new URLSearchParams(SALE),
        headers: { authorization: 'Bearer sk_test_x' },
        signal: waiting.signal,
      }),
    );
    await expect.poll(kinds).toEqual(['authorize', 'capture']);
    waiting.abort();
    expect(await answer).toContain('aborted');
  });

  it('acts late: nothing is there when the sender gives up, and then it is', async () => {
    await arm('acts-late', 'authorize', { delayMs: LATE_MS });
    expect(await failureOf(pay())).toMatch(/ECONNRESET|other side closed/);
    expect(await kinds()).toEqual([]);
    expect(await received()).toEqual([]);
    await expect.poll(kinds, PATIENT).toEqual(['authorize', 'capture']);
    expect(await received()).toHaveLength(1);
    const again = await pay();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await kinds()).toEqual(['authorize', 'capture']);
  });

  it('acts late on a key that was used meanwhile, and nothing moves twice', async () => {
    await arm('acts-late', 'authorize', { delayMs: LATE_MS });
    await failureOf(pay());
    expect((await pay()).headers.get('idempotent-replayed')).toBeNull();
    await expect.poll(received, PATIENT).toHaveLength(2);
    expect(await kinds()).toEqual(['authorize', 'capture']);
  });

  it('that acts late strikes once: what comes late meets no other fault', async () => {
    await arm('acts-late', 'authorize', { delayMs: 0 });
    await arm('rate-limited', '*');
    await failureOf(pay());
    await expect.poll(kinds, PATIENT).toEqual(['authorize', 'capture']);
    expect((await pay('other')).status).toBe(429);
  });

  it('that acts late is called off by a reset', async () => {
    await arm('acts-late', 'authorize', { delayMs: LATE_MS });
    await failureOf(pay());
    await admin('reset', 'POST');
    await arm('acts-late', 'authorize', { delayMs: LATE_MS });
    await failureOf(pay('second'));
    await expect.poll(received, PATIENT).toHaveLength(1);
    expect(await kinds()).toEqual(['authorize', 'capture']);
  });

  it('strikes as often as it says, in the order armed, and only its operation', async () => {
    await arm('status-500-before', 'capture');
    await arm('rate-limited', 'sale', { times: 2 });
    await arm('status-500-before', '*');
    const statuses = [];
    for (const key of ['a', 'b', 'c', 'd']) statuses.push((await pay(key)).status);
    expect(statuses).toEqual([429, 429, 500, 200]);
    expect(await (await admin('faults')).json()).toMatchObject([
      { operation: 'capture', fault: 'status-500-before', remaining: 1 },
    ]);
    expect((await admin('faults', 'DELETE')).status).toBe(204);
    expect(await (await admin('faults')).json()).toEqual([]);
  });

  it.each([
    ['capture', 'capture', {}],
    ['void', 'cancel', {}],
  ])('of operation %s strikes its endpoint', async (operation, verb, form) => {
    const held = await post('/v1/payment_intents', { ...SALE, capture_method: 'manual' }, 'hold');
    const { id } = (await held.json()) as Body;
    await arm('rate-limited', operation);
    expect((await post(`/v1/payment_intents/${id}/${verb}`, form, 'k')).status).toBe(429);
    expect((await post(`/v1/payment_intents/${id}/${verb}`, form, 'k')).status).toBe(200);
  });

  it('of operation sale lets a hold pass', async () => {
    await arm('rate-limited', 'sale');
    const hold = { ...SALE, capture_method: 'manual' };
    expect((await post('/v1/payment_intents', hold, 'k')).status).toBe(200);
  });

  it('is refused with the list of what there is', async () => {
    const answer = await arm('explode', 'everything');
    expect(answer.status).toBe(400);
    const body = (await answer.json()) as Body;
    expect(body['faults']).toContain('half-body-after');
    expect(body['operations']).toContain('inquire');
  });
});

describe('the admin plane', () => {
  it('keeps the requests as they came', async () => {
    await pay('seen');
    const requests = (await (await admin('requests')).json()) as Body[];
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/payment_intents',
      body: new URLSearchParams(SALE).toString(),
      headers: { 'idempotency-key': 'seen' },
    });
  });

  it('forgets everything on reset', async () => {
    await pay();
    await admin('clock', 'POST', { advanceMs: 86_400_000 });
    await arm('rate-limited');
    expect((await admin('reset', 'POST')).status).toBe(204);
    for (const path of ['ledger', 'requests', 'faults']) {
      expect(await (await admin(path)).json()).toEqual([]);
    }
    const { now } = (await (await admin('clock')).json()) as { now: string };
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(60_000);
    expect((await pay()).headers.get('idempotent-replayed')).toBeNull();
  });

  it.each([{ advanceMs: -1 }, { advanceMs: '1' }, {}])(
    'does not turn the clock by %j',
    async (wish) => {
      expect((await admin('clock', 'POST', wish)).status).toBe(400);
    },
  );
});
