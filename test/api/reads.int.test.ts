/** What can be read of payments: as they stand, their story, and lists. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FactResource, PaymentResource } from '../../api/payments/schemas.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

type Page = { data: PaymentResource[]; nextCursor: string | null };
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

let holdfast: Holdfast;
/** The API's clock; `null` is the real one. */
let stoppedAt: number | null = null;
beforeAll(async () => {
  holdfast = await createHoldfast({ now: () => stoppedAt ?? Date.now() });
});
afterAll(() => holdfast.close());

describe('a payment that is read', () => {
  it('has exactly the documented fields', async () => {
    const { id } = (await holdfast.start()).body;
    const self = `http://127.0.0.1:8080/v1/payments/${id}`;
    expect(await holdfast.get(id)).toStrictEqual({
      id: expect.stringMatching(/^pay_[0-9a-z]{26}$/),
      mode: 'test',
      lifecycle: 'card',
      statusText: 'Authorized',
      status: 'authorized',
      method: 'stripe_test.card',
      provider: 'stripe',
      source: { kind: 'order', number: '4711' },
      amounts: {
        currency: 'EUR',
        requested: 10_500,
        authorized: 10_500,
        captured: 0,
        voided: 0,
        refunded: 0,
        disputed: 0,
        chargedBack: 0,
        refundPending: 0,
      },
      nextAction: null,
      deadline: { at: ISO, event: 'hold.due' },
      deadlines: [
        { at: ISO, event: 'hold.ending' },
        { at: ISO, event: 'hold.due' },
      ],
      scheduledCapture: null,
      commands: [{ verb: 'capture', maxMinor: 10_500, multiple: true }, { verb: 'void' }],
      decline: null,
      needsAttention: null,
      details: { pending: [], lastCapture: null, review: null, fraudWarnings: [], disputes: [] },
      createdAt: ISO,
      updatedAt: ISO,
      links: { self, events: `${self}/events` },
    });
  });

  it('shows nothing of its token and its buyer', async () => {
    const buyer = { name: 'Erika Mustermann', email: 'erika@example.com' };
    const { id } = (await holdfast.start({ buyer })).body;
    const shown = await Promise.all(
      ['', '/events'].map((part) => holdfast.request('GET', `/v1/payments/${id}${part}`)),
    );
    expect(JSON.stringify(shown)).not.toMatch(/pm_card|erika/i);
  });

  it.each(['pay_00000000000000000000000000', 'x', '%00'])('is not found by %s', async (id) => {
    const answer = await holdfast.request('GET', `/v1/payments/${id}`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });
});

describe('the story of a payment', () => {
  it('tells every fact in order, with who, when, and the provider’s reference', async () => {
    const { id } = (await holdfast.start()).body;
    await holdfast.command(id, 'capture', { amountMinor: 6_000, final: true });
    await holdfast.command(id, 'refund', { amountMinor: 1_000, reason: 'dented' });
    const ref = (await holdfast.movements(id))[0]!.ref;
    const path = `/v1/payments/${id}/events`;
    const { body } = await holdfast.request<{ data: FactResource[] }>('GET', path);
    const checkout = `api:checkout:${holdfast.keys.checkout.slice(0, 14)}`;
    const sales = `api:sales:${holdfast.keys.sales.slice(0, 14)}`;
    const op = (verb: string) => `op_${id.replace('pay_', '')}_${verb}_1`;
    const told = body.data.map(({ sequence, type, status, actor, operationId, providerRef }) => [
      [sequence, type, status].join(' '),
      actor,
      operationId,
      providerRef,
    ]);
    expect(told).toEqual([
      ['1 payment.requested authorizing', checkout, op('authorize'), null],
      ['2 authorization.approved authorized', 'provider:stripe', op('authorize'), ref],
      ['3 capture.requested capturing', sales, op('capture'), ref],
      ['4 capture.succeeded captured', 'provider:stripe', op('capture'), ref],
      ['5 refund.requested refunding', sales, op('refund'), ref],
      [
        '6 refund.succeeded partially_refunded',
        'provider:stripe',
        op('refund'),
        // A refund has a reference of its own.
        expect.stringMatching(/^re_/) as string,
      ],
    ]);
    const times = body.data.map(({ at }) => at);
    expect(times).toEqual(Array(6).fill(ISO));
    expect(times).toEqual(times.toSorted());
    expect(body.data[2]!.details).toEqual({ amountMinor: 6_000, final: true });
    expect(body.data[4]!.details).toEqual({ amountMinor: 1_000, reason: 'dented' });
  });
});

describe('the list of payments', () => {
  const list = async (query: string) =>
    (await holdfast.request<Page>('GET', `/v1/payments?${query}`)).body;
  const numbered = (number: string, change: Record<string, unknown> = {}) =>
    holdfast.start({ source: { kind: 'order', number }, ...change });

  it('is filtered by order, by status, by provider, and by all of them', async () => {
    const held = (await numbered('F-1')).body.id;
    const taken = (await numbered('F-1', { capture: 'automatic' })).body.id;
    await numbered('F-2', { capture: 'automatic' });
    const ids = async (query: string) => (await list(query)).data.map(({ id }) => id);
    expect(await ids('order=F-1')).toEqual([taken, held]);
    expect(await ids('order=F-1&status=captured')).toEqual([taken]);
    expect(await ids('order=F-1&status=captured&provider=stripe')).toEqual([taken]);
    expect(await ids('order=F-1&provider=acme')).toEqual([]);
    expect(await ids('order=F-3')).toEqual([]);
    const captured = await list('status=captured&limit=100');
    expect(new Set(captured.data.map(({ status }) => status))).toEqual(new Set(['captured']));
  });

  it('shows each payment as GET does', async () => {
    const { id } = (await numbered('F-4')).body;
    expect((await list('order=F-4')).data).toEqual([await holdfast.get(id)]);
  });

  it('goes page by page without gap or repeat, also for payments of one instant', async () => {
    stoppedAt = Date.now();
    const started = await Promise.all(Array.from({ length: 7 }, () => numbered('P-1')));
    stoppedAt = null;
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page += 1) {
      const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { data, nextCursor } = await list(`order=P-1&limit=2${after}`);
      seen.push(...data.map(({ id }) => id));
      // What is started meanwhile is newer: it does not move the pages that follow.
      if (page === 0) await numbered('P-1');
      cursor = nextCursor;
    }
    const ids = started.map(({ body }) => body.id);
    expect(seen).toEqual(ids.toSorted().toReversed());
  });

  it('has no next page when the last one is exactly full', async () => {
    await numbered('L-1');
    await numbered('L-1');
    expect((await list('order=L-1&limit=2')).nextCursor).toBeNull();
    expect((await list('order=L-1&limit=1')).nextCursor).not.toBeNull();
  });

  const cursorOf = (text: string) => `cursor=${Buffer.from(text).toString('base64url')}`;
  it.each([
    'limit=0',
    'limit=101',
    'limit=x',
    'cursor=nonsense',
    cursorOf('2026 pay_00000000000000000000000000'),
    cursorOf('2026-11-21T10:00:00.000Z pay_\u0000'),
    cursorOf('2026-13-41T10:00:00.000Z pay_00000000000000000000000000'),
    'order=%00',
    `status=${'x'.repeat(41)}`,
  ])('is refused for %s', async (query) => {
    const answer = await holdfast.request('GET', `/v1/payments?${query}`);
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'invalid-request', errors: [{ path: query.split('=')[0] }] },
    });
  });

  it('has only what the key’s account and mode own', async () => {
    const { apiKeys } = holdfast.deps;
    for (const owner of [
      { accountId: 'other', mode: 'test' },
      { accountId: 'main', mode: 'live' },
    ] as const) {
      const key = await apiKeys.issue({ ...owner, role: 'admin' });
      const { body } = await holdfast.request<Page>('GET', '/v1/payments', { key });
      expect(body).toEqual({ data: [], nextCursor: null });
    }
  });
});
