/** Endpoints as merchants manage them. What is delivered to them: test/workflows/outgoing.int.test.ts */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENT_TYPE_NAMES } from '../../api/webhooks/event-types.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import {
  type Delivery,
  type Endpoint,
  endpointsOf,
  startReceiver,
  verified,
} from '../support/receiver.ts';

const SOON = { timeout: 20_000, interval: 25 };
const NOBODY = 'whe_00000000000000000000000000';

let holdfast: Holdfast;
let endpoints: ReturnType<typeof endpointsOf>;
beforeAll(async () => {
  holdfast = await createHoldfast({ events: { intervalMs: () => 20, timeLimitMs: 1_000 } });
  endpoints = endpointsOf(holdfast);
});
afterAll(() => holdfast.close());

const post = <Body = Record<string, unknown>>(path: string, body?: object, key?: string) =>
  endpoints.post<Body>(path, body, key);

describe('POST /v1/webhook-endpoints', () => {
  it('makes an endpoint and shows its secret this once', async () => {
    const url = 'http://127.0.0.1:9/hooks';
    const created = await post<Endpoint>('', {
      url,
      description: 'The shop',
      events: ['payment.captured'],
    });
    expect(created.status).toBe(201);
    const { secret, ...endpoint } = created.body;
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint).toEqual({
      id: expect.stringMatching(/^whe_[0-9a-z]{26}$/) as string,
      mode: 'test',
      url,
      description: 'The shop',
      events: ['payment.captured'],
      enabled: true,
      disabledAt: null,
      disabledReason: null,
      previousSecretUntil: null,
      createdAt: expect.any(String) as string,
      links: {
        self: `http://127.0.0.1:8080/v1/webhook-endpoints/${endpoint.id}`,
        deliveries: `http://127.0.0.1:8080/v1/webhook-endpoints/${endpoint.id}/deliveries`,
      },
    });
    expect(created.headers.get('location')).toMatch(endpoint.id);
    expect(await endpoints.get(endpoint.id)).toEqual(endpoint);
    const list = await holdfast.request<{ data: object[] }>('GET', '/v1/webhook-endpoints');
    expect(list.body.data).toContainEqual(endpoint);
    const { rows } = await holdfast.pool.query<{ row: string }>(
      'select w::text as row from webhook_endpoints w where id = $1',
      [endpoint.id],
    );
    expect(rows[0]!.row).not.toContain(secret.slice(6));
    expect(rows[0]!.row).not.toContain(Buffer.from(secret).toString('hex'));
  });

  it('makes one endpoint for one key, and shows no secret to a repeat', async () => {
    const terms = { url: 'http://127.0.0.1:9/once' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => post<Endpoint>('', terms, 'the-same')),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ body }) => body.secret !== null)).toHaveLength(1);
    const other = await post('', { url: 'http://127.0.0.1:9/twice' }, 'the-same');
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it.each([
    ['no address', {}],
    ['another scheme', { url: 'ftp://shop.example' }],
    ['a password', { url: 'https://me:secret@shop.example' }],
    ['no type at all', { url: 'https://shop.example', events: [] }],
    ['a type that there is not', { url: 'https://shop.example', events: ['payment.captuerd'] }],
    ['a field that there is not', { url: 'https://shop.example', secret: 'mine' }],
  ])('refuses %s', async (_what, body) => {
    expect(await post('', body)).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
  });

  it('takes https only in mode live', async () => {
    const key = await holdfast.deps.apiKeys.issue({
      accountId: 'main',
      mode: 'live',
      role: 'admin',
    });
    const create = (url: string) =>
      holdfast.request('POST', '/v1/webhook-endpoints', {
        key,
        body: { url },
        headers: { 'idempotency-key': url },
      });
    expect((await create('http://shop.example')).status).toBe(422);
    expect((await create('https://shop.example')).status).toBe(201);
  });

  it('names every type of event in the OpenAPI document', async () => {
    const { body } = await holdfast.request('GET', '/openapi.json', { key: null });
    const { description } = (body as { paths: Record<string, { post: { description: string } }> })
      .paths['/v1/webhook-endpoints']!.post;
    for (const type of EVENT_TYPE_NAMES) expect(description).toContain(`\`${type}\``);
    const { webhooks, components } = body as {
      webhooks: { event: { post: { requestBody: object } } };
      components: { schemas: { WebhookEvent: { properties: { type: { enum: string[] } } } } };
    };
    expect(JSON.stringify(webhooks.event.post.requestBody)).toContain('schemas/WebhookEvent');
    expect(components.schemas.WebhookEvent.properties.type.enum).toEqual(EVENT_TYPE_NAMES);
  });
});

