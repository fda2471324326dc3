/** The servers of a whole run. Tests keep apart by databases of their own (`createTestDatabase`) and
 *  by task queues and workflow ids of their own. */
import type { TestProject } from 'vitest/node';
import { startServers } from './servers.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's address on the run's Postgres. */
    databaseUrl: string;
    temporalAddress: string;
    /** File with the workflows as the workers of a run load them: built once. */
    workflowBundle: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await startServers();
  project.provide('databaseUrl', servers.databaseUrl);
  project.provide('temporalAddress', servers.temporalAddress);
  project.provide('workflowBundle', servers.workflowBundle);
  return () => servers.stop();
}
