/**
 * A Holdfast for one payment: a database, a simulator and a task queue of its own. Whoever writes a
 * behaviour uses the HTTP API alone, and what a person does at the provider.
 */
import { randomUUID } from 'node:crypto';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createCredits } from '../support/credits.ts';
import { createGuarantees } from '../support/guarantees.ts';
import { createHoldfast, type Movement } from '../support/holdfast.ts';
import type { Servers } from '../support/servers.ts';
import { createDatabase } from '../support/template-database.ts';
import type { Left } from './crashes/compare.ts';
import type { Family } from './families.ts';

export type Stage = Awaited<ReturnType<typeof createStage>>;

/** What may be asked for, and how: the verb that payments offer, its path and its body. */
type Wish = {
  readonly verb: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
};
/** Requests whose parts are asked for again by themselves. */
const WISHES: Readonly<Record<string, (body: Wish['body']) => readonly Wish[]>> = {
  invoices: (body) => [
    { verb: 'invoice', path: 'invoices', body },
    { verb: 'ship', path: 'ship', body: { invoiceNumber: body['invoiceNumber'] } },
  ],
};

type Told = { readonly code?: string };
type Role = 'checkout' | 'sales' | 'operator' | 'admin';

const OFFLINE = { terms: { net30: { kind: 'net', days: 30 } } };
/** Where a provider knows no key, a doubt takes three minutes until what is absent counts as lost. */
const PATIENCE_MS = 600_000;

