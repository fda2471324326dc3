import { z } from 'zod';

const schema = z.object({
  DATABASE_URL: z.string().min(1),
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  /** For Temporal Cloud, or a cluster that asks for one; it implies TLS. */
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  /** `true` connects by TLS without an API key. */
  TEMPORAL_TLS: z.stringbool().default(false),
  HOLDFAST_SECRET_KEY: z.string().min(1),
  /** Where buyers and operators reach the API from outside. */
  HOLDFAST_PUBLIC_URL: z.url().default('http://127.0.0.1:8080'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
});

export type WorkerEnv = z.infer<typeof schema>;

/** @throws Error that names each variable which is missing or wrong. */
export function readWorkerEnv(): WorkerEnv {
  const parsed = schema.safeParse(process.env);
  if (!parsed.success)
    throw new Error(`The environment is not complete:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
