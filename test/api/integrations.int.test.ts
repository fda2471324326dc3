/** PUT and GET /v1/integrations: what is a version, what is a generation, and whose account it is. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCredits, type Credits, MERCHANT } from '../support/credits.ts';
import { createGuarantees, type Guarantees } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { SIMULATED_CREDENTIALS } from '../../activities/providers/infinitepay/simulator.ts';

type Shown = {
  id: string;
  version: number;
  credentialsGeneration: number;
  credentialsUpdatedAt: string;
  code: string;
  detail: string;
  errors: { path: string }[];
};

const OTHER = 'acct_1OfSomebodyElses';

let holdfast: Holdfast;
let apruve: Credits;
let infinitepay: Guarantees;
beforeAll(async () => {
  holdfast = await createHoldfast();
  apruve = await createCredits(holdfast);
  infinitepay = await createGuarantees(holdfast);
});
afterAll(async () => {
  await holdfast.close();
  await apruve.close();
  await infinitepay.close();
});

const keyName = (prefix = 'sk') => `${prefix}_test_${randomUUID().replaceAll('-', '')}`;
const newId = () => `stripe_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
const save = (id: string, body: Record<string, unknown> = {}) =>
  holdfast.request<Shown>('PUT', `/v1/integrations/${id}`, {
    body: { provider: 'stripe', mode: 'test', baseUrl: holdfast.stripe.url, ...body },
  });
const saveKey = (id: string, secretKey: string, more: Record<string, unknown> = {}) =>
  save(id, { credentials: { secretKey }, ...more });
const shown = async (id: string) => {
  const path = '/v1/integrations';
  const { body } = await holdfast.request<{ data: Shown[] }>('GET', path);
  return body.data.find((each) => each.id === id);
};
const knows = (key: string, account?: string) =>
  holdfast.simulate('keys/accept', { key, ...(account === undefined ? {} : { account }) });

describe('an integration that is saved', () => {
  it('shows its generation and when that was saved, and nothing of its secrets', async () => {
    const id = newId();
    const secretKey = keyName();
    const { status, body } = await saveKey(id, secretKey);
    expect([status, body.version, body.credentialsGeneration]).toEqual([200, 1, 1]);
    expect(Date.parse(body.credentialsUpdatedAt)).toBeGreaterThan(Date.now() - 60_000);
    expect(await shown(id)).toEqual(body);
    expect((await holdfast.request('GET', `/v1/integrations/${id}`)).body).toEqual(body);
    expect(JSON.stringify(await shown(id))).not.toContain(secretKey);
  });

  it('is nobody else’s to see: another account or mode finds nothing', async () => {
    for (const whose of [
      { accountId: 'stranger', mode: 'test' },
      { accountId: 'main', mode: 'live' },
    ] as const) {
      const key = await holdfast.deps.apiKeys.issue({ ...whose, role: 'admin' });
      const { status } = await holdfast.request('GET', '/v1/integrations/stripe_test', { key });
      expect(status).toBe(404);
    }
  });

  it('keeps its credentials when they are left out', async () => {
    const id = newId();
    const first = (await saveKey(id, keyName())).body;
    const { status, body } = await save(id, { settings: { multicapture: true } });
    expect([status, body]).toMatchObject([200, { version: 2, credentialsGeneration: 1 }]);
    expect(body.credentialsUpdatedAt).toBe(first.credentialsUpdatedAt);
    expect((await holdfast.start({ method: `${id}.card` })).status).toBe(201);
  });

  it('has a new generation and no new version when its credentials alone change', async () => {
    const id = newId();
    await saveKey(id, keyName());
    const { body } = await saveKey(id, keyName());
    expect(body).toMatchObject({ version: 1, credentialsGeneration: 2 });
  });

  it('has both when both change, and neither when all is equal', async () => {
    const id = newId();
    const key = keyName();
    await saveKey(id, keyName());
    const { body } = await saveKey(id, key, { settings: { multicapture: true } });
    expect(body).toMatchObject({ version: 2, credentialsGeneration: 2 });
    expect((await saveKey(id, key, { settings: { multicapture: true } })).body).toEqual(body);
    expect((await save(id, { settings: { multicapture: true } })).body).toEqual(body);
  });

  it.each([
    ['stripe', 'secretKey'],
    ['apruve', 'merchantId'],
    ['infinitepay', 'clientRef'],
  ])('of %s is not made without credentials', async (provider, path) => {
    const { status, body } = await save(newId(), { provider });
    expect([status, body.code]).toEqual([422, 'invalid-request']);
    expect(body.errors.map((each) => each.path)).toContain(path);
  });

  it('needs no credentials where nobody is called', async () => {
    const { status, body } = await save('offline_new', { provider: 'offline', baseUrl: undefined });
    expect([status, body.credentialsGeneration]).toEqual([200, 1]);
  });
});

describe('a key that Stripe does not accept', () => {
  it('is refused, also as the first of an integration, and nothing is saved', async () => {
    const id = newId();
    const bad = keyName();
    await holdfast.simulate('keys/revoke', { key: bad });
    const first = await saveKey(id, bad);
    expect([first.status, first.body.code]).toEqual([422, 'credentials-refused']);
    expect(first.body.detail).toContain('Stripe does not accept this key');
    expect(JSON.stringify(first.body)).not.toContain(bad);
    expect(await shown(id)).toBeUndefined();

    const { body } = await saveKey(id, keyName());
    expect((await saveKey(id, bad)).status).toBe(422);
    expect(await shown(id)).toEqual(body);
  });
});

describe('credentials of another account', () => {
  /** An integration with a payment that runs. */
  async function running(key = keyName()): Promise<{ id: string; payment: string }> {
    const id = newId();
    expect((await saveKey(id, key)).status).toBe(200);
    const { body } = await holdfast.start({ method: `${id}.card` });
    return { id, payment: body.id };
  }
  async function keyOfOther(prefix?: string): Promise<string> {
    const key = keyName(prefix);
    await knows(key, OTHER);
    return key;
  }

  it('are refused while a payment runs, with what to do instead', async () => {
    const { id, payment } = await running();
    const before = await shown(id);
    const { status, body } = await saveKey(id, await keyOfOther(), { settings: {} });
    expect([status, body.code]).toEqual([409, 'another-account']);
    expect(body.detail).toContain('integration of its own, under a new id');
    expect(await shown(id)).toEqual(before);
    expect((await holdfast.command(payment, 'capture')).body.status).toBe('captured');
    // Captured money can be given back, and lies in that account.
    expect((await saveKey(id, await keyOfOther())).status).toBe(409);
  });

  it('are taken once no payment runs, and before there is one', async () => {
    const { id, payment } = await running();
    await holdfast.command(payment, 'void');
    expect((await saveKey(id, await keyOfOther())).body.credentialsGeneration).toBe(2);
    const fresh = newId();
    await saveKey(fresh, keyName());
    expect((await saveKey(fresh, await keyOfOther())).status).toBe(200);
  });

  it('are told from those of the same account by a payment, where nobody was told its name', async () => {
    // As integrations are that were saved before Holdfast asked.
    const { id } = await running();
    await holdfast.pool.query(
      'update integration_credentials set provider_account = null where integration_id = $1',
      [id],
    );
    expect((await saveKey(id, await keyOfOther())).status).toBe(409);
    expect((await saveKey(id, keyName())).body.credentialsGeneration).toBe(2);
  });

  it('are told so too when the key may not read its account', async () => {
    const { id, payment } = await running();
    expect((await saveKey(id, await keyOfOther('rk'))).status).toBe(409);
    const restricted = keyName('rk');
    await knows(restricted);
    expect((await saveKey(id, restricted)).body.credentialsGeneration).toBe(2);
    expect((await holdfast.command(payment, 'capture')).body.status).toBe('captured');
    // What was known of the account stays known.
    expect((await saveKey(id, await keyOfOther())).status).toBe(409);
  });

  it('are not asked about when only a webhook secret changes', async () => {
    const key = keyName();
    const { id } = await running(key);
    await holdfast.simulate('keys/revoke', { key });
    const credentials = { secretKey: key, webhookSecrets: ['whsec_new'] };
    const { status, body } = await save(id, { credentials });
    expect([status, body.credentialsGeneration]).toEqual([200, 2]);
  });

  it('are refused by their name where the credentials say it', async () => {
    expect((await infinitepay.start()).body.status).toBe('reserved');
    const guarantees = { provider: 'infinitepay', baseUrl: infinitepay.url };
    const other = { ...SIMULATED_CREDENTIALS, clientRef: 'SOMEBODY-ELSE' };
    const refused = await save('infinitepay', { ...guarantees, credentials: other });
    expect([refused.status, refused.body.code]).toEqual([409, 'another-account']);
    const same = { ...SIMULATED_CREDENTIALS, password: 'another' };
    expect((await save('infinitepay', { ...guarantees, credentials: same })).status).toBe(200);

    await apruve.authorized();
    const credits = { provider: 'apruve', baseUrl: apruve.url };
    const stranger = { ...MERCHANT, merchantId: 'somebody-else' };
    const denied = await save('apruve', { ...credits, credentials: stranger });
    expect([denied.status, denied.body.code]).toEqual([409, 'another-account']);
    const rolled = { ...MERCHANT, apiKey: 'another' };
    expect((await save('apruve', { ...credits, credentials: rolled })).status).toBe(200);
  });
});

