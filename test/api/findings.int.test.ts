/** Differences as operators read and resolve them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Books, createBooks, type Finding } from '../support/reconcile.ts';

type Page = { data: Finding[]; nextCursor: string | null };

describe('findings', () => {
  let books: Books;
  let second: string;
  beforeAll(async () => {
    books = await createBooks();
    second = await books.addIntegration();
    for (let count = 0; count < 3; count += 1) {
      await books.simulate('dashboard/create', { amountMinor: 7_000, currency: 'EUR' });
    }
    await books.reconcile();
    await books.reconcile({ integrationId: second });
  });
  afterAll(() => books.close());

  const list = (query: string, key = books.keys.operator) =>
    books.request<Page>('GET', `/v1/findings${query}`, { key });
  const resolve = (id: string, init: { key?: string; body?: unknown } = {}) =>
    books.request<Finding & { code: string }>('POST', `/v1/findings/${id}/resolve`, {
      key: books.keys.operator,
      body: { reason: 'another system’s' },
      ...init,
    });
  const foreignKeys = async () => [
    await books.deps.apiKeys.issue({ accountId: 'main', mode: 'live', role: 'admin' }),
    await books.deps.apiKeys.issue({ accountId: 'stranger', mode: 'test', role: 'admin' }),
  ];

  it('are open ones, oldest first, page by page', async () => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const { body }: { body: Page } = await list(
        `?limit=4${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      ids.push(...body.data.map(({ id }) => id));
      cursor = body.nextCursor;
    } while (cursor !== null);
    const { rows } = await books.pool.query<{ id: string }>(
      'select id from findings order by found_at, id',
    );
    expect(ids).toEqual(rows.map(({ id }) => id));
    expect(ids).toHaveLength(6);
  });

  it('are those of one integration, when it is named', async () => {
    const { body } = await list(`?integration=${second}`);
    expect(new Set(body.data.map(({ integration }) => integration))).toEqual(new Set([second]));
    expect(body.data).toHaveLength(3);
  });

  it('say who resolved them and why, and are resolved once', async () => {
    const [finding] = (await list(`?integration=${second}`)).body.data;
    const answer = await resolve(finding!.id);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        id: finding!.id,
        state: 'resolved',
        resolution: expect.stringMatching(/^api:operator:hf_test_[\w-]+: another system’s$/),
        resolvedAt: expect.any(String),
      },
    });
    expect(await resolve(finding!.id)).toMatchObject({
      status: 409,
      body: { code: 'finding-resolved' },
    });
    expect((await list(`?integration=${second}`)).body.data).toHaveLength(2);
    expect((await list(`?integration=${second}&state=resolved`)).body.data).toEqual([answer.body]);
  });

  it('are nobody else’s: another account or mode finds nothing', async () => {
    const [finding] = (await list('')).body.data;
    for (const key of await foreignKeys()) {
      expect((await list('', key)).body).toEqual({ data: [], nextCursor: null });
      expect(await resolve(finding!.id, { key })).toMatchObject({
        status: 404,
        body: { code: 'not-found' },
      });
    }
    expect((await resolve('fnd_00000000000000000000000000000000')).status).toBe(404);
    expect((await resolve('pay_00000000000000000000000000')).status).toBe(404);
  });

  it.each(['checkout', 'sales'] as const)('are no business of the role %s', async (role) => {
    const key = books.keys[role];
    const start = `/v1/integrations/${books.integration}/reconcile`;
    expect((await list('', key)).status).toBe(403);
    expect((await resolve('fnd_0', { key })).status).toBe(403);
    expect((await books.request('POST', start, { key })).status).toBe(403);
  });

  it.each([
    ['no reason', {}],
    ['an empty reason', { reason: ' ' }],
    ['something else besides', { reason: 'seen', state: 'open' }],
    ['a card number', { reason: 'was 4242 4242 4242 4242' }],
  ])('are not resolved with %s', async (_what, body) => {
    const [finding] = (await list('')).body.data;
    expect((await resolve(finding!.id, { body })).status).toBe(422);
    expect((await list('')).body.data[0]).toEqual(finding);
  });

  it.each(['?state=lost', '?limit=0', '?limit=101', '?cursor=bm90IG91cnM'])(
    'are not listed by %s',
    async (query) => {
      expect((await list(query)).status).toBe(422);
    },
  );
});

describe('a comparison that is asked for', () => {
  let books: Books;
  beforeAll(async () => {
    books = await createBooks();
  });
  afterAll(() => books.close());

  const ask = (id: string, key = books.keys.operator) =>
    books.request<{ workflowId: string }>('POST', `/v1/integrations/${id}/reconcile`, { key });

  it('begins at once, and finds what happened a moment ago', async () => {
    const { id } = await books.pay();
    await books.atDashboard('capture', id);
    const { status, body } = await ask(books.integration);
    expect([status, body.workflowId]).toEqual([202, `reconcile-${books.integration}`]);
    await expect.poll(() => books.kinds(), { timeout: 20_000 }).toEqual(['capture_differs']);
    await books.until(id, (payment) => payment.status === 'captured');
  });

  it('is also made of an integration that is switched off', async () => {
    const integration = (await books.deps.integrations.newest(books.integration))!;
    await books.deps.integrations.save({ ...integration, enabled: false });
    expect((await ask(books.integration)).status).toBe(202);
    await books.temporal.workflow.getHandle(`reconcile-${books.integration}`).result();
  });

  it('is not made of another account’s or mode’s integration', async () => {
    const owners = [
      { accountId: 'main', mode: 'live' },
      { accountId: 'stranger', mode: 'test' },
    ] as const;
    for (const owner of owners) {
      const key = await books.deps.apiKeys.issue({ ...owner, role: 'operator' });
      expect((await ask(books.integration, key)).status).toBe(404);
    }
    expect((await ask('stripe_nobody_has')).status).toBe(404);
  });
});
