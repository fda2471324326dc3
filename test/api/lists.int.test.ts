/** Lists take what they name, each once and written as people write it, and refuse the rest. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

type Page = { data: { id: string }[]; errors?: { path: string }[]; code?: string };

let holdfast: Holdfast;
beforeAll(async () => {
  holdfast = await createHoldfast();
});
afterAll(() => holdfast.close());

const get = (path: string) => holdfast.request<Page>('GET', path);
const refused = { status: 422, body: { code: 'invalid-request' } };

type Operation = { parameters?: { in: string; name: string }[] };
async function reads(): Promise<{ path: string; parameters: string[] }[]> {
  const { body } = await holdfast.request<{ paths: Record<string, { get?: Operation }> }>(
    'GET',
    '/openapi.json',
  );
  return Object.entries(body.paths)
    .filter(([path, { get: read }]) => path.startsWith('/v1/') && read !== undefined)
    .map(([path, { get: read }]) => ({
      path: path.replaceAll(/\{\w+\}/g, 'pay_00000000000000000000000000'),
      parameters: (read?.parameters ?? [])
        .filter((each) => each.in === 'query')
        .map(({ name }) => name),
    }));
}

describe('every read', () => {
  it.each(['nonsense=1', 'Limit=5', '__proto__=1', 'constructor=1', 'toString='])(
    'refuses the parameter that it does not know: %s',
    async (query) => {
      const all = await reads();
      expect(all.length).toBeGreaterThan(10);
      const answers = await Promise.all(all.map(({ path }) => get(`${path}?${query}`)));
      for (const answer of answers) expect(answer).toMatchObject(refused);
    },
  );

  it('refuses each of its parameters when it comes twice, or empty', async () => {
    const all = await reads();
    const asked = all.flatMap(({ path, parameters }) =>
      parameters.flatMap((name) => [`${path}?${name}=1&${name}=1`, `${path}?${name}=`]),
    );
    expect(asked.length).toBeGreaterThan(20);
    for (const path of asked) expect([path, await get(path)]).toMatchObject([path, refused]);
  });

  it.each(['1e1', ' 5', '+5', '5 ', '0x10', '5.0', '-1', '0', '101', '05', '٥', '1_0', 'Infinity'])(
    'refuses the number "%s"',
    async (limit) => {
      const paged = (await reads()).filter(({ parameters }) => parameters.includes('limit'));
      expect(paged.length).toBe(5);
      for (const { path } of paged) {
        expect(await get(`${path}?limit=${encodeURIComponent(limit)}`)).toMatchObject(refused);
      }
    },
  );

  it.each([
    '/v1/payments?status=nothing',
    '/v1/payments?status=Authorized',
    '/v1/payments?currency=eur',
    '/v1/payments?currency=EUX',
    '/v1/payments?amountMinor=1e3',
    '/v1/payments?amountFrom=-1',
    '/v1/payments?amountTo=1000000000000',
    '/v1/payments?createdFrom=yesterday',
    '/v1/payments?createdFrom=2026-02-30',
    '/v1/payments?createdTo=9999-12-31',
    '/v1/payments?createdTo=0000-01-01T00:00:00Z',
    '/v1/payments?createdTo=2026-12-01T09:00:00',
    '/v1/notifications?state=nothing',
    '/v1/notifications?payment=nobody',
    '/v1/notifications?integration=No',
    '/v1/findings?state=closed',
    '/v1/findings?integration=%00',
    '/v1/payments?cursor=nonsense',
  ])('refuses %s', async (path) => {
    expect(await get(path)).toMatchObject(refused);
  });
});

describe('the list of payments', () => {
  const started = async (amountMinor: number, currency: string, number: string) => {
    const { body } = await holdfast.start({
      amount: { amountMinor, currency },
      source: { kind: 'order', number },
    });
    return body;
  };
  const ids = async (query: string) =>
    (await get(`/v1/payments?${query}`)).body.data.map(({ id }) => id);

  it('filters by amount and currency, bounds included', async () => {
    const number = randomUUID();
    const [small, large, yen] = await Promise.all([
      started(1_000, 'EUR', number),
      started(2_000, 'EUR', number),
      started(2_000, 'JPY', number),
    ]);
    const found = async (query: string) => (await ids(`order=${number}&${query}`)).toSorted();
    expect(await found('currency=EUR')).toEqual([small.id, large.id].toSorted());
    expect(await found('amountMinor=2000')).toEqual([large.id, yen.id].toSorted());
    expect(await found('amountFrom=1001&amountTo=2000&currency=EUR')).toEqual([large.id]);
    expect(await found('amountTo=1000')).toEqual([small.id]);
    expect(await found('amountMinor=2000&amountTo=1999')).toEqual([]);
  });

  it('filters by when a payment was made: instants, and days in UTC', async () => {
    const { createdAt, id } = await started(1_000, 'EUR', randomUUID());
    const day = createdAt.slice(0, 10);
    expect(await ids(`createdFrom=${createdAt}&createdTo=${createdAt}`)).toEqual([id]);
    expect(await ids(`createdFrom=${day}&createdTo=${day}&limit=100`)).toContain(id);
    const later = new Date(Date.parse(createdAt) + 1).toISOString();
    expect(await ids(`createdFrom=${later}`)).toEqual([]);
    expect(
      await ids(`createdTo=${new Date(Date.parse(createdAt) - 1).toISOString()}&limit=100`),
    ).not.toContain(id);
    expect(await ids('createdTo=2020-01-01')).toEqual([]);
  });

  it('finds a number in whichever Unicode form it is asked for, or was kept', async () => {
    const composed = `Straße-Café-${randomUUID()}`.normalize('NFC');
    const decomposed = composed.normalize('NFD');
    expect(decomposed).not.toBe(composed);
    const { id, source } = await started(1_000, 'EUR', decomposed);
    expect(source.number).toBe(composed);
    // A payment of before, which was kept as it came.
    const former = await started(1_000, 'EUR', randomUUID());
    await holdfast.pool.query('update payments set source_number = $2 where id = $1', [
      former.id,
      decomposed,
    ]);
    for (const form of [composed, decomposed]) {
      const found = await ids(`order=${encodeURIComponent(form)}`);
      expect(found.toSorted()).toEqual([id, former.id].toSorted());
    }
  });
});
