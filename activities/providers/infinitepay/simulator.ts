/**
 * A simulator of InfinitePay, written from what is documented of it and sharing no code with the adapter: it is there to
 * disagree with it. It speaks SOAP (`/ws/InfinitePayAPI`), shows the portal in which an operator works
 * (`/_pages/portal`), and carries the admin plane of all simulators (`/_sim`).
 *
 * README.md says what is documented, what is not, and what was decided then.
 */
import { Hono } from 'hono';
import { setTimeout as wait } from 'node:timers/promises';
import type { SimulatorEnv } from '../shared/simulator-faults.ts';
import { createSimulatorPlane } from '../shared/simulator-plane.ts';
import { openStateFile, readStateFile, type StateFile } from '../shared/simulator-state-file.ts';
import { settleWhatIsDue } from './simulator/due.ts';
import { carryOut, operationsOf } from './simulator/operations.ts';
import { portalPages } from './simulator/pages.ts';
import { portal } from './simulator/portal.ts';
import { plays } from './simulator/scenarios.ts';
import { verifySender, type Credentials } from './simulator/security.ts';
import { senderRoutes, sendersInForce } from './simulator/senders.ts';
import { answer, faultAnswer, readEnvelope, SoapFault } from './simulator/soap.ts';
import {
  clearState,
  emptyState,
  restoreState,
  snapshotOf,
  type Account,
  type State,
} from './simulator/store.ts';

export type InfinitePaySimulatorOptions = {
  readonly credentials?: Credentials;
  /** The target namespace of the WSDL, which is not public; without it every namespace is taken and answered in. */
  readonly namespace?: string | undefined;
  /** What each debtor may owe in each currency, in hundredths. */
  readonly limitMinor?: number;
  /** How long an order is overdue before InfinitePay pays it to the merchant. */
  readonly claimAfterDays?: number;
  /** How late the answers of a `slow` buyer are. */
  readonly slowMs?: number;
  /** Where to keep the state over a restart; without it, it is gone. */
  readonly dataFile?: string | undefined;
};

export type InfinitePaySimulator = {
  readonly app: Hono<SimulatorEnv>;
  /** What the simulated InfinitePay holds: for looking at, not for changing. */
  readonly state: State;
  /** Writes the state and stops timers. The app still answers. */
  readonly close: () => void;
};

/** What `npm run simulators` lets in. */
export const SIMULATED_CREDENTIALS: Credentials = {
  clientRef: 'HOLDFAST-SIM',
  username: 'simulator',
  password: 'simulator-password',
  secret: 'simulator-secret',
};
const LIMIT_MINOR = 5_000_000;
const CLAIM_AFTER_DAYS = 30;
const SLOW_MS = 5000;

export function createInfinitePaySimulator(
  options: InfinitePaySimulatorOptions = {},
): InfinitePaySimulator {
  const state = emptyState();
  let file: StateFile | null = null;
  const changed = () => file?.changed();
  const plane = createSimulatorPlane({
    onAdvance: () => settle(),
    onReset: () => clearState(state),
    onChange: changed,
  });
  const account: Account = {
    state,
    plane,
    credentials: options.credentials ?? SIMULATED_CREDENTIALS,
    limitMinor: options.limitMinor ?? LIMIT_MINOR,
    claimAfterDays: options.claimAfterDays ?? CLAIM_AFTER_DAYS,
  };
  const settle = () => settleWhatIsDue(account);
  file = openFile(options.dataFile, account);

  const app = new Hono<SimulatorEnv>();
  app.route('/_sim', plane.routes);
  app.route('/_sim/credentials', senderRoutes(account, changed));
  app.route('/_sim/portal', portal(account, settle, changed));
  app.route('/_pages/portal', portalPages(account, settle));
  const carryOutLate = (request: Request, env: SimulatorEnv['Bindings']) => app.fetch(request, env);
  app.use('/ws/*', plane.intercept({ operationsOf, words: WORDS, carryOut: carryOutLate }));
  app.post('/ws/InfinitePayAPI', async (c) => {
    const type = c.req.header('content-type') ?? '';
    if (!/^text\/xml\b/i.test(type)) return c.text('SOAP 1.1 comes as text/xml.', 415);
    const text = await c.req.text();
    settle();
    try {
      const { header, call } = readEnvelope(text);
      // The time that the sender goes by, whatever the clock of this simulator was advanced to.
      verifySender(header, sendersInForce(account), Date.now());
      const { body, scenario } = carryOut(account, call, options.namespace ?? null);
      changed();
      if (plays(scenario, 'slow')) await wait(options.slowMs ?? SLOW_MS, undefined, { ref: false });
      return answer(body);
    } catch (error) {
      if (error instanceof SoapFault) return faultAnswer(error);
      throw error;
    }
  });

  return {
    app,
    state,
    close: () => {
      plane.close();
      file?.flush();
    },
  };
}

/** Not documented: as SOAP 1.1 words a server's trouble, and as a gateway before it turns away. */
const WORDS = {
  serverError: () => faultAnswer(new SoapFault('Server', 'An internal error occurred.')),
  rateLimited: () =>
    new Response('Too Many Requests', { status: 429, headers: { 'retry-after': '1' } }),
};

function openFile(path: string | undefined, { state, plane }: Account): StateFile | null {
  if (path === undefined) return null;
  const text = readStateFile(path);
  if (text !== null) plane.restore(restoreState(state, text));
  return openStateFile(path, () => snapshotOf(state, plane.snapshot()));
}
