/**
 * The admin plane every provider simulator carries beside the provider's own API: a ledger of what moved,
 * the requests as they came, a clock that can be advanced, faults (see `simulator-faults.ts`) and prepared answers (see
 * `simulator-answers.ts`).
 *
 * It knows no provider. A test asks `/_sim/ledger` to prove "exactly one capture", whatever was answered.
 */
import { Hono, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import {
  ANSWER_EXAMPLE,
  answerRequest,
  createAnswerQueue,
  type AnswerQueue,
} from './simulator-answers.ts';
import {
  createFaultQueue,
  FAULTS,
  OPERATIONS,
  strikeAfter,
  strikeBefore,
  type FaultQueue,
  type Operation,
  type ProviderWords,
  type SimulatorEnv,
} from './simulator-faults.ts';
import { copyOfRequest, createLateRequests, LATE, type LateRequests } from './simulator-late.ts';

/** One movement of money as the simulated provider sees it. */
export type LedgerEntry = {
  readonly kind: string;
  /** The provider's id of the payment, also for its captures and refunds. */
  readonly ref: string;
  /** The number as the provider received it, in the provider's own unit. */
  readonly amountMinor: number;
  readonly currency: string;
  /** The idempotency key of the call; null if none, or if a page or the clock did it. */
  readonly key: string | null;
  readonly at: string;
};

type ReceivedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly at: string;
  /** A prepared answer was given: the simulated provider has not seen it. */
  readonly wasAnsweredBefore?: true;
};

/** What survives a restart. Faults, prepared answers and requests belong to one run of one test. */
export type PlaneSnapshot = { readonly ledger: LedgerEntry[]; readonly aheadMs: number };

export type SimulatorPlane = {
  /** Milliseconds since the epoch: real time plus what was advanced. */
  now: () => number;
  move: (entry: Omit<LedgerEntry, 'at'>) => void;
  /** Mount at `/_sim`. */
  routes: Hono;
  /** Records the request, gives prepared answers and applies the armed faults; goes before authentication and idempotency. */
  intercept: (provider: ProviderSide) => MiddlewareHandler<SimulatorEnv>;
  snapshot: () => PlaneSnapshot;
  restore: (snapshot: PlaneSnapshot) => void;
  /** Requests still stuck are lost. */
  close: () => void;
};

export type ProviderSide = {
  /** Which operations a request is, e.g. a creation with automatic capture is `authorize` and `sale`. */
  readonly operationsOf: (request: { method: string; path: string; body: string }) => Operation[];
  readonly words: ProviderWords;
  /** The simulator's own `fetch`, for a request that comes late. */
  readonly carryOut: (request: Request, env: SimulatorEnv['Bindings']) => unknown;
};

export type PlaneHooks = {
  /** After the clock was advanced: let holds expire and pending things settle. */
  readonly onAdvance?: () => void;
  readonly onReset?: () => void;
  /** After anything a snapshot holds has changed. */
  readonly onChange?: () => void;
};

const REQUESTS_KEPT = 10_000;
/** A hundred years: beyond that `Date` would soon have no ISO form. */
const ADVANCE_MAX_MS = 100 * 365 * 86_400_000;

const faultRequest = z.strictObject({
  operation: z.enum(OPERATIONS),
  fault: z.enum(FAULTS),
  times: z.int().min(1).max(1_000_000).default(1),
  delayMs: z.int().min(0).max(600_000).default(1000),
});
const clockRequest = z.strictObject({ advanceMs: z.int().min(0).max(ADVANCE_MAX_MS) });

export function createSimulatorPlane(hooks: PlaneHooks = {}): SimulatorPlane {
  const answers = createAnswerQueue();
  const faults = createFaultQueue();
  const late = createLateRequests();
  const requests: ReceivedRequest[] = [];
  let ledger: LedgerEntry[] = [];
  let aheadMs = 0;

  const now = () => Date.now() + aheadMs;
  const iso = () => new Date(now()).toISOString();

  return {
    now,
    move: (entry) => {
      ledger.push({ ...entry, at: iso() });
      hooks.onChange?.();
    },
    routes: adminRoutes({
      answers,
      faults,
      requests,
      iso,
      ledger: () => ledger,
      advance: (byMs) => {
        aheadMs += byMs;
        hooks.onChange?.();
        hooks.onAdvance?.();
      },
      reset: () => {
        ledger = [];
        requests.length = 0;
        aheadMs = 0;
        answers.clear();
        faults.clear();
        late.drop();
        hooks.onReset?.();
        hooks.onChange?.();
      },
    }),
    intercept: (provider) => interception(provider, { answers, faults, late, requests, iso }),
    snapshot: () => ({ ledger, aheadMs }),
    restore: (snapshot) => {
      ledger = [...snapshot.ledger];
      aheadMs = snapshot.aheadMs;
    },
    close: () => late.drop(),
  };
}

