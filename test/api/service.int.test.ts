/** The API as operators and tools see it: is it well, what can it do, how does it fail. */
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { connect } from '../../db/client.ts';
import { createApiKeyRepository } from '../../db/repositories/api-key.repository.ts';
import { createHoldfast, type Holdfast, ORDER } from '../support/holdfast.ts';

/** Nobody listens on port 1. */
const NOWHERE = '127.0.0.1:1';

let holdfast: Holdfast;
beforeAll(async () => {
  holdfast = await createHoldfast({ workerless: true });
});
afterAll(() => holdfast.close());

describe('/healthz', () => {
  it('says that the process lives, to anybody', async () => {
    const answer = await holdfast.request('GET', '/healthz', { key: null });
    expect(answer).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});

describe('/readyz', () => {
  const CHECKS = { postgres: true, migrations: true, temporal: true, searchAttributes: true };
  const READY = { ready: true, ...CHECKS, accepting: true };
  const readiness = async (instead: Partial<Holdfast['deps']>) => {
    const response = await createApp({ ...holdfast.deps, ...instead }).request('/readyz');
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const notReady = (not: Partial<typeof READY>, detail: string) => ({
    status: 503,
    body: {
      type: '/docs/problems#not-ready',
      title: 'This process cannot do its work now',
      status: 503,
      code: 'not-ready',
      requestId: expect.stringMatching(/^req_/) as string,
      detail,
      ...READY,
      ready: false,
      ...not,
    },
  });

  it('says 200 when all that it needs is there', async () => {
    expect(await readiness({})).toEqual({ status: 200, body: READY });
  });

  it('says 503 once it was asked to stop', async () => {
    expect(await readiness({ isAccepting: () => false })).toEqual(
      notReady({ accepting: false }, 'This process was asked to stop.'),
    );
  });

  it('says 503 when Temporal cannot be reached', async () => {
    // Without retries: one that is pending while the connection is closed would throw.
    const connection = Connection.lazy({ address: NOWHERE, interceptors: [] });
    expect(await readiness({ temporal: new Client({ connection }) })).toEqual(
      notReady({ temporal: false, searchAttributes: false }, 'Temporal does not answer.'),
    );
    await connection.close();
  });

  it('says 503 when Postgres cannot be reached', async () => {
    const pool = connect(`postgres://nobody@${NOWHERE}/nothing`);
    expect(await readiness({ pool })).toEqual(
      notReady({ postgres: false, migrations: false }, 'Postgres does not answer.'),
    );
    await pool.end();
  });

  it('says 503 while the namespace is missing, with the command that makes it', async () => {
    const { connection } = holdfast.temporal;
    const temporal = new Client({ connection, namespace: 'nowhere' });
    expect(await readiness({ temporal })).toEqual(
      notReady(
        { searchAttributes: false },
        'Temporal has no namespace nowhere. Make it: temporal operator namespace create --namespace nowhere',
      ),
    );
  });

  it.each([7, 12])('goes on where it may not list search attributes: code %s', async (code) => {
    const refused = Object.assign(new Error('no'), { code });
    const operatorService = { listSearchAttributes: () => Promise.reject(refused) };
    const { temporal } = holdfast.deps;
    const connection = new Proxy(temporal.connection, {
      get: (real, name) =>
        name === 'operatorService' ? operatorService : (Reflect.get(real, name) as unknown),
    });
    const cloud = new Proxy(temporal, {
      get: (real, name) =>
        name === 'connection' ? connection : (Reflect.get(real, name) as unknown),
    });
    expect(await readiness({ temporal: cloud })).toEqual({
      status: 200,
      body: { ...READY, searchAttributes: null },
    });
  });
});

describe('an API that was asked to stop', () => {
  it('closes the connections of those whom it still answers', async () => {
    const stopping = createApp({ ...holdfast.deps, isAccepting: () => false });
    expect((await stopping.request('/healthz')).headers.get('connection')).toBe('close');
    expect((await holdfast.app.request('/healthz')).headers.get('connection')).toBeNull();
  });
});

describe('an error', () => {
  it.each([
    ['GET', '/nothing', 404, 'not-found'],
    ['GET', '/v1/payments/x', 404, 'not-found'],
    ['GET', '/v1/payments?limit=0', 422, 'invalid-request'],
    ['POST', '/v1/payments', 400, 'idempotency-key-missing'],
    ['GET', '/docs/assets/passwd', 404, 'not-found'],
  ])('is a problem with the id of its request: %s %s', async (method, path, status, code) => {
    const body = method === 'POST' ? { body: ORDER } : {};
    const answer = await holdfast.request(method, path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      type: `/docs/problems#${code}`,
      title: expect.any(String),
      detail: expect.any(String),
      requestId: answer.headers.get('x-request-id'),
      status,
      code,
    });
  });

  it('says when to come back while Postgres cannot be reached, and names nothing of ours', async () => {
    const pool = connect(`postgres://nobody@${NOWHERE}/nothing`);
    const app = createApp({ ...holdfast.deps, pool, apiKeys: createApiKeyRepository(pool) });
    const response = await app.request('/v1/payments', {
      headers: { authorization: `Bearer ${holdfast.keys.admin}` },
    });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    const body = await response.json();
    expect(body).toMatchObject({ code: 'unavailable' });
    expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|nobody|postgres:/);
    await pool.end();
  });

  it('of ours says nothing of its cause', async () => {
    const cause = 'relation "payments" does not exist';
    const payments = { ...holdfast.deps.payments, find: () => Promise.reject(new Error(cause)) };
    const app = createApp({ ...holdfast.deps, payments });
    const response = await app.request('/v1/payments/pay_00000000000000000000000000', {
      headers: { authorization: `Bearer ${holdfast.keys.admin}` },
    });
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'internal-error' });
    expect(text).not.toContain('payments"');
  });
});

describe('every answer', () => {
  it('has an id of its own', async () => {
    const ids = await Promise.all(
      ['/healthz', '/healthz', '/docs', '/nothing'].map(async (path) =>
        (await holdfast.app.request(path)).headers.get('x-request-id'),
      ),
    );
    for (const id of ids) expect(id).toMatch(/^req_[0-9a-f-]{36}$/);
    expect(new Set(ids).size).toBe(4);
  });
});
