/**
 * Requests stuck in the network: their sender has given up, and the provider carries them out all the same. Of all faults
 * the cruellest, for asking meanwhile is answered with "no such thing".
 */
import type { Context } from 'hono';
import type { SimulatorEnv } from './simulator-faults.ts';

/** Marks a request that comes out of here; nobody can say so from outside. */
export const LATE: SimulatorEnv['Bindings'] = { lateRequest: true };

export type LateRequests = ReturnType<typeof createLateRequests>;

export function createLateRequests() {
  const timers = new Set<NodeJS.Timeout>();
  return {
    keep: (delayMs: number, carryOut: () => unknown): void => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        void carryOut();
      }, delayMs).unref();
      timers.add(timer);
    },
    drop: (): void => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

/** The request again, free of the connection it came on. */
export function copyOfRequest({ req }: Context<SimulatorEnv>, body: string): Request {
  const { url, method } = req;
  return new Request(url, { method, headers: req.header(), ...(body === '' ? {} : { body }) });
}
