import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageOf } from '../support/buyer.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { newsOf, type StripeEvent } from '../support/news.ts';

const PAYMENTS = 200;
const CHALLENGED = { paymentToken: 'pm_card_authenticationRequired' };
const SHOP = { ...CHALLENGED, returnUrl: 'https://shop.example/back?basket=7' };
/** What a browser may bring along, whoever wrote it. */
const FORGED =
  'redirect_status=failed&payment=pay_other&returnUrl=https%3A%2F%2Fevil.example&payment_intent=pi_evil';

describe('a buyer who comes back', () => {
  let holdfast: Holdfast;
  let news: ReturnType<typeof newsOf>;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    news = newsOf(holdfast);
  });
  afterAll(() => holdfast.close());

  const comeBack = (id: string, query = FORGED) =>
    holdfast.request<string>('GET', `/return/${id}?${query}`, { key: null });

  it('together with the webhook, 200 times, is one outcome', { timeout: 180_000 }, async () => {
    const limit = pLimit(10);
    const paid = await Promise.all(
      Array.from({ length: PAYMENTS }, () =>
        limit(async () => {
          const { body } = await holdfast.start(SHOP);
          expect(body.status).toBe('awaiting_buyer');
          return { id: body.id, ref: await news.refOf(body.id) };
        }),
      ),
    );
    const race = async ({ id, ref }: { id: string; ref: string }): Promise<string> => {
      await holdfast.simulate('dashboard/pay', { ref });
      const said = (await saidOf(ref)).find(({ type }) => type.endsWith('capturable_updated'));
      const [answer, delivered] = await Promise.all([comeBack(id), news.deliver(said ?? '')]);
      expect([answer.status, delivered]).toEqual([303, 200]);
      expect(answer.headers.get('location')).toBe(
        `https://shop.example/back?basket=7&payment=${id}`,
      );
      return id;
    };
    // One listing for all of them: the newest hundred hold what was said a moment ago.
    const saidOf = async (ref: string) => {
      const response = await fetch(`${holdfast.stripe.url}/v1/events?limit=100`, {
        headers: { authorization: 'Bearer sk_test_holdfast' },
      });
      const { data } = (await response.json()) as { data: StripeEvent[] };
      return data.filter(({ data: { object } }) => object['id'] === ref);
    };
    const ids = await Promise.all(paid.map((one) => limit(() => race(one))));
    const outcomes = new Map<string, number>();
    const ledger = (await holdfast.simulate('ledger')) as { kind: string; ref: string }[];
    for (const { id, ref } of paid) {
      const facts = await holdfast.facts(id);
      const { amounts, status } = await holdfast.get(id);
      const approvals = facts.filter((type) => type === 'authorization.approved').length;
      const holds = ledger.filter((entry) => entry.ref === ref).map(({ kind }) => kind);
      const outcome = `${status}, ${amounts.authorized}, ${approvals} approval, ${holds.join('+')}`;
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    console.info(`${ids.length} returns beside their webhook:`, Object.fromEntries(outcomes));
    expect(Object.fromEntries(outcomes)).toEqual({
      'authorized, 10500, 1 approval, authorize': PAYMENTS,
    });
  });

  it('before the issuer has answered, and twice, changes nothing', async () => {
    const { body } = await holdfast.start(SHOP);
    const answers = await Promise.all([comeBack(body.id), comeBack(body.id)]);
    expect(answers.map(({ status }) => status)).toEqual([303, 303]);
    expect((await holdfast.get(body.id)).status).toBe('awaiting_buyer');
    await holdfast.atDashboard('pay', body.id);
    const [again, oncemore] = await Promise.all([comeBack(body.id), comeBack(body.id)]);
    expect([again.status, oncemore.status]).toEqual([303, 303]);
    expect((await holdfast.get(body.id)).status).toBe('authorized');
    const facts = await holdfast.facts(body.id);
    expect(facts.filter((type) => type === 'authorization.approved')).toHaveLength(1);
    expect(await holdfast.movements(body.id)).toHaveLength(1);
  });

  it('is not believed when the browser says that it went well', async () => {
    const { body } = await holdfast.start(SHOP);
    const page = pageOf(body);
    await fetch(page, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'outcome=fail',
      redirect: 'manual',
    });
    await comeBack(body.id, 'redirect_status=succeeded');
    const payment = await holdfast.until(body.id, ({ status }) => status !== 'awaiting_buyer');
    expect([payment.status, payment.amounts.authorized]).toEqual(['declined', 0]);
  });

  it('goes on to checkout’s own page and to no other', async () => {
    const { body } = await holdfast.start({ ...SHOP, paymentToken: 'pm_card_visa' });
    const answer = await comeBack(body.id);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe(
      `https://shop.example/back?basket=7&payment=${body.id}`,
    );
  });

  it('is thanked where checkout named no page, without a word on how it went', async () => {
    const { body } = await holdfast.start(CHALLENGED);
    await holdfast.atDashboard('pay', body.id);
    const { body: page, headers, status } = await comeBack(body.id);
    expect([status, headers.get('location')]).toEqual([200, null]);
    expect(page).not.toMatch(/evil|failed|pay_|pi_/);
    expect((await holdfast.get(body.id)).status).toBe('authorized');
  });

  it.each(['pay_00000000000000000000000000', 'pay_1', 'nobody', '..%2f..', '%00'])(
    'with the unknown id %s sees the same page, and nobody is asked',
    async (id) => {
      const before = ((await holdfast.simulate('requests')) as unknown[]).length;
      const { headers, status } = await comeBack(id);
      expect([status, headers.get('location')]).toEqual([200, null]);
      expect((await holdfast.simulate('requests')) as unknown[]).toHaveLength(before);
    },
  );

  it('makes the provider be asked no more once it is decided', async () => {
    const { body } = await holdfast.start(SHOP);
    await holdfast.atDashboard('pay', body.id);
    await comeBack(body.id);
    const ref = await news.refOf(body.id);
    const asked = await news.asked(ref);
    for (let time = 0; time < 5; time += 1) await comeBack(body.id);
    expect(await news.asked(ref)).toBe(asked);
  });
});
