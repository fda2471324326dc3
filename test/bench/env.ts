/** What the programs of the bench are told. */
export type BenchEnvironment = {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly stripe: string;
};

export function benchEnvironment(): BenchEnvironment {
  const { DATABASE_URL = '', TEMPORAL_ADDRESS = '', STRIPE_SIMULATOR_URL = '' } = process.env;
  return {
    databaseUrl: DATABASE_URL,
    temporalAddress: TEMPORAL_ADDRESS,
    stripe: STRIPE_SIMULATOR_URL,
  };
}

export const given: NodeJS.ProcessEnv = process.env;
