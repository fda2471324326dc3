/** The buyer accepts an offered order: who tells Holdfast, and what of it is believed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCredits, type Credits, TOTAL } from '../support/credits.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('an order that the buyer accepts', () => {
  let holdfast: Holdfast;
  let apruve: Credits;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    apruve = await createCredits(holdfast);
  });
  afterAll(async () => {
    await holdfast.close();
    await apruve.close();
  });
  const isAuthorized = (id: string) => holdfast.until(id, (each) => each.status === 'authorized');

  it('is found although nobody tells of it', async () => {
    const { body } = await apruve.start();
    await apruve.decide(body);
    const payment = await isAuthorized(body.id);
    expect(payment).toMatchObject({ nextAction: null, amounts: { authorized: TOTAL } });
    expect(await holdfast.facts(body.id)).not.toContain('news.received');
  });

  it('is found when the buyer comes back, whatever the browser says', async () => {
    const { body } = await apruve.start({ returnUrl: 'http://shop.example/thanks' });
    await apruve.decide(body);
    const page = await holdfast.app.request(`/return/${body.id}?apruveOrderId=somebody-elses`);
    expect(page.status).toBe(303);
    expect((await holdfast.get(body.id)).status).toBe('authorized');
    expect(page.headers.get('location')).toBe(`http://shop.example/thanks?payment=${body.id}`);
  });

  it('is found by Apruve’s message, which says nothing more than the order shows', async () => {
    const { body } = await apruve.start();
    const ref = await apruve.decide(body);
    const [accepted] = apruve.saidOf(body, 'order.accepted');
    expect(await apruve.deliver(accepted)).toBe(200);
    expect((await isAuthorized(body.id)).amounts.authorized).toBe(TOTAL);
    expect(await apruve.asked(ref ?? '')).toBeGreaterThan(0);
  });

  it('may be told by checkout after Apruve’s message has come', async () => {
    const { body } = await apruve.start();
    const ref = await apruve.decide(body);
    await apruve.deliver(apruve.saidOf(body, 'order.accepted')[0]);
    await isAuthorized(body.id);
    const told = await apruve.accept(body.id, ref);
    expect([told.status, told.body.status]).toEqual([200, 'authorized']);
    expect((await apruve.accept(body.id, 'another-order')).status).toBe(409);
  });

  it('stays with the buyer who declines it or goes away', async () => {
    const { body } = await apruve.start();
    expect(await apruve.decide(body, 'decline')).toBeNull();
    const page = await holdfast.app.request(`/return/${body.id}`);
    expect(page.status).toBe(200);
    expect((await holdfast.get(body.id)).status).toBe('offered');
  });

  it('is declined for want of credit, also when the browser says that it was accepted', async () => {
    const { body } = await apruve.start();
    const ref = await apruve.decide(body, 'accept', 'small@example.com');
    const { body: payment, status } = await apruve.accept(body.id, ref);
    expect([status, payment.status]).toEqual([200, 'declined']);
    expect(payment.decline).toMatchObject({ code: 'order_canceled' });
  });

  it('is not believed by an order id that a browser brings of another order', async () => {
    const [mine, other] = await Promise.all([
      apruve.start(),
      apruve.start({ amount: { amountMinor: 1_000, currency: 'USD' }, items: undefined }),
    ]);
    const foreign = await apruve.decide(other.body);
    const { body, status } = await apruve.accept(mine.body.id, foreign);
    expect([status, body.code]).toEqual([409, 'contradicts-proof']);
    const payment = await holdfast.get(mine.body.id);
    expect(payment).toMatchObject({ status: 'offered', amounts: { authorized: 0 } });
    expect(payment.nextAction).toEqual(mine.body.nextAction);
    expect(payment.commands.map(({ verb }) => verb)).toContain('accept');
    const right = await apruve.accept(mine.body.id, await apruve.decide(mine.body));
    expect([right.status, right.body.status]).toEqual([200, 'authorized']);
  });

  it('is not believed by an order id that nobody has', async () => {
    const { body } = await apruve.start();
    const nobody = await apruve.accept(body.id, 'no-such-order');
    expect([nobody.status, nobody.body.code]).toEqual([409, 'contradicts-proof']);
    expect((await holdfast.get(body.id)).status).toBe('offered');
  });

  it('twice is one payment, and somebody hears of the other order', async () => {
    const { body } = await apruve.start();
    await Promise.all([apruve.decide(body), apruve.decide(body)]);
    expect(apruve.ordersOf(body)).toHaveLength(2);
    await holdfast.request('POST', `/v1/payments/${body.id}/recheck`, {
      key: holdfast.keys.operator,
      body: {},
      headers: { 'idempotency-key': 'both-windows' },
    });
    const payment = await isAuthorized(body.id);
    expect(payment.amounts.authorized).toBe(TOTAL);
    expect(payment.needsAttention).toContain('holds the same credit again');
  });

  it('again after the first one counted is heard of by its message', async () => {
    const { body } = await apruve.start();
    await apruve.accept(body.id, await apruve.decide(body));
    const second = await apruve.decide(body);
    const accepted = apruve
      .saidOf(body, 'order.accepted')
      .find(({ entity }) => 'id' in entity && entity.id === second);
    expect(await apruve.deliver(accepted)).toBe(200);
    const kept = async () => {
      const path = '/v1/notifications?limit=100';
      const answer = await holdfast.request<{ data: { providerRef: string; reason: string }[] }>(
        'GET',
        path,
      );
      return answer.body.data.find(({ providerRef }) => providerRef === second)?.reason;
    };
    await expect.poll(kept).toContain('at the provider, and not');
    expect((await holdfast.get(body.id)).amounts.authorized).toBe(TOTAL);
  });

  it('after it was withdrawn is cancelled at Apruve', async () => {
    const { body } = await apruve.start();
    const withdrawn = await holdfast.command(body.id, 'cancel', { reason: 'out of stock' });
    expect(withdrawn.body.status).toBe('cancelled');
    await apruve.decide(body);
    await apruve.deliver(apruve.saidOf(body, 'order.accepted')[0]);
    const isFreed = async () => apruve.moved(body);
    await expect.poll(isFreed, { timeout: 15_000 }).toEqual([`order ${TOTAL}`, `cancel ${TOTAL}`]);
    const payment = await holdfast.until(body.id, (each) => each.amounts.voided === TOTAL);
    expect(payment.status).toBe('cancelled');
  });

  it.each([
    ['adopt', 'authorized', [`order ${TOTAL}`]],
    ['void', 'cancelled', [`order ${TOTAL}`, `cancel ${TOTAL}`]],
  ] as const)(
    'after its time is up is treated as the policy says: %s',
    async (onLateMoney, status, moved) => {
      await apruve.save(`apruve_${onLateMoney}`, { offerWithinMs: 300, policy: { onLateMoney } });
      const { body } = await apruve.start({ method: `apruve_${onLateMoney}.credit` });
      await holdfast.until(body.id, (each) => each.status === 'expired');
      await apruve.decide(body);
      await apruve.deliver(
        apruve.saidOf(body, 'order.accepted')[0],
        undefined,
        `apruve_${onLateMoney}`,
      );
      await holdfast.until(body.id, (each) => each.status === status);
      expect(await apruve.moved(body)).toEqual(moved);
    },
  );
});
