/** One storm: the whole stack, N payments, everything that a seed can do to them, and the verdict. */
import { randomUUID } from 'node:crypto';
import { SIMULATED_MERCHANT } from '../../../activities/providers/apruve/simulator.ts';
import { SIMULATED_CREDENTIALS } from '../../../activities/providers/infinitepay/simulator.ts';
import { FAULTS } from '../../../activities/providers/shared/simulator-faults.ts';
import { type Screen, step } from '../../../api/cli/progress.mjs';
import { connect } from '../../../db/client.ts';
import { closedLoop } from '../../bench/load.ts';
import { createWorld, type World } from '../../bench/world.ts';
import { BUYER } from '../../support/guarantees.ts';
import type { Cleanup } from '../command.ts';
import { BLOWS, createBlows, createNews, keepAlive, strike } from './chaos.ts';
import { type Carried, createDriver, type Driver } from './drive.ts';
import { BUYER_ACCOUNT, createPlan, TIMEOUT_MS } from './plan.ts';
import { progress } from './progress.ts';
import { askAgain, recheckParked, redeliverNews, untilNothingMoves } from './settle.ts';
import { createSimulators, type Simulators } from './simulated.ts';
import { createTally } from './tally.ts';
import { createTroubles, TROUBLES } from './troubles.ts';
import { verify, type Verdict } from './verify.ts';

export type StormOptions = {
  readonly payments: number;
  readonly seed: number;
  readonly concurrency: number;
  readonly screen: Screen;
  /** Takes what has to be stopped, as soon as it runs. */
  readonly cleanup: Cleanup;
};

export type Result = {
  readonly seed: number;
  readonly payments: number;
  readonly seconds: { readonly storm: number; readonly settling: number };
  readonly paymentsPerSecond: number;
  readonly injected: Readonly<Record<string, number>>;
  readonly statuses: Verdict['statuses'];
  readonly acknowledged: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly rechecked: number;
  readonly redelivered: number;
  readonly inDoubt: number;
  readonly processStarts: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
};

const KINDS = [
  ...FAULTS.map((fault) => `fault ${fault}`),
  ...BLOWS,
  'command twice',
  'command together',
  'commands at once',
  'redirect',
  'redirect twice',
  'buyer stays away',
  'buyer closes the browser',
  'news twice',
  'news forged',
  ...TROUBLES,
  'refund overtaken',
  'refund left pending',
];
/** From here on each kind has to have been done. */
const ENOUGH = 200;

const FUNDING_MS = 5_000;
const BUYER_MS = 15_000;
const INQUIRE_MS = 60_000;
const SETTLE_MS = 130_000;
/** More than a day of the storm's payments. */
const LIMIT_MINOR = 1_000_000_000;
const STORIES_MAX = 5;

