import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { connectTemporal } from '../../api/temporal.ts';
import { Client } from '@temporalio/client';
import { createHoldfast, type Holdfast, ORDER } from '../support/holdfast.ts';

type Evidence = { data: { id: string; exchanges: { status: number | null }[] }[] };

describe('an outcome that nobody knows', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ settings: { policy: { inquireWithinMs: 1_500 } } });
  });
  afterEach(async () => {
    await holdfast.clearFaults();
  });
  afterAll(() => holdfast.close());

  it('is asked about, then parked with its evidence, and never called declined', async () => {
    await holdfast.fault({ operation: '*', fault: 'status-500-after', times: 100 });
    const { body } = await holdfast.start({}, { prefer: 'wait=1' });
    const payment = await holdfast.until(body.id, ({ status }) => status === 'parked');

    expect(payment.decline).toBeNull();
    expect(payment.needsAttention).toContain('Stripe gave no usable answer');
    const facts = await holdfast.facts(body.id);
    expect(facts.filter((type) => type === 'inquiry.inconclusive').length).toBeGreaterThan(1);
    expect(facts.at(-1)).toBe('inquiry.exhausted');
    expect(facts.some((type) => /declined|refused|absent/.test(type))).toBe(false);
    const { body: evidence } = await holdfast.request<Evidence>(
      'GET',
      `/v1/payments/${body.id}/operations`,
    );
    const statuses = evidence.data.flatMap(({ exchanges }) =>
      exchanges.map(({ status }) => status),
    );
    expect(statuses.length).toBeGreaterThan(2);
    expect(new Set(statuses)).toEqual(new Set([500]));
  });

  it('about a capture is parked with the hold still on the books', async () => {
    const { body } = await holdfast.start();
    await holdfast.fault({ operation: 'capture', fault: 'drop-after', times: 1 });
    await holdfast.fault({ operation: 'inquire', fault: 'garbage-after', times: 100 });
    await holdfast.command(body.id, 'capture', {}, { prefer: 'wait=1' });
    const payment = await holdfast.until(body.id, ({ status }) => status === 'parked');
    expect(payment.amounts).toMatchObject({ authorized: 10_500, captured: 0 });
    expect(payment.needsAttention).toContain('the capture of EUR 105.00');
  });
});

describe('wrong credentials', () => {
  it('end an authorization with a no, no money moved, and attention for whoever keeps the key', async () => {
    const holdfast = await createHoldfast();
    await holdfast.simulate('keys/revoke', { key: 'sk_test_holdfast' });
    const { status, body: payment } = await holdfast.start();
    expect([status, payment.status]).toEqual([201, 'declined']);
    expect(payment.decline?.verb).toBe('authorize');
    expect(payment.needsAttention).toContain('credentials');
    expect(await holdfast.movements(payment.id)).toEqual([]);
    await holdfast.close();
  });
});

describe('a request whose API died before it started the payment', () => {
  let holdfast: Holdfast;
  let dying: ReturnType<typeof createApp>;
  beforeAll(async () => {
    holdfast = await createHoldfast({ settings: { policy: { startWithinMs: 4_000 } } });
    // Nothing listens there: what this app journals, it cannot hand over.
    const temporal = new Client({
      connection: connectTemporal({ TEMPORAL_ADDRESS: '127.0.0.1:9', TEMPORAL_TLS: false }),
    });
    dying = createApp({ ...holdfast.deps, temporal });
  });
  afterAll(() => holdfast.close());

  async function journalOnly(key: string): Promise<string> {
    const response = await dying.request('/v1/payments', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${holdfast.keys.checkout}`,
        'content-type': 'application/json',
        'idempotency-key': key,
        prefer: 'wait=0',
      },
      body: JSON.stringify(ORDER),
    });
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as { id: string };
    return id;
  }

  const sweep = () =>
    holdfast.temporal.workflow.execute('sweepPayments', {
      taskQueue: holdfast.taskQueue,
      workflowId: `sweep-${randomUUID()}`,
    });

  it('starts once by the caller’s retry', async () => {
    const key = randomUUID();
    const id = await journalOnly(key);
    const retried = await holdfast.start({}, { key });
    expect([retried.status, retried.body.id, retried.body.status]).toEqual([201, id, 'authorized']);
    await sweep();
    expect(await holdfast.movements(id)).toHaveLength(1);
  });

  it('starts once by the sweep', async () => {
    const key = randomUUID();
    const id = await journalOnly(key);
    await sweep();
    await holdfast.until(id, ({ status }) => status === 'authorized');
    const retried = await holdfast.start({}, { key });
    expect([retried.status, retried.body.status]).toEqual([201, 'authorized']);
    expect(await holdfast.movements(id)).toHaveLength(1);
  });

  it('is abandoned after its time and never reaches the provider', async () => {
    const key = randomUUID();
    const id = await journalOnly(key);
    const { createdAt } = await holdfast.get(id);
    // The only clock here is the real one, so its four seconds have to pass.
    while (Date.now() < Date.parse(createdAt) + 4_100) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await sweep();
    const payment = await holdfast.until(id, ({ status }) => status === 'expired');
    expect(payment.amounts.authorized).toBe(0);
    expect(await holdfast.facts(id)).toEqual(['payment.requested', 'payment.abandoned']);
    expect(await holdfast.movements(id)).toEqual([]);
    const retried = await holdfast.start({}, { key });
    expect([retried.status, retried.body.status]).toEqual([201, 'expired']);
  });
});
