/**
 * Starts the simulated providers alone: `npm run simulators`. Prints `READY {"stripe":"http://…", …}` once all of
 * them listen, and stops cleanly on SIGTERM or SIGINT.
 */
import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import {
  createApruveSimulator,
  type ApruveSimulator,
} from '../../activities/providers/apruve/simulator.ts';
import {
  createInfinitePaySimulator,
  type InfinitePaySimulator,
} from '../../activities/providers/infinitepay/simulator.ts';
import {
  createStripeSimulator,
  type StripeSimulator,
} from '../../activities/providers/stripe/simulator.ts';
import { readSimulatorsEnv, type SimulatorsEnv } from './env.ts';

const INFINITEPAY_PORT = 4011;
const APRUVE_PORT = 4012;

const USAGE = `Usage: npm run simulators

Starts the simulated payment providers. Environment:
  HOST                             address to listen on            127.0.0.1
  STRIPE_SIMULATOR_PORT            port, 0 for a free one          4010
  STRIPE_SIMULATOR_HOLD_MS         how long every hold lasts       (as long as at Stripe)
  SIMULATOR_DATA_DIR               keep the state here             (in memory)
  STRIPE_SIMULATOR_WEBHOOK_URL     where to send Stripe's events   (nowhere)
  STRIPE_SIMULATOR_WEBHOOK_SECRET  whsec_… to sign them with       (unsigned)
  INFINITEPAY_SIMULATOR_PORT       port, 0 for a free one          4011, or free
  INFINITEPAY_SIMULATOR_NAMESPACE  of its operations               (any)
  APRUVE_SIMULATOR_PORT            port, 0 for a free one          4012, or free
  APRUVE_SIMULATOR_MERCHANT_ID     id of its merchant              5d51a7e0000…
  APRUVE_SIMULATOR_API_KEY         the merchant's key              5d51a7e1000…
  APRUVE_SIMULATOR_FUNDING_MS      from invoice to funding         24 hours
  APRUVE_SIMULATOR_WEBHOOK_URL     where to send Apruve's events   (nowhere)

Every simulator has an admin plane: /_sim/ledger, /_sim/requests, /_sim/faults, /_sim/answers, /_sim/clock,
/_sim/reset.
Those of Stripe and Apruve have /_sim/dashboard/{action} and /_sim/webhooks, too; InfinitePay's has
/_sim/portal/{action} and, for a person, /_pages/portal.`;

type Simulator = StripeSimulator | InfinitePaySimulator | ApruveSimulator;
type Running = { url: string; stop: () => Promise<void> };

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2);
  if (argument === '--help' || argument === '-h') {
    console.log(USAGE);
    return;
  }
  if (argument !== undefined) throw new StartError(`Unknown argument: ${argument}\n\n${USAGE}`);

  const env = readEnv();
  const stripe = await start(stripeSimulator(env), env, {
    name: 'STRIPE_SIMULATOR_PORT',
    port: env.STRIPE_SIMULATOR_PORT,
    otherwise: null,
  });
  const infinitepay = await start(infinitePaySimulator(env), env, {
    name: 'INFINITEPAY_SIMULATOR_PORT',
    port: env.INFINITEPAY_SIMULATOR_PORT ?? INFINITEPAY_PORT,
    otherwise: env.INFINITEPAY_SIMULATOR_PORT === undefined ? 0 : null,
  });
  const apruve = await start(apruveSimulator(env), env, {
    name: 'APRUVE_SIMULATOR_PORT',
    port: env.APRUVE_SIMULATOR_PORT ?? APRUVE_PORT,
    otherwise: env.APRUVE_SIMULATOR_PORT === undefined ? 0 : null,
  });
  const stop = () => Promise.all([stripe, infinitepay, apruve].map((running) => running.stop()));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stop().then(() => process.exit(0)));
  }
  const urls = { stripe: stripe.url, infinitepay: infinitepay.url, apruve: apruve.url };
  console.log(`READY ${JSON.stringify(urls)}`);
}

/** Something the person who started us can put right: told without a stack trace. */
class StartError extends Error {}

function readEnv(): SimulatorsEnv {
  try {
    return readSimulatorsEnv();
  } catch (error) {
    if (error instanceof z.ZodError) throw new StartError(z.prettifyError(error));
    throw error;
  }
}

function stripeSimulator(env: SimulatorsEnv): StripeSimulator {
  const { SIMULATOR_DATA_DIR: dir, STRIPE_SIMULATOR_WEBHOOK_URL: url } = env;
  return createStripeSimulator({
    holdMs: env.STRIPE_SIMULATOR_HOLD_MS,
    dataFile: dir === undefined ? undefined : join(dir, 'stripe.json'),
    webhook: url === undefined ? undefined : { url, secret: env.STRIPE_SIMULATOR_WEBHOOK_SECRET },
  });
}

function infinitePaySimulator(env: SimulatorsEnv): InfinitePaySimulator {
  const { SIMULATOR_DATA_DIR: dir, INFINITEPAY_SIMULATOR_NAMESPACE: namespace } = env;
  return createInfinitePaySimulator({
    dataFile: dir === undefined ? undefined : join(dir, 'infinitepay.json'),
    namespace,
  });
}

function apruveSimulator(env: SimulatorsEnv): ApruveSimulator {
  const { SIMULATOR_DATA_DIR: dir, APRUVE_SIMULATOR_WEBHOOK_URL: url } = env;
  return createApruveSimulator({
    merchantId: env.APRUVE_SIMULATOR_MERCHANT_ID,
    apiKey: env.APRUVE_SIMULATOR_API_KEY,
    fundingMs: env.APRUVE_SIMULATOR_FUNDING_MS,
    dataFile: dir === undefined ? undefined : join(dir, 'apruve.json'),
    webhook: url === undefined ? undefined : { url },
  });
}

/** Where to listen, which variable says so, and where else to if that is taken. */
type Place = { name: string; port: number; otherwise: number | null };

async function start(
  simulator: Simulator,
  { HOST: host }: SimulatorsEnv,
  place: Place,
): Promise<Running> {
  const server = await listen(simulator, host, place);
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return {
    url: `http://${name}:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        simulator.close();
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

async function listen(
  simulator: Simulator,
  host: string,
  { name, port, otherwise }: Place,
): Promise<ServerType> {
  const server = serve({ fetch: simulator.app.fetch, hostname: host, port });
  const fault = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
    server.once('listening', () => resolve(null));
    server.once('error', resolve);
  });
  if (fault === null) return server;
  if (fault.code !== 'EADDRINUSE') throw fault;
  if (otherwise !== null)
    return listen(simulator, host, { name, port: otherwise, otherwise: null });
  throw new StartError(
    `Port ${port} on ${host} is taken. Stop what uses it, or set ${name} (0 takes a free one).`,
  );
}

try {
  await main();
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
}