describe('an endpoint of another account or mode', () => {
  it('is as if it were not there', async () => {
    const { id } = await endpoints.create('http://127.0.0.1:9/mine');
    const strangers = await Promise.all([
      holdfast.deps.apiKeys.issue({ accountId: 'other', mode: 'test', role: 'admin' }),
      holdfast.deps.apiKeys.issue({ accountId: 'main', mode: 'live', role: 'admin' }),
    ]);
    const paths = ['', '/deliveries'].map((path) => ['GET', path] as const);
    const verbs = ['rotate-secret', 'enable', 'disable', 'test', 'deliveries/evt_1/redeliver'];
    const requests = [...paths, ...verbs.map((verb) => ['POST', `/${verb}`] as const)];
    for (const key of strangers) {
      for (const [method, path] of requests) {
        const answers = await Promise.all(
          [id, NOBODY, 'whe_\u0000'].map((each) =>
            holdfast.request(method, `/v1/webhook-endpoints/${encodeURIComponent(each)}${path}`, {
              key,
              headers: { 'idempotency-key': 'k' },
            }),
          ),
        );
        expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
      }
      const list = await holdfast.request<{ data: { id: string }[] }>(
        'GET',
        '/v1/webhook-endpoints',
        { key },
      );
      expect(list.body.data.map((each) => each.id)).not.toContain(id);
    }
    expect(await endpoints.get(id)).toMatchObject({ enabled: true });
  });
});

describe('POST …/rotate-secret', () => {
  it('shows a new secret once; a repeat rotates nothing, also after another rotation', async () => {
    const { id, secret } = await endpoints.create('http://127.0.0.1:9/rotated');
    const rotate = (key: string) =>
      post<Endpoint & { previousSecretUntil: string }>(`/${id}/rotate-secret`, undefined, key);
    const secretsNow = async () => (await holdfast.deps.webhookEndpoints.unlock(id)).secrets;
    const first = await rotate('first');
    expect(first.status).toBe(200);
    expect(await secretsNow()).toEqual([first.body.secret, secret]);
    const untilMs = Date.parse(first.body.previousSecretUntil) - Date.now();
    expect(untilMs / 3_600_000).toBeCloseTo(24, 1);

    const second = await rotate('second');
    expect(await secretsNow()).toEqual([second.body.secret, first.body.secret]);
    for (const key of ['first', 'second']) {
      expect(await rotate(key)).toMatchObject({ status: 200, body: { secret: null } });
    }
    expect(await secretsNow()).toEqual([second.body.secret, first.body.secret]);
  });
});

describe('POST …/disable and …/enable', () => {
  it('switch it, say who did, and do nothing when they are repeated', async () => {
    const { id } = await endpoints.create('http://127.0.0.1:9/switched');
    const off = await post(`/${id}/disable`, undefined, 'off');
    expect(off).toMatchObject({
      status: 200,
      body: {
        enabled: false,
        disabledReason: `Switched off by api:admin:${holdfast.keys.admin.slice(0, 14)}.`,
      },
    });
    const on = { status: 200, body: { enabled: true, disabledAt: null, disabledReason: null } };
    expect(await post(`/${id}/enable`, undefined, 'on')).toMatchObject(on);
    expect(await post(`/${id}/disable`, undefined, 'off')).toMatchObject(on);
    const reused = await post(`/${id}/disable`, undefined, 'on');
    expect(reused).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect((await post(`/${id}/disable`, { because: 1 })).status).toBe(422);
  });
});