function interception(
  provider: ProviderSide,
  parts: {
    answers: AnswerQueue;
    faults: FaultQueue;
    late: LateRequests;
    requests: ReceivedRequest[];
    iso: () => string;
  },
): MiddlewareHandler<SimulatorEnv> {
  const { answers, faults, late, requests, iso } = parts;
  const record = (request: ReceivedRequest) => {
    requests.push(request);
    if (requests.length > REQUESTS_KEPT) requests.shift();
  };
  return async (c, next) => {
    const url = new URL(c.req.url);
    const body = await c.req.text();
    const request = { method: c.req.method, path: url.pathname + url.search, body };
    const received = () => ({ ...request, headers: c.req.header(), at: iso() });
    const operations = provider.operationsOf(request);
    const isLate = c.env?.lateRequest === true;
    const answer = isLate ? null : answers.take({ ...request, operations });
    if (answer !== null) {
      record({ ...received(), wasAnsweredBefore: true });
      return answer;
    }
    const fault = isLate ? null : faults.take(operations);
    // What is stuck has not been received: it is listed when it is.
    if (fault?.fault !== 'acts-late') record(received());
    if (fault === null) return next();
    const refusal = strikeBefore(fault, c, provider.words);
    if (fault.fault === 'acts-late') {
      const copy = copyOfRequest(c, body);
      late.keep(fault.delayMs, () => provider.carryOut(copy, LATE));
    }
    if (refusal !== null) return refusal;
    await next();
    await strikeAfter(fault, c, provider.words);
  };
}

type AdminParts = {
  answers: AnswerQueue;
  faults: FaultQueue;
  requests: readonly ReceivedRequest[];
  ledger: () => readonly LedgerEntry[];
  iso: () => string;
  advance: (byMs: number) => void;
  reset: () => void;
};

function adminRoutes(parts: AdminParts): Hono {
  const { answers, faults, requests, ledger, iso, advance, reset } = parts;
  const routes = new Hono();
  routes.get('/ledger', (c) => c.json(ledger()));
  routes.get('/requests', (c) => c.json(requests));
  routes.get('/faults', (c) => c.json(faults.armed()));
  routes.post('/faults', async (c) => {
    const wish = faultRequest.safeParse(await readJson(c.req));
    if (!wish.success) return c.json(complaint(wish.error), 400);
    return c.json(faults.arm(wish.data), 201);
  });
  routes.delete('/faults', (c) => {
    faults.clear();
    return c.body(null, 204);
  });
  routes.get('/answers', (c) => c.json(answers.prepared()));
  routes.post('/answers', async (c) => {
    const wish = answerRequest.safeParse(await readJson(c.req));
    if (!wish.success) {
      return c.json({ error: z.prettifyError(wish.error), example: ANSWER_EXAMPLE }, 400);
    }
    return c.json(answers.prepare(wish.data), 201);
  });
  routes.delete('/answers', (c) => {
    answers.clear();
    return c.body(null, 204);
  });
  routes.get('/clock', (c) => c.json({ now: iso() }));
  routes.post('/clock', async (c) => {
    const wish = clockRequest.safeParse(await readJson(c.req));
    if (!wish.success) return c.json(complaint(wish.error), 400);
    advance(wish.data.advanceMs);
    return c.json({ now: iso() });
  });
  routes.post('/reset', (c) => {
    reset();
    return c.body(null, 204);
  });
  return routes;
}

async function readJson(request: { text: () => Promise<string> }): Promise<unknown> {
  try {
    return JSON.parse(await request.text()) as unknown;
  } catch {
    return undefined;
  }
}

function complaint(error: z.ZodError) {
  return {
    error: z.prettifyError(error),
    operations: OPERATIONS,
    faults: FAULTS,
    example: { operation: 'capture', fault: 'drop-after', times: 1, delayMs: 1000 },
  };
}
