import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, simulatorClient, type Body } from './apruve-simulator.client.ts';

let dir: string;
let apruve: ReturnType<typeof simulatorClient>;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'simulator-'));
  start();
});
afterEach(async () => {
  apruve.simulator.close();
  await rm(dir, { recursive: true });
});

function start(): void {
  apruve = simulatorClient({ dataFile: join(dir, 'apruve.json') });
}
function restart(): void {
  apruve.simulator.close();
  start();
}
const accepted = async (): Promise<Body> =>
  (await apruve.get(`orders/${(await apruve.order()).body['id']}`)).body;

describe('a state file', () => {
  it('brings back orders, invoices, the ledger, the clock and what is due', async () => {
    const order = await accepted();
    await apruve.advance(DAY_MS);
    const invoice = await apruve.invoice(order, 6000);
    restart();
    expect((await apruve.get(`orders/${order['id']}`)).body['status']).toBe('accepted');
    expect(await apruve.ledger()).toEqual(['order 10000', 'invoice 6000']);
    expect((await apruve.post(`invoices/${invoice['id']}/issue`)).status).toBe(409);
    expect((await apruve.invoice(order, 4001))['errors']).toBeDefined();
    await apruve.advance(DAY_MS);
    expect(await apruve.ledger()).toEqual(['order 10000', 'invoice 6000', 'fund 6000']);
  });

  it('brings back a changed account, where webhooks go and what they are signed with', async () => {
    const { id } = await apruve.account('buyer');
    await apruve.admin('dashboard/account', { ref: id, limitMinor: 500 });
    await apruve.admin('webhooks/target', { url: 'http://127.0.0.1:9/hooks' });
    const key = (await apruve.send('GET', '/_sim/webhooks/public-key')).body;
    await accepted();
    restart();
    expect((await apruve.account('buyer'))['credit_amount_cents']).toBe(500);
    expect((await apruve.send('GET', '/_sim/webhooks/public-key')).body).toEqual(key);
    const [event] = (await apruve.send('GET', '/_sim/webhooks/events')).body as unknown as Body[];
    const resent = await apruve.admin('webhooks/resend', { uuid: event?.['uuid'] });
    expect(resent.status).toBe(202);
  });

  it('of another version is refused', async () => {
    apruve.simulator.close();
    await writeFile(join(dir, 'apruve.json'), '{"version":2}');
    expect(start).toThrow('another version');
    await rm(join(dir, 'apruve.json'));
    start();
  });
});

describe('a reset', () => {
  it('forgets all but the buyers that are always there', async () => {
    const order = await accepted();
    await apruve.advance(DAY_MS);
    await apruve.admin('reset', {});
    expect((await apruve.get(`orders/${order['id']}`)).status).toBe(404);
    expect(await apruve.ledger()).toEqual([]);
    expect(await apruve.events()).toEqual([]);
    expect((await apruve.account('buyer'))['credit_available_cents']).toBe(10_000_000);
  });
});

describe('the dashboard', () => {
  it('acts on an invoice by its own id or by its order', async () => {
    const order = await accepted();
    const ref = order['id'] as string;
    expect((await apruve.admin('dashboard/fund', { ref })).status).toBe(404);
    const made = await apruve.admin('dashboard/invoice', { ref, amountMinor: 4000 });
    expect(made.body['status']).toBe('open');
    await apruve.admin('dashboard/cancel-invoice', { ref: made.body['id'] });
    await apruve.admin('dashboard/invoice', { ref, amountMinor: 3000 });
    await apruve.admin('dashboard/return', { ref, amountMinor: 1000 });
    const closed = await apruve.admin('dashboard/close', { ref });
    expect(closed.body).toMatchObject({ status: 'closed', amount_cents: 3000 });
    expect((await apruve.ledger()).slice(1)).toEqual([
      'invoice 4000',
      'cancel-invoice 4000',
      'invoice 3000',
      'return 1000',
      'close 2000',
    ]);
  });

  it('cancels an order behind the merchant’s back', async () => {
    const { id: ref } = await accepted();
    expect((await apruve.admin('dashboard/cancel', { ref })).body['status']).toBe('canceled');
    expect(await apruve.events()).toContain('order.canceled');
  });

  it.each([
    ['fly', { ref: 'x' }, 'There is no fly.'],
    ['fund', {}, 'POST { ref } to fund.'],
    ['account', { ref: 1 }, 'POST { ref, limitMinor?, review?, lateFunding?, disabled? }'],
  ])('explains itself to somebody who posts %s with %j', async (name, body, help) => {
    const answer = await apruve.admin(`dashboard/${name}`, body);
    expect([answer.status, answer.body['error']]).toEqual([400, expect.stringContaining(help)]);
  });

  it.each([
    ['accept', 404],
    ['pay', 404],
    ['account', 404],
  ])('knows nothing by the ref of %s', async (name, status) => {
    expect((await apruve.admin(`dashboard/${name}`, { ref: 'x' })).status).toBe(status);
  });
});

describe('a key of the merchant', () => {
  const admin = (path: string, key: string) =>
    apruve.simulator.app.request(`/_sim/keys/${path}`, {
      method: 'POST',
      body: JSON.stringify({ key }),
    });
  const asks = async (key: string) =>
    (
      await apruve.simulator.app.request('/api/v4/orders?merchant_order_id=1', {
        headers: { 'apruve-api-key': key },
      })
    ).status;

  it('opens nothing once it was revoked, also after a restart', async () => {
    expect((await admin('accept', 'second')).status).toBe(200);
    expect(await asks('second')).toBe(200);
    await admin('revoke', 'second');
    restart();
    expect(await asks('second')).toBe(401);
    expect((await apruve.get('orders?merchant_order_id=1')).status).toBe(200);
  });
});
