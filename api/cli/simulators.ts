/**
 * Starts the simulated providers alone: `npm run simulators`. Prints `READY {"stripe":"http://…"}` once all of them
 * listen, and stops cleanly on SIGTERM or SIGINT.
 */
import { serve, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
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

Every simulator has an admin plane: /_sim/ledger, /_sim/requests, /_sim/faults, /_sim/clock, /_sim/reset.
Stripe's has /_sim/dashboard/{action} and /_sim/webhooks, too.`;

type Running = { url: string; stop: () => Promise<void> };

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2);
  if (argument === '--help' || argument === '-h') {
    console.log(USAGE);
    return;
  }
  if (argument !== undefined) throw new StartError(`Unknown argument: ${argument}\n\n${USAGE}`);

  const env = readEnv();
  const stripe = await start(stripeSimulator(env), env.HOST, env.STRIPE_SIMULATOR_PORT);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stripe.stop().then(() => process.exit(0)));
  }
  console.log(`READY ${JSON.stringify({ stripe: stripe.url })}`);
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

async function start(simulator: StripeSimulator, host: string, port: number): Promise<Running> {
  const server = serve({ fetch: simulator.app.fetch, hostname: host, port });
  await listening(server, host, port);
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

function listening(server: ServerType, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('listening', () => resolve());
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} on ${host} is taken. Stop what uses it, or set STRIPE_SIMULATOR_PORT (0 takes a free one).`;
      reject(error.code === 'EADDRINUSE' ? new StartError(taken) : error);
    });
  });
}

try {
  await main();
} catch (error) {
  console.error(error instanceof StartError ? error.message : error);
  process.exit(1);
}
