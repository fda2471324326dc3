/**
 * What the person at the terminal has set; the only place of the stack that reads the environment.
 */
import type { WantedPort } from './ports.ts';

export const SIMULATORS = ['stripe', 'infinitepay', 'apruve'] as const;
export type SimulatorName = (typeof SIMULATORS)[number];
export type PortName = 'api' | 'temporal' | 'temporalUi' | 'postgres' | SimulatorName;

export type Settings = {
  readonly env: NodeJS.ProcessEnv;
  readonly host: string;
  readonly ports: Readonly<Record<PortName, WantedPort>>;
  readonly databaseUrl: string | null;
  readonly temporalAddress: string | null;
  readonly temporalNamespace: string;
  readonly temporalUiUrl: string | null;
  readonly publicUrl: string | null;
  readonly secretKey: string | null;
  readonly demo: boolean;
};

export const environment: NodeJS.ProcessEnv = process.env;

/** Throws with a sentence when a variable or an argument cannot be meant. */
export function readSettings(
  args: readonly string[],
  env: NodeJS.ProcessEnv = environment,
): Settings {
  const unknown = args.filter((arg) => arg !== '--no-demo' && arg !== '--demo');
  if (unknown.length > 0) {
    throw new Error(`Unknown argument ${unknown.join(' ')}. See: npm start -- --help`);
  }
  const port = (name: string, variable: string, normal: number): WantedPort => ({
    name,
    variable,
    port: env[variable] ? parsePort(variable, env[variable]) : normal,
    explicit: Boolean(env[variable]),
  });
  return {
    env,
    host: env['HOST'] || '127.0.0.1',
    ports: {
      api: port('the API', 'PORT', 8080),
      temporal: port('Temporal', 'TEMPORAL_PORT', 7233),
      temporalUi: port('the Temporal UI', 'TEMPORAL_UI_PORT', 8233),
      postgres: port('Postgres', 'POSTGRES_PORT', 5433),
      stripe: port('the Stripe simulator', 'STRIPE_SIMULATOR_PORT', 4010),
      infinitepay: port('the InfinitePay simulator', 'INFINITEPAY_SIMULATOR_PORT', 4011),
      apruve: port('the Apruve simulator', 'APRUVE_SIMULATOR_PORT', 4012),
    },
    databaseUrl: env['DATABASE_URL'] || null,
    temporalAddress: env['TEMPORAL_ADDRESS'] || null,
    temporalNamespace: env['TEMPORAL_NAMESPACE'] || 'default',
    temporalUiUrl: env['TEMPORAL_UI_URL'] || null,
    publicUrl: env['HOLDFAST_PUBLIC_URL'] || null,
    secretKey: env['HOLDFAST_SECRET_KEY'] || null,
    demo: !args.includes('--no-demo'),
  };
}

function parsePort(variable: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Error(`${variable}=${text} is not a port: set a number from 1 to 65535.`);
}
