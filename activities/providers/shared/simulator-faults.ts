/**
 * Faults a simulator commits on request: what networks and providers really do between two computers.
 *
 * "before" means nothing was done; "after" means it was done and only the answer suffers; `acts-late` means that it will
 * be done when nobody listens any more. They act outside the provider's idempotency layer, so repeating a request with
 * its key finds the true result.
 */
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { setTimeout as wait } from 'node:timers/promises';

/** In-process (`app.request`) there is no socket: then `c.env` has no `incoming`. */
export type SimulatorEnv = { Bindings: Partial<HttpBindings> & { readonly lateRequest?: boolean } };

export const OPERATIONS = [
  'authorize',
  'sale',
  'capture',
  'void',
  'refund',
  'ship',
  'inquire',
  // Of guaranteed invoices, beside `capture` and `inquire`.
  'reserve',
  'modify',
  'activate',
  'cancel',
  'apply',
  '*',
] as const;
export type Operation = (typeof OPERATIONS)[number];

export const FAULTS = [
  'drop-before',
  'drop-after',
  'delay',
  'status-500-before',
  'status-500-after',
  'garbage-after',
  'half-body-after',
  'rate-limited',
  'acts-late',
] as const;
export type FaultName = (typeof FAULTS)[number];

export type ArmedFault = {
  readonly operation: Operation;
  readonly fault: FaultName;
  readonly delayMs: number;
  readonly remaining: number;
};

/** How the provider itself words the answers a fault needs. */
export type ProviderWords = {
  readonly serverError: () => Response;
  readonly rateLimited: () => Response;
};

type FaultWish = { operation: Operation; fault: FaultName; times: number; delayMs: number };
export type FaultQueue = ReturnType<typeof createFaultQueue>;

/** First armed, first used: a request takes one use of the oldest fault that fits one of its operations. */
export function createFaultQueue() {
  let queue: { -readonly [K in keyof ArmedFault]: ArmedFault[K] }[] = [];
  return {
    armed: (): readonly ArmedFault[] => queue,
    arm: ({ operation, fault, times, delayMs }: FaultWish): ArmedFault => {
      const armed = { operation, fault, delayMs, remaining: times };
      queue.push(armed);
      return armed;
    },
    clear: () => {
      queue = [];
    },
    take: (operations: readonly Operation[]): ArmedFault | null => {
      const found = queue.find(
        (one) => one.operation === '*' || operations.includes(one.operation),
      );
      if (found === undefined) return null;
      found.remaining -= 1;
      queue = queue.filter((one) => one.remaining > 0);
      return found;
    },
  };
}

/** The answer to give without doing anything, or null to go on. */
export function strikeBefore(
  { fault }: ArmedFault,
  c: Context<SimulatorEnv>,
  words: ProviderWords,
): Response | null {
  switch (fault) {
    case 'drop-before':
    case 'acts-late':
      return hangUp(c);
    case 'status-500-before':
      return words.serverError();
    case 'rate-limited':
      return words.rateLimited();
    case 'drop-after':
    case 'delay':
    case 'status-500-after':
    case 'garbage-after':
    case 'half-body-after':
      return null;
  }
}

/** Spoils the answer of work that was done. */
export async function strikeAfter(
  { fault, delayMs }: ArmedFault,
  c: Context<SimulatorEnv>,
  words: ProviderWords,
): Promise<void> {
  switch (fault) {
    case 'drop-after':
      return answerInstead(c, hangUp(c));
    case 'delay':
      await wait(delayMs, undefined, { ref: false });
      return;
    case 'status-500-after':
      return answerInstead(c, words.serverError());
    case 'garbage-after':
      return answerInstead(c, new Response(GARBAGE, { headers: { 'content-type': 'text/html' } }));
    case 'half-body-after':
      return answerInstead(c, await cutInTheMiddle(c));
    case 'drop-before':
    case 'acts-late':
    case 'status-500-before':
    case 'rate-limited':
      return;
  }
}

const GARBAGE = '<html><head><title>502 Bad Gateway</title></head><body>{"id": "pi_';

function answerInstead(c: Context<SimulatorEnv>, response: Response): void {
  // Hono merges the old headers into a replaced response unless it is cleared first.
  c.res = undefined;
  c.res = response;
}

function hangUp(c: Context<SimulatorEnv>): Response {
  const { incoming } = c.env ?? {};
  if (incoming === undefined) throw new Error('This fault needs a real socket: serve the app.');
  incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

/** Announces the whole length, sends half of it and closes: the client has seen a status and can read no body. */
async function cutInTheMiddle(c: Context<SimulatorEnv>): Promise<Response> {
  const { outgoing } = c.env ?? {};
  if (outgoing === undefined || !('req' in outgoing)) {
    throw new Error('This fault needs a real HTTP/1.1 socket: serve the app.');
  }
  const body = Buffer.from(await c.res.clone().arrayBuffer());
  const headers = { ...Object.fromEntries(c.res.headers), 'content-length': body.byteLength };
  outgoing.writeHead(c.res.status, headers);
  const half = body.subarray(0, Math.floor(body.byteLength / 2));
  await new Promise<void>((resolve) => outgoing.write(half, () => resolve()));
  outgoing.socket?.destroy();
  return RESPONSE_ALREADY_SENT;
}