export async function runStorm(options: StormOptions): Promise<Result> {
  const { payments, seed, concurrency, screen, cleanup } = options;
  const world = await createWorld({ everything: { fundingMs: FUNDING_MS }, screen });
  cleanup(world.stop);
  const tally = createTally(KINDS);
  const api = keepAlive(world, 'api', 'api/server.ts');
  const workers = ['worker-1', 'worker-2'].map((name) =>
    keepAlive(world, name, 'activities/worker.ts'),
  );
  const kept = [api, ...workers];
  cleanup(async () => {
    await Promise.all(kept.map((each) => each.release()));
  });
  const ready = () => Promise.all(kept.map((each) => each.ready()));
  await step('API and two workers', ready, screen);
  const simulators = createSimulators({
    stripe: String(world.env['STRIPE_SIMULATOR_URL']),
    infinitepay: String(world.env['INFINITEPAY_SIMULATOR_URL']),
    apruve: String(world.env['APRUVE_SIMULATOR_URL']),
  });
  const url = String(world.env['HOLDFAST_PUBLIC_URL']);
  const pool = connect(world.databaseUrl, { max: 4 });
  cleanup(() => pool.end());
  const driver = createDriver({ api: url, keys: world.keys, simulators, tally, pool });
  const prepared = () => prepare(world, url, simulators, driver);
  const { replaceKey } = await step('Integrations', prepared, screen);
  const troubles = await createTroubles(world.temporalAddress, pool, { replaceKey, seed, tally });
  cleanup(() => troubles.close());

  const plan = createPlan(seed, payments);
  const carried: Carried[] = [];
  const news = createNews(seed, simulators, tally);
  const startedAt = performance.now();
  await step(
    `${payments} payments, seed ${seed}`,
    async (report) => {
      const through = () => carried.length / payments;
      const watch = progress(payments, report);
      const parts = { world, workers, api, tally };
      const blows = strike(createBlows(seed, payments), through, seed, parts);
      const trouble = troubles.makeTrouble(through);
      const repeats = repeatNews(news, through, Math.ceil(payments / 40));
      await closedLoop(payments, Math.min(concurrency, payments), async (index) => {
        const script = plan[index];
        if (script !== undefined) carried.push(await driver.carry(script));
        watch(carried.length);
      });
      await Promise.all([blows, repeats, trouble]);
    },
    screen,
  );
  const stormS = (performance.now() - startedAt) / 1000;

  for (const provider of ['stripe', 'infinitepay', 'apruve'] as const) {
    for (const { fault, remaining } of await simulators.clearFaults(provider)) {
      tally.add(`fault ${fault}`, -remaining);
    }
  }
  let rechecked = 0;
  let redelivered = 0;
  await step(
    'The sea calms',
    async (report) => {
      await ready();
      report.doing('requests without an answer are asked again');
      await askAgain(carried, driver, 20_000);
      await news.rest();
      await untilNothingMoves(pool, simulators, SETTLE_MS, report.doing);
      rechecked = await recheckParked(pool, driver);
      redelivered = await redeliverNews(pool, driver);
      await untilNothingMoves(pool, simulators, SETTLE_MS / 2, report.doing);
      await askAgain(carried, driver, 5_000);
    },
    screen,
  );
  const verdict = await step('Books compared', () => verify(carried, pool, simulators), screen);
  const allS = (performance.now() - startedAt) / 1000;
  return {
    seed,
    payments,
    seconds: { storm: round(stormS), settling: round(allS - stormS) },
    paymentsPerSecond: round(payments / stormS),
    injected: tally.counts(),
    statuses: verdict.statuses,
    acknowledged: verdict.acknowledged,
    refused: verdict.refused,
    unanswered: verdict.unanswered,
    rechecked,
    redelivered,
    inDoubt: verdict.inDoubt,
    processStarts: { api: api.starts(), workers: sum(workers.map((each) => each.starts())) },
    problems: [
      ...(payments < ENOUGH ? [] : tally.missing().map((kind) => `never injected: ${kind}`)),
      ...problemsOf(verdict),
    ],
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;
const sum = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

/** Short patience, so that every doubt ends while we watch. */
async function prepare(
  world: World,
  url: string,
  simulators: Simulators,
  driver: Driver,
): Promise<{ replaceKey: () => Promise<void> }> {
  const policy = {
    inquireWithinMs: INQUIRE_MS,
    buyerWithinMs: BUYER_MS,
    startWithinMs: INQUIRE_MS,
    warnBeforeMs: 0,
  };
  const token = String(world.env['APRUVE_SIMULATOR_WEBHOOK_TOKEN']);
  const save = async (provider: string, baseUrl: string, settings: object, credentials: object) => {
    const response = await fetch(`${url}/v1/integrations/${provider}_test`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${world.keys.admin}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        provider,
        mode: 'test',
        baseUrl,
        settings: { timeoutMs: TIMEOUT_MS, policy, ...settings },
        credentials,
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${provider}: ${text}`);
  };
  const webhookSecrets = [world.env['STRIPE_SIMULATOR_WEBHOOK_SECRET']];
  const saveStripe = (secretKey: string) =>
    save('stripe', simulators.urls.stripe, { multicapture: true }, { secretKey, webhookSecrets });
  let secretKey = 'sk_test_holdfast_local';
  await saveStripe(secretKey);
  const terms = { net30: { kind: 'net', days: 30 } };
  await save('infinitepay', simulators.urls.infinitepay, { terms }, SIMULATED_CREDENTIALS);
  await save(
    'apruve',
    simulators.urls.apruve,
    { offerWithinMs: BUYER_MS },
    { ...SIMULATED_MERCHANT, webhookTokens: [token] },
  );
  await raiseLimits(simulators, driver);
  return {
    async replaceKey() {
      const former = secretKey;
      secretKey = `sk_test_${randomUUID().replaceAll('-', '')}`;
      await untilDone(() => saveStripe(secretKey));
      await simulators.ask('stripe', 'keys/revoke', { key: former });
    },
  };
}

const SAVE_WITHIN_MS = 60_000;

/** An outage may be under way: an administrator tries again, and revokes nothing before it is saved. */
async function untilDone(work: () => Promise<void>): Promise<void> {
  for (const until = Date.now() + SAVE_WITHIN_MS; ;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** A debtor has a limit once there is an order of it. */
async function raiseLimits(simulators: Simulators, driver: Driver): Promise<void> {
  const body = {
    amount: { amountMinor: 1_000, currency: 'EUR' },
    source: { kind: 'order', number: 'before the storm' },
    method: 'infinitepay_test.guarantee',
    term: 'net30',
    buyer: BUYER,
  };
  const first = driver.newRequest('start', '/v1/payments', body, 'checkout');
  await driver.insist(first);
  if (first.outcome !== 'acknowledged') throw new Error(`no payment: ${first.answers.join(', ')}`);
  const limit = { debtor: BUYER.vatId, currency: 'EUR', limitMinor: LIMIT_MINOR };
  await simulators.ask('infinitepay', 'portal/limit', limit);
  await simulators.ask('apruve', 'dashboard/account', {
    ref: BUYER_ACCOUNT,
    limitMinor: LIMIT_MINOR,
  });
}

async function repeatNews(
  news: ReturnType<typeof createNews>,
  through: () => number,
  times: number,
): Promise<void> {
  // Ten helpings, evenly over the storm.
  for (let helping = 1; helping <= 10; helping += 1) {
    while (through() < helping / 10) await new Promise((resolve) => setTimeout(resolve, 100));
    await news.repeat(times);
  }
}

function problemsOf({ broken, story }: Verdict): string[] {
  const byPayment = new Map<string | null, string[]>();
  for (const { paymentId, what } of broken) {
    byPayment.set(paymentId, [...(byPayment.get(paymentId) ?? []), what]);
  }
  return [...byPayment].map(([id, what], index) => {
    const lines = what.map((each) => `${id ?? 'everything'}: ${each}`).join('\n');
    return id === null || index >= STORIES_MAX ? lines : `${lines}\n${story(id)}`;
  });
}
