/**
 * Starts the simulated providers alone: `npm run simulators`. Prints `READY {"stripe":"http://…", …}` once all of
 * them listen, and stops cleanly on SIGTERM or SIGINT.
 */
import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { createInfinitePaySimulator } from '../../activities/providers/infinitepay/simulator.ts';
import {
  createStripeSimulator,
  type StripeSimulator,
} from '../../activities/providers/stripe/simulator.ts';
import { readSimulatorsEnv, type SimulatorsEnv } from './env.ts';

const USAGE = `Usage: npm run simulators

Starts the simulated payment providers. Environment:
  HOST                             address to listen on            127.0.0.1
  STRIPE_SIMULATOR_PORT            port, 0 for a free one          4010
  STRIPE_SIMULATOR_HOLD_MS         how long every hold lasts       (as long as at Stripe)
  SIMULATOR_DATA_DIR               keep the state here             (in memory)
  STRIPE_SIMULATOR_WEBHOOK_URL     where to send Stripe's events   (nowhere)
  STRIPE_SIMULATOR_WEBHOOK_SECRET  whsec_… to sign them with       (unsigned)
  INFINITEPAY_SIMULATOR_PORT       port, 0 for a free one          4011, or a free one if taken
  INFINITEPAY_SIMULATOR_NAMESPACE  of its operations               (any)

Every simulator has an admin plane: /_sim/ledger, /_sim/requests, /_sim/faults, /_sim/clock, /_sim/reset.
Stripe's has /_sim/dashboard/{action} and /_sim/webhooks, too; InfinitePay's has /_sim/portal/{action} and, for a
person, /_pages/portal.`;

type Running = { url: string; stop: () => Promise<void> };

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2);
  if (argument === '--help' || argument === '-h') {
    console.log(USAGE);
    return;
  }
  if (argument !== undefined) throw new StartError(`Unknown argument: ${argument}\n\n${USAGE}`);

  const env = readEnv();
  const stripe = await start(stripeSimulator(env), env.HOST, {
    port: env.STRIPE_SIMULATOR_PORT,
    variable: 'STRIPE_SIMULATOR_PORT',
  });
  const infinitepay = await startInfinitePay(env);
  const stop = () => Promise.all([stripe.stop(), infinitepay.stop()]);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stop().then(() => process.exit(0)));
  }
  console.log(`READY ${JSON.stringify({ stripe: stripe.url, infinitepay: infinitepay.url })}`);
}

/** Something the person who started us can put right: told without a stack trace. */
class StartError extends Error {}
class PortTaken extends StartError {}

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

const INFINITEPAY_PORT = 4011;

/** The port nobody asked for gives way, so that several stacks can run side by side: each names its own for Stripe only. */
async function startInfinitePay(env: SimulatorsEnv): Promise<Running> {
  const { SIMULATOR_DATA_DIR: dir, INFINITEPAY_SIMULATOR_PORT: asked, HOST: host } = env;
  const simulator = createInfinitePaySimulator({
    dataFile: dir === undefined ? undefined : join(dir, 'infinitepay.json'),
    namespace: env.INFINITEPAY_SIMULATOR_NAMESPACE,
  });
  const variable = 'INFINITEPAY_SIMULATOR_PORT';
  try {
    return await start(simulator, host, { port: asked ?? INFINITEPAY_PORT, variable });
  } catch (error) {
    if (asked !== undefined || !(error instanceof PortTaken)) throw error;
    return start(simulator, host, { port: 0, variable });
  }
}

type Simulator = {
  readonly app: { readonly fetch: Parameters<typeof serve>[0]['fetch'] };
  readonly close: () => void;
};

/** @throws PortTaken with the variable to change */
async function start(
  simulator: Simulator,
  host: string,
  { port, variable }: { port: number; variable: string },
): Promise<Running> {
  const server = serve({ fetch: simulator.app.fetch, hostname: host, port });
  await listening(server, `Port ${port} on ${host} is taken`, variable);
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

function listening(server: ServerType, taken: string, variable: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', () => resolve());
    server.once('error', (error: NodeJS.ErrnoException) => {
      const advice = `${taken}. Stop what uses it, or set ${variable} (0 takes a free one).`;
      reject(error.code === 'EADDRINUSE' ? new PortTaken(advice) : error);
    });
  });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
}
