/** What has to be there before a block of the runbook is run: each scene makes it anew. */
import { createHash, randomUUID } from 'node:crypto';
import { buyerWho, createGuarantees } from '../guarantees.ts';
import { createCredits } from '../credits.ts';
import type { Holdfast } from '../holdfast.ts';
import { endpointsOf, startReceiver } from '../receiver.ts';

export type Stage = {
  /** `ID` and whatever else the block names. */
  readonly env: Record<string, string>;
  /** What stands for something in the block, with what it stands for here. */
  readonly words?: Record<string, string>;
  /** What is true afterwards, where the block itself cannot tell. */
  readonly afterwards?: () => Promise<unknown>;
};

export type Scenes = Readonly<Record<string, () => Promise<Stage>>>;

/** @param stopsWith is called with what is to be stopped at the end. */
export async function createScenes(
  holdfast: Holdfast,
  stopsWith: (stop: () => Promise<unknown>) => void,
): Promise<Scenes> {
  const infinitepay = await createGuarantees(holdfast);
  const apruve = await createCredits(holdfast);
  const shop = await startReceiver();
  stopsWith(() => Promise.all([infinitepay.close(), apruve.close(), shop.stop()]));
  await holdfast.saveIntegration('impatient', 'test', { policy: { inquireWithinMs: 1_000 } });
  await holdfast.saveOffline('offline', { terms: { net30: { kind: 'net', days: 30 } } });
  await infinitepay.save('at_once', { autoCapture: true, autoActivate: true });

  return {
    any: async () => ({ env: { ID: (await holdfast.start({ capture: 'automatic' })).body.id } }),
    ...cards(holdfast),
    ...notices(holdfast, shop.url),
    promised: async () => {
      const terms = { method: 'offline.terms', term: 'net30', paymentToken: undefined };
      const { body } = await holdfast.start({ ...terms, capture: undefined });
      return { env: { ID: body.id } };
    },
    reserved: async () => ({ env: { ID: (await infinitepay.start()).body.id } }),
    denied: async () => {
      const buyer = buyerWho('activation-denied');
      const { body } = await infinitepay.start({ buyer, method: 'at_once.guarantee' });
      const payment = await holdfast.until(body.id, (each) => each.status === 'guarantee_denied');
      await infinitepay.atPortal('cancel', payment);
      return { env: { ID: body.id } };
    },
    ordered: async () => ({ env: { ID: (await apruve.authorized()).id } }),
    'ship-failed': async () => {
      const { id } = await apruve.authorized();
      apruve.refuse(/shipments$/);
      await holdfast.command(id, 'invoices', { amountMinor: 40_000 });
      await holdfast.until(id, ({ status }) => status === 'ship_failed');
      apruve.refuse(null);
      return { env: { ID: id } };
    },
  };
}

const cards = (holdfast: Holdfast): Scenes => ({
  authorized: async () => ({ env: { ID: (await holdfast.start()).body.id } }),
  // A signal is delivered at once and carried out later.
  signalled: async () => {
    const { id } = (await holdfast.start()).body;
    const afterwards = () => holdfast.until(id, ({ status }) => /^(captured|voided)$/.test(status));
    return { env: { ID: id }, afterwards };
  },
  parked: async () => {
    const { id } = (await holdfast.start({ method: 'impatient.card' })).body;
    await holdfast.fault({ operation: 'capture', fault: 'drop-after', times: 1 });
    await holdfast.fault({ operation: 'inquire', fault: 'garbage-after', times: 1_000 });
    await holdfast.command(id, 'capture', {}, { prefer: 'wait=0' });
    await holdfast.until(id, ({ status }) => status === 'parked');
    await holdfast.clearFaults();
    return {
      env: { ID: id },
      afterwards: () => holdfast.until(id, (each) => each.status === 'captured'),
    };
  },
  finding: async () => {
    await holdfast.simulate('dashboard/create', { amountMinor: 7_000, currency: 'EUR' });
    await holdfast.temporal.workflow.execute('reconcileIntegration', {
      workflowId: 'reconcile-stripe_test',
      // One that began before has not seen what was taken just now.
      workflowIdConflictPolicy: 'TERMINATE_EXISTING',
      taskQueue: holdfast.taskQueue,
      args: [{ integrationId: 'stripe_test', windowMs: 3_600_000, quietMs: 0 }],
    });
    const path = '/v1/findings?state=open';
    const { body } = await holdfast.request<{ data: { id: string }[] }>('GET', path);
    return { env: { FINDING: body.data[0]?.id ?? 'none' } };
  },
});

const notices = (holdfast: Holdfast, shopUrl: string): Scenes => ({
  // The simulator has test keys only, so what goes live is of mode test here.
  live: async () => ({
    env: {},
    words: {
      '"mode": "live"': '"mode": "test"',
      'https://api.stripe.com': holdfast.stripe.url,
      'sk_live_…': 'sk_test_runbook',
      'sk_live_new…': 'sk_test_runbooknew',
      'whsec_…': 'whsec_runbook',
    },
  }),
  notification: async () => {
    const body = { id: `evt_${randomUUID()}`, type: 'charge.captured', data: { object: {} } };
    await holdfast.request('POST', '/webhooks/stripe/stripe_test', { key: null, body });
    const path = '/v1/notifications?state=unverified';
    const { body: page } = await holdfast.request<{ data: { id: string }[] }>('GET', path);
    return { env: { NOTIFICATION: page.data[0]?.id ?? 'none' } };
  },
  endpoint: async () => {
    const endpoints = endpointsOf(holdfast);
    const { id: whe } = await endpoints.create(shopUrl);
    const { body } = await holdfast.start();
    const states = () => endpoints.states(whe, body.id);
    const told = async () => {
      const deadline = Date.now() + 30_000;
      while (!(await states()).includes('payment.authorized delivered')) {
        if (Date.now() > deadline) throw new Error((await states()).join());
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    };
    await told();
    return { env: { WHE: whe, EVT: `evt_${body.id.slice(4)}_2` }, afterwards: told };
  },
  'new-key': async () => {
    const key = `hf_live_${randomUUID()}`;
    const prefix = key.slice(0, 14);
    const words = {
      '<hash>': createHash('sha256').update(key).digest('hex'),
      '<first 14 characters of the key>': prefix,
      '<first 14 characters>': prefix,
    };
    const isRevoked = async () => {
      const asked = 'select 1 from api_keys where prefix = $1 and revoked_at is not null';
      const { rowCount } = await holdfast.pool.query(asked, [prefix]);
      if (rowCount !== 1) throw new Error('the key was not issued and revoked');
    };
    return { env: {}, words, afterwards: isRevoked };
  },
});