describe('a key that nobody can ask about', () => {
  it('is not saved while a payment runs, and the one in force stays', async () => {
    const id = newId();
    await saveKey(id, keyName());
    const { body } = await holdfast.start({ method: `${id}.card` });
    const before = await shown(id);
    await holdfast.fault({ operation: 'inquire', fault: 'status-500-after', times: 1_000 });
    const refused = await saveKey(id, keyName());
    await holdfast.clearFaults();
    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    expect(refused.body.detail).toContain('Nothing was saved');
    expect(await shown(id)).toEqual(before);
    expect((await holdfast.command(body.id, 'capture')).body.status).toBe('captured');
    expect((await saveKey(id, keyName())).body.credentialsGeneration).toBe(2);
  });

  it('is saved while no payment runs: nothing depends on its account', async () => {
    const { status } = await saveKey(newId(), keyName(), { baseUrl: 'http://127.0.0.1:9' });
    expect(status).toBe(200);
  });
});

it('is not saved when no worker is there in time, and the run leaves no secret in the clear', async () => {
  const idle = await createHoldfast({ workerless: true });
  try {
    const worker = await idle.startWorker();
    const { body } = await idle.start();
    await worker.stop();
    const secretKey = keyName();
    const answer = await idle.request<Shown>('PUT', '/v1/integrations/stripe_test', {
      body: {
        provider: 'stripe',
        mode: 'test',
        baseUrl: idle.stripe.url,
        credentials: { secretKey },
      },
    });
    expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
    const { rows } = await idle.pool.query('select generation from integration_credentials');
    expect(rows).toHaveLength(1);
    const runs = idle.temporal.workflow.list({
      query: `WorkflowType = 'identifyAccount' AND TaskQueue = '${idle.taskQueue}'`,
    });
    const seen: string[] = [];
    for await (const { workflowId } of runs) {
      const handle = idle.temporal.workflow.getHandle(workflowId);
      const { events } = await handle.fetchHistory();
      for (const event of events ?? []) {
        const payloads = event.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
        seen.push(...payloads.map(({ data }) => Buffer.from(data ?? []).toString('utf8')));
      }
    }
    expect(seen).toHaveLength(1);
    expect(seen.join()).not.toContain(secretKey);
    expect(body.status).toBe('authorized');
  } finally {
    await idle.close();
  }
});
