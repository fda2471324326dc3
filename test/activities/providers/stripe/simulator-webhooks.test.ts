import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD, simulatorClient, type Body } from './stripe-simulator.client.ts';

type Delivery = { body: string; signature: string | undefined };
type Endpoint = { url: string; deliveries: Delivery[]; close: () => Promise<unknown> };

let stripe: ReturnType<typeof simulatorClient>;
let shop: Endpoint;
beforeEach(async () => {
  stripe = simulatorClient();
  shop = await endpoint();
});
afterEach(async () => {
  stripe.simulator.close();
  await shop.close();
});

async function endpoint(status = 200): Promise<Endpoint> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const signature = request.headers['stripe-signature'];
      deliveries.push({ body, signature: signature === undefined ? undefined : String(signature) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hooks`,
    deliveries,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

const aim = (target: object) => stripe.post('/_sim/webhooks/target', JSON.stringify(target));
const resend = (eventId: unknown) =>
  stripe.post('/_sim/webhooks/resend', JSON.stringify({ eventId }));
const attempts = async () => (await stripe.get('/_sim/webhooks')).body as unknown as Body[];
/** One event: an unconfirmed payment. */
const create = async () => {
  const { confirm: _, ...form } = CARD;
  return (await stripe.post('/v1/payment_intents', { ...form, amount: '500' })).body;
};
const newest = async () =>
  ((await stripe.get('/v1/events?limit=1')).body['data'] as Body[])[0] as Body;
const idOf = ({ body }: Delivery) => (JSON.parse(body) as { id: string }).id;

describe('the target of webhooks', () => {
  it('can be set while the simulator runs, changed and taken away', async () => {
    await create();
    expect((await newest())['pending_webhooks']).toBe(0);
    expect((await aim({ url: shop.url })).status).toBe(200);
    await create();
    await expect.poll(() => shop.deliveries.length).toBe(1);
    expect(shop.deliveries[0]?.signature).toBeUndefined();

    const other = await endpoint();
    await aim({ url: other.url, secret: 'whsec_a' });
    await create();
    await expect.poll(() => other.deliveries.length).toBe(1);
    const taken = await stripe.simulator.app.request('/_sim/webhooks/target', { method: 'DELETE' });
    expect(taken.status).toBe(204);
    await create();
    expect((await newest())['pending_webhooks']).toBe(0);
    expect([shop.deliveries.length, other.deliveries.length]).toEqual([1, 1]);
    await other.close();
  });

  it.each([{}, { url: 'shop' }, { url: 'http://a.example', secret: '' }])(
    'is not set by %j',
    async (target) => {
      const { status, body } = await aim(target);
      expect([status, body['error']]).toEqual([400, 'POST { url, secret? } to target']);
    },
  );

  it('outlives a reset, which forgets what was sent', async () => {
    await aim({ url: shop.url });
    await create();
    await expect.poll(attempts).toHaveLength(1);
    await stripe.post('/_sim/reset');
    expect(await attempts()).toEqual([]);
    await create();
    await expect.poll(attempts).toHaveLength(1);
  });
});

describe('a rolled secret', () => {
  it('signs beside the old one, so that either is accepted', async () => {
    await aim({ url: shop.url, secret: ['whsec_new', 'whsec_old'] });
    await create();
    await expect.poll(() => shop.deliveries.length).toBe(1);
    const { body = '', signature = '' } = shop.deliveries[0] ?? {};
    expect(signature).toMatch(/^t=\d+,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    for (const secret of ['whsec_new', 'whsec_old']) {
      const event = Stripe.webhooks.constructEvent(body, signature, secret);
      expect(event.type).toBe('payment_intent.created');
    }
    expect(() => Stripe.webhooks.constructEvent(body, signature, 'whsec_other')).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
  });
});

describe('a delivery', () => {
  it('is listed with what it met, newest last', async () => {
    const broken = await endpoint(500);
    stripe.simulator.close();
    stripe = simulatorClient({ webhook: { url: broken.url, retryMs: [] } });
    await create();
    await expect.poll(attempts).toHaveLength(1);
    await broken.close();
    await create();
    await expect.poll(attempts).toHaveLength(2);
    await aim({ url: shop.url });
    await create();
    await expect.poll(attempts).toHaveLength(3);
    const listed = await attempts();
    expect(listed.map(({ status }) => status as number | null)).toEqual([500, null, 200]);
    const { id, type } = await newest();
    expect(listed[2]).toEqual({
      eventId: id,
      type,
      url: shop.url,
      status: 200,
      at: expect.any(String),
    });
  });

  it('is made again on demand, of the same event', async () => {
    await aim({ url: shop.url });
    await create();
    await expect.poll(attempts).toHaveLength(1);
    const { id } = await newest();
    expect((await resend(id)).status).toBe(202);
    await expect.poll(attempts).toHaveLength(2);
    expect(shop.deliveries.map(idOf)).toEqual([id, id]);
    expect(shop.deliveries[0]?.body).toBe(shop.deliveries[1]?.body);
  });

  it('is not made of an unknown event, nor to nowhere', async () => {
    expect((await resend('evt_none')).status).toBe(404);
    expect((await resend(7)).status).toBe(400);
    await create();
    const { id } = await newest();
    expect((await resend(id)).status).toBe(409);
  });
});