describe('POST …/test', () => {
  it('sends a signed event now and says what the endpoint answered', async () => {
    const shop = await startReceiver(() => new Response('é'.repeat(600), { status: 202 }));
    const { id, secret } = await endpoints.create(shop.url);
    await post(`/${id}/disable`);
    const tested = await post<Delivery>(`/${id}/test`, undefined, 'try');
    expect(tested).toMatchObject({
      status: 200,
      body: { type: 'webhook.test', paymentId: null, state: 'delivered', attempts: 1 },
    });
    const [answer] = tested.body.answers;
    expect(answer).toMatchObject({ status: 202, error: null, body: 'é'.repeat(500) });
    expect(verified(shop.received[0]!, secret)).toEqual({
      type: 'webhook.test',
      timestamp: expect.any(String) as string,
      data: { endpointId: id },
    });
    expect(shop.received[0]!.id).toBe(tested.body.eventId);

    expect((await post(`/${id}/test`, undefined, 'try')).body).toEqual(tested.body);
    expect(shop.received).toHaveLength(1);
    expect(await endpoints.deliveries(id)).toEqual([tested.body]);
    const again = await post(`/${id}/deliveries/${tested.body.eventId}/redeliver`);
    expect(again.status).toBe(422);
    await shop.stop();
  });

  it.each([
    ['a 500', () => new Response('no', { status: 500 }), { status: 500, body: 'no' }],
    [
      'a redirect, which it does not follow',
      () => new Response(null, { status: 307, headers: { location: '/elsewhere' } }),
      { status: 307 },
    ],
    [
      'silence',
      () => new Promise<never>(() => undefined),
      { status: null, error: 'no answer within 1 s' },
    ],
    [
      'something like a card number, which it does not keep',
      () => new Response('4242 4242 4242 4242'),
      { status: 200, body: '(left out: it looks like it holds a card number)' },
    ],
  ])('shows %s', async (_what, answerWith, answer) => {
    const shop = await startReceiver(answerWith);
    const { id } = await endpoints.create(shop.url);
    const { body } = await post<Delivery>(`/${id}/test`);
    expect(body.state).toBe(answer.status === 200 ? 'delivered' : 'failed');
    expect(body.answers).toMatchObject([answer]);
    expect(shop.received).toHaveLength(1);
    await post(`/${id}/disable`);
    await shop.stop();
  });

  it('shows that nobody is there', async () => {
    const { id } = await endpoints.create('http://127.0.0.1:9/');
    const { body } = await post<Delivery>(`/${id}/test`);
    expect(body.answers).toMatchObject([{ status: null, error: expect.any(String) as string }]);
    await post(`/${id}/disable`);
  });
});

describe('GET …/deliveries', () => {
  it('lists them newest first, in pages and by state', async () => {
    const shop = await startReceiver();
    const { id } = await endpoints.create(shop.url);
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const { body } = await holdfast.start();
      ids.unshift(body.id);
      await expect
        .poll(() => endpoints.states(id, body.id), SOON)
        .toEqual(['payment.authorized delivered']);
    }
    const seen: (string | null)[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: string = `?limit=2&state=delivered${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page = await holdfast.request<{ data: Delivery[]; nextCursor: string | null }>(
        'GET',
        `/v1/webhook-endpoints/${id}/deliveries${query}`,
      );
      expect(page.body.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.body.data.map(({ paymentId }) => paymentId));
      cursor = page.body.nextCursor;
    }
    expect(seen).toEqual(ids);
    expect(await endpoints.deliveries(id, '?state=failed')).toEqual([]);
    const wrong = await holdfast.request('GET', `/v1/webhook-endpoints/${id}/deliveries?cursor=x`);
    expect(wrong).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
    await post(`/${id}/disable`);
    await shop.stop();
  });
});

describe('POST …/redeliver', () => {
  it('sends an event again under its id, once for each key', async () => {
    const shop = await startReceiver();
    const { id } = await endpoints.create(shop.url);
    const { body: payment } = await holdfast.start();
    const delivered = () => endpoints.deliveries(id, '?state=delivered');
    await expect.poll(delivered, SOON).toHaveLength(1);
    const [{ eventId }] = (await delivered()) as [Delivery];
    const path = `/${id}/deliveries/${eventId}/redeliver`;
    for (const key of ['a', 'a', 'b', 'a']) {
      expect((await post(path, undefined, key)).status).toBe(202);
      await expect.poll(delivered, SOON).toHaveLength(1);
    }
    expect(shop.of(payment.id).map((event) => event.id)).toEqual([eventId, eventId, eventId]);

    expect((await post(`/${id}/deliveries/evt_unknown/redeliver`)).status).toBe(404);
    await post(`/${id}/disable`);
    const refused = await post(path);
    expect(refused).toMatchObject({ status: 409, body: { code: 'endpoint-disabled' } });
    await shop.stop();
  });
});

describe('without a worker', () => {
  it('a test is answered with 503, and may be asked for again', async () => {
    const idle = await createHoldfast({ workerless: true });
    const idleEndpoints = endpointsOf(idle);
    const { id } = await idleEndpoints.create('http://127.0.0.1:9/');
    const tested = await idleEndpoints.post(`/${id}/test`);
    expect(tested).toMatchObject({ status: 503, body: { code: 'not-accepted' } });
    await idle.close();
  });
});
