import { createVerify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatorClient, type Body } from './apruve-simulator.client.ts';

/** The first webhook waits until a key to sign it with is made. */
const PATIENT = { timeout: 4_000 };

type Delivery = { body: string; path: string; signature: string };
type Endpoint = { url: string; deliveries: Delivery[]; close: () => Promise<unknown> };

const open: { close: () => unknown }[] = [];
let shop: Endpoint;
beforeEach(async () => {
  shop = await endpoint([200]);
});
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** Answers with each of the statuses once, and with the last of them from then on. */
async function endpoint(statuses: number[]): Promise<Endpoint> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const signature = String(request.headers['x-apruve-signature']);
      deliveries.push({ body, path: request.url ?? '', signature });
      response.writeHead(statuses[deliveries.length - 1] ?? statuses.at(-1) ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/hooks?token=secret`;
  const made = { url, deliveries, close: () => new Promise((resolve) => server.close(resolve)) };
  open.push(made);
  return made;
}

function start(url?: string, retryMs: number[] = [5, 5, 5]) {
  const apruve = simulatorClient(url === undefined ? {} : { webhook: { url, retryMs } });
  open.push({ close: () => apruve.simulator.close() });
  return apruve;
}
type Apruve = ReturnType<typeof start>;

/** The order is decided when somebody looks. */
async function acceptedOrder(apruve: Apruve): Promise<Body> {
  const { body } = await apruve.order();
  return (await apruve.get(`orders/${body['id']}`)).body;
}
const heard = ({ deliveries }: Endpoint) => deliveries.map(({ body }) => JSON.parse(body) as Body);
const names = (at: Endpoint) =>
  heard(at)
    .map(({ event }) => event as string)
    .toSorted();

describe('a webhook', () => {
  it('comes to the url with its token, and tells the entity and where to look it up', async () => {
    const apruve = start(shop.url);
    const order = await acceptedOrder(apruve);
    await expect
      .poll(() => names(shop), PATIENT)
      .toEqual(['order.accepted', 'payment_term.accepted']);
    expect(shop.deliveries[0]?.path).toBe('/hooks?token=secret');
    const event = heard(shop).find((one) => one['event'] === 'order.accepted');
    expect(event).toMatchObject({
      status: 'accepted',
      entity: { id: order['id'], amount_cents: 10_000, status: 'accepted' },
      links: `http://localhost/api/v4/orders/${order['id']}`,
    });
    expect(event?.['uuid']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is signed with the key that the simulator publishes', async () => {
    const apruve = start(shop.url);
    await acceptedOrder(apruve);
    await expect.poll(() => shop.deliveries.length, PATIENT).toBe(2);
    const { body } = await apruve.send('GET', '/_sim/webhooks/public-key');
    const { body: signed, signature } = shop.deliveries[0] ?? { body: '', signature: '' };
    const verifies = (text: string) =>
      createVerify('sha256')
        .update(text)
        .verify(body['text'] as string, signature, 'base64');
    expect([verifies(signed), verifies(`${signed} `)]).toEqual([true, false]);
  });

  it('comes again until the answer is 200: 204 is not enough', async () => {
    const slow = await endpoint([204, 500, 200]);
    const apruve = start(slow.url);
    const { body } = await apruve.order({ finalize_on_create: false });
    await apruve.post(`orders/${body['id']}/cancel`);
    await expect.poll(() => slow.deliveries.length, PATIENT).toBe(3);
    const uuids = new Set(heard(slow).map(({ uuid }) => uuid as string));
    expect(uuids.size).toBe(1);
    const tried = async () =>
      ((await apruve.send('GET', '/_sim/webhooks')).body as unknown as Body[]).map(
        ({ status }) => status as number,
      );
    await expect.poll(tried, PATIENT).toEqual([204, 500, 200]);
  });

  it('goes nowhere until a target is set, and once more when somebody asks', async () => {
    const apruve = start();
    await acceptedOrder(apruve);
    const { body: events } = await apruve.send('GET', '/_sim/webhooks/events');
    const { uuid } = events[1] as Body;
    expect((await apruve.admin('webhooks/resend', { uuid })).status).toBe(409);
    expect((await apruve.admin('webhooks/target', { url: 'shop' })).status).toBe(400);
    expect((await apruve.admin('webhooks/target', { url: shop.url })).status).toBe(200);
    expect((await apruve.admin('webhooks/resend', { uuid: 'none' })).status).toBe(404);
    expect((await apruve.admin('webhooks/resend', {})).status).toBe(400);
    expect((await apruve.admin('webhooks/resend', { uuid })).status).toBe(202);
    await expect.poll(() => names(shop), PATIENT).toEqual(['order.accepted']);
    expect((await apruve.send('DELETE', '/_sim/webhooks/target')).status).toBe(204);
    expect((await apruve.admin('webhooks/resend', { uuid })).status).toBe(409);
  });

  it('tells of an invoice’s life', async () => {
    const apruve = start(shop.url);
    const order = await acceptedOrder(apruve);
    const invoice = await apruve.invoice(order, 10_000, { merchant_invoice_id: 'inv-1' });
    await apruve.admin('dashboard/fund', { ref: invoice['id'] });
    await apruve.admin('dashboard/pay', { ref: invoice['id'] });
    await expect.poll(() => names(shop), PATIENT).toContain('invoice.closed');
    const funded = heard(shop).find(({ event }) => event === 'invoice.funded');
    expect(funded).toMatchObject({
      status: 'open',
      entity: { id: invoice['id'], order_id: order['id'], merchant_invoice_id: 'inv-1' },
    });
  });
});
