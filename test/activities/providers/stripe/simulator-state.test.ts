import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatorClient, type Body } from './stripe-simulator.client.ts';

let dir: string;
let stripe: ReturnType<typeof simulatorClient>;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'simulator-'));
  start();
});
afterEach(async () => {
  stripe.simulator.close();
  await rm(dir, { recursive: true });
});

function start(): void {
  stripe = simulatorClient({ dataFile: join(dir, 'stripe.json') });
}
function restart(): void {
  stripe.simulator.close();
  start();
}
const intent = async ({ id }: Body) => (await stripe.get(`/v1/payment_intents/${id}`)).body;

describe('a state file', () => {
  it('brings back the disputes and the moved end of a hold', async () => {
    const payment_method = 'pm_card_createDispute';
    const held = await stripe.hold({ payment_method });
    await stripe.post(
      '/_sim/dashboard/hold',
      JSON.stringify({ ref: held['id'], endsInMs: 60_000 }),
    );
    await stripe.hold({ payment_method, capture_method: 'automatic' });
    restart();
    const { body } = await stripe.get('/v1/disputes');
    expect(body['data']).toMatchObject([{ status: 'needs_response', amount: 1000 }]);
    expect((await intent(held))['status']).toBe('requires_capture');
    await stripe.advance(61_000);
    expect((await intent(held))['status']).toBe('canceled');
  });

  it('brings back customers and their cards', async () => {
    const { id: customer } = (await stripe.post('/v1/customers')).body as { id: string };
    const first = await stripe.hold({ customer, setup_future_usage: 'off_session' });
    restart();
    const payment_method = first['payment_method'] as string;
    const again = await stripe.hold({ customer, payment_method, off_session: 'true' });
    expect(again['status']).toBe('requires_capture');
  });

  it('brings back where webhooks go', async () => {
    await stripe.post('/_sim/webhooks/target', JSON.stringify({ url: 'http://127.0.0.1:9/hooks' }));
    restart();
    await stripe.hold();
    const { body } = await stripe.get('/v1/events?limit=1');
    expect(body['data'][0].pending_webhooks).toBe(1);
  });

  it('of an older simulator is read, though it has less in it', async () => {
    const held = await stripe.hold();
    stripe.simulator.close();
    const path = join(dir, 'stripe.json');
    const written = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    for (const name of ['customers', 'disputes', 'webhook']) delete written[name];
    await writeFile(path, JSON.stringify(written));
    start();
    expect((await intent(held))['status']).toBe('requires_capture');
    expect((await stripe.get('/v1/disputes')).body['data']).toEqual([]);
  });
});
