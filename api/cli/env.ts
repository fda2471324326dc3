/** The environment of the command-line programs, read once and checked. */
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);
const filled = z.string().min(1);

const simulators = z.object({
  HOST: filled.default('127.0.0.1'),
  SIMULATOR_DATA_DIR: filled.optional(),
  STRIPE_SIMULATOR_PORT: port.default(4010),
  STRIPE_SIMULATOR_HOLD_MS: z.coerce.number().int().min(1).optional(),
  STRIPE_SIMULATOR_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
  STRIPE_SIMULATOR_WEBHOOK_SECRET: filled.optional(),
  /** Unset it is 4011, or a free port where that is taken. */
  INFINITEPAY_SIMULATOR_PORT: port.optional(),
  INFINITEPAY_SIMULATOR_NAMESPACE: filled.optional(),
  /** Unset it is 4012, or a free port where that is taken. */
  APRUVE_SIMULATOR_PORT: port.optional(),
  APRUVE_SIMULATOR_MERCHANT_ID: filled.optional(),
  APRUVE_SIMULATOR_API_KEY: filled.optional(),
  APRUVE_SIMULATOR_FUNDING_MS: z.coerce.number().int().min(0).optional(),
  APRUVE_SIMULATOR_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
});
export type SimulatorsEnv = z.infer<typeof simulators>;

/** An empty variable counts as unset: that is what `NAME= npm run …` means.
 *  @throws z.ZodError naming each variable that is wrong. */
export function readSimulatorsEnv(): SimulatorsEnv {
  const given = Object.entries(process.env).filter(([, value]) => value !== '');
  return simulators.parse(Object.fromEntries(given));
}

const bootstrap = z.object({
  DATABASE_URL: filled,
  HOLDFAST_SECRET_KEY: filled,
  STRIPE_SIMULATOR_URL: z.url(),
  /** With which the simulator signs its events. */
  STRIPE_SIMULATOR_WEBHOOK_SECRET: filled.optional(),
  INFINITEPAY_SIMULATOR_URL: z.url(),
  APRUVE_SIMULATOR_URL: z.url(),
  /** With which the address ends that it sends its messages to. */
  APRUVE_SIMULATOR_WEBHOOK_TOKEN: filled.optional(),
  APRUVE_SIMULATOR_MERCHANT_ID: filled.optional(),
  APRUVE_SIMULATOR_API_KEY: filled.optional(),
  /** Where the keys themselves are kept for local use. */
  HOLDFAST_KEYS_FILE: filled.default('.holdfast/keys.json'),
});
export type BootstrapEnv = z.infer<typeof bootstrap>;

/** @throws z.ZodError naming each variable that is missing or wrong. */
export const readBootstrapEnv = (): BootstrapEnv => bootstrap.parse(process.env);