/** @param beforeStep is called before each step of the behaviour, with its number from 1. */
export async function createStage(
  servers: Servers,
  family: Family,
  settings: Readonly<Record<string, unknown>>,
  beforeStep: (nth: number) => Promise<void> = async () => undefined,
) {
  const { temporalAddress } = servers;
  const database = await createDatabase(servers.databaseUrl);
  const holdfast = await createHoldfast({
    workerless: true,
    temporalAddress,
    databaseUrl: database.url,
    ...(family === 'card' ? { settings } : {}),
  });
  if (family === 'promise') await holdfast.saveOffline('offline', { ...OFFLINE, ...settings });
  const guarantees = family === 'guarantee' ? await createGuarantees(holdfast, settings) : null;
  const credits =
    family === 'credit' ? await createCredits(holdfast, { webhooks: true, settings }) : null;
  const askedAgain: string[] = [];
  let steps = 0;
  const step = async (): Promise<void> => {
    steps += 1;
    await beforeStep(steps);
  };

  /** Says it until it is accepted: a caller that got no answer repeats it under the same key. */
  async function insist(
    path: string,
    role: Role,
    body: unknown,
    kind: 'step' | 'not a step' = 'step',
  ): Promise<PaymentResource> {
    if (kind === 'step') await step();
    const key = randomUUID();
    const giveUpAt = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await holdfast.request<PaymentResource & Told>('POST', path, {
        key: holdfast.keys[role],
        body,
        headers: { 'idempotency-key': key },
      });
      if (answer.status < 300) return answer.body;
      if (answer.status !== 503 || Date.now() > giveUpAt) {
        throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
    }
  }

  /** Each fact with the second in which it came. */
  async function storyOf(id: string): Promise<string> {
    const facts = await holdfast.deps.payments.facts(id);
    const startedAt = facts[0]?.event.at ?? 0;
    const second = (at: number): string => ((at - startedAt) / 1000).toFixed(0);
    return facts.map(({ event }) => `${event.type} ${second(event.at)} s`).join(', ');
  }

  /** The first of `wishes` that may be asked for, where the last word is that something was not done. */
  async function undone(id: string, wishes: readonly Wish[]): Promise<Wish | undefined> {
    const last = (await holdfast.facts(id)).at(-1) ?? '';
    if (!/\.(absent|declined)$/.test(last)) return undefined;
    const { commands } = await holdfast.get(id);
    return wishes.find(({ verb }) => commands.some((each) => each.verb === verb));
  }

  /** As a person does who reads that it was never done; once for each verb. */
  async function askAgain(id: string, wishes: readonly Wish[], role: Role): Promise<void> {
    const left = wishes.filter(({ verb }) => !askedAgain.includes(verb));
    const wish = left.length === 0 ? undefined : await undone(id, left);
    if (wish === undefined) return;
    askedAgain.push(wish.verb);
    await insist(`/v1/payments/${id}/${wish.path}`, role, wish.body, 'not a step');
  }

  async function until(
    id: string,
    status: string,
    meanwhile: () => Promise<void> = async () => undefined,
  ): Promise<PaymentResource> {
    const deadline = Date.now() + PATIENCE_MS;
    let pauseMs = 50;
    for (;;) {
      const payment = await holdfast.get(id);
      if (payment.status === status) return payment;
      await meanwhile();
      if (Date.now() > deadline) {
        const story = await storyOf(id);
        throw new Error(`it stays ${payment.status}, not ${status}, after: ${story}`);
      }
      // Most doubts end within seconds; who waits for minutes need not look so often.
      pauseMs = Math.min(pauseMs * 1.2, 1_000);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  /** Nothing is under way any more: the run has ended, or it only waits. */
  async function settled(id: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { raw, status } = await holdfast.temporal.workflow.getHandle(id).describe();
      const isIdle = raw.pendingActivities?.length === 0 && !raw.pendingWorkflowTask;
      if (status.name !== 'RUNNING' || isIdle) return;
      if (Date.now() > deadline) throw new Error('something is still under way');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  const simulate = guarantees?.simulate ?? credits?.simulate ?? holdfast.simulate;

  return {
    holdfast,
    credits,
    simulate,
    until,
    settled,
    get steps(): number {
      return steps;
    },
    async start(body: Record<string, unknown>, status: string): Promise<string> {
      const { id } = await insist('/v1/payments', 'checkout', body);
      await until(id, status);
      return id;
    },
    async command(
      id: string,
      verb: string,
      body: Record<string, unknown>,
      status: string,
      role: Role = 'sales',
    ): Promise<void> {
      await insist(`/v1/payments/${id}/${verb}`, role, body);
      const wishes = WISHES[verb]?.(body) ?? [{ verb, path: verb, body }];
      await until(id, status, () => askAgain(id, wishes, role));
    },
    /** Does what was found not to be done, where the payment is where it should be without it. */
    async mend(id: string, verb: string, role: Role = 'sales'): Promise<void> {
      await askAgain(id, [{ verb, path: verb, body: {} }], role);
      await settled(id);
    },
    /** Somebody else does something: the buyer, or a person at the provider. */
    async aside<T>(act: () => Promise<T>): Promise<T> {
      await step();
      return act();
    },
    /** What is left of the payment everywhere. */
    async left(id: string): Promise<Left> {
      const { status, amounts } = await holdfast.get(id);
      const { rows: sums } = await holdfast.pool.query<{ account: string; total: string }>(
        `select account, sum(amount_minor) as total from ledger_postings
         where payment_id = $1 group by account order by account`,
        [id],
      );
      const { rows: told } = await holdfast.pool.query<{ type: string }>(
        'select type from outgoing_events where payment_id = $1 order by sequence',
        [id],
      );
      // Nobody is called for a promise: Stripe's simulator is there and has to stay empty.
      const ledger = (await simulate('ledger')) as Movement[];
      return {
        status,
        amounts,
        facts: await holdfast.facts(id),
        ledger: Object.fromEntries(sums.map(({ account, total }) => [account, Number(total)])),
        movements: ledger.map((each) => `${each.kind} ${each.amountMinor} ${each.currency}`),
        told: told.map(({ type }) => type),
        askedAgain,
      };
    },
    async close(): Promise<void> {
      await guarantees?.close();
      await credits?.close();
      try {
        await holdfast.close();
      } finally {
        await database.drop();
      }
    },
  };
}
