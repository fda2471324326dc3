/** Every fault in every operation, then questions as a payment asks them: never two of a thing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CreditOutcome } from '../../../../activities/providers/credit-provider.ts';
import { type Inquired, ProviderNotReached } from '../../../../activities/providers/provider.ts';
import {
  FAULTS,
  type FaultName,
} from '../../../../activities/providers/shared/simulator-faults.ts';
import { ASK_AFTER_MS } from '../../../../machines/shared/asking.ts';
import { type Effects, stage, type Stage } from './adapter.stage.ts';

let sim: Stage;
beforeEach(async () => {
  sim = await stage();
});
afterEach(() => sim.close());

const FAULTY = {
  order: { operation: 'authorize', moves: 'order' },
  invoice: { operation: 'capture', moves: 'invoice' },
  ship: { operation: 'ship', moves: 'ship' },
  return: { operation: 'refund', moves: 'return' },
  cancel: { operation: 'void', moves: 'cancel' },
  'cancel-invoice': { operation: 'void', moves: 'cancel-invoice' },
} as const;
type Verb = keyof typeof FAULTY;
type Operation = Effects[Verb];
const VERBS = Object.keys(FAULTY) as Verb[];
const LATE = 400;

/** The operation, with all that has to be there before it. */
async function prepared(verb: Verb): Promise<Operation> {
  if (verb === 'order') return sim.effects({ accountId: await sim.accountOf('buyer') }).order;
  const refs = await sim.ordered();
  const needsNoInvoice = verb === 'invoice' || verb === 'cancel';
  return sim.effects(needsNoInvoice ? refs : await sim.invoiced(refs))[verb];
}

const moved = async (verb: Verb): Promise<number> =>
  (await sim.ledger()).filter((line) => line.split(' ')[0] === FAULTY[verb].moves).length;

const posted = async (): Promise<number> =>
  (await sim.received()).filter(({ method }) => method === 'POST').length;

type Answer = Inquired<CreditOutcome>;

/** Asks by the payment's schedule until it is decided; `afterFirst` waits for what comes late. */
async function askUntilDecided(
  effect: Operation,
  since: number,
  afterFirst: () => Promise<unknown>,
): Promise<Answer> {
  let lastSentAt = since;
  for (const [asked, pauseMs] of ASK_AFTER_MS.entries()) {
    sim.clock.now += pauseMs;
    const answer = await sim.inquire(effect, { since, lastSentAt });
    lastSentAt = sim.clock.now;
    if (answer.kind !== 'inconclusive' && answer.kind !== 'review') return answer;
    if (asked === 0) await afterFirst();
  }
  throw new Error('it was never decided');
}

const NEVER_ACTS: readonly FaultName[] = ['drop-before', 'status-500-before'];
const SENT_AGAIN: readonly Verb[] = ['order', 'cancel', 'cancel-invoice'];

describe.each(VERBS)('%s', (verb) => {
  const faults = FAULTS.filter((fault) => fault !== 'rate-limited');

  it.each(faults)('through %s is unknown, then decided, and done at most once', async (fault) => {
    const effect = await prepared(verb);
    const before = await posted();
    const since = sim.clock.now;
    await sim.arm(FAULTY[verb].operation, fault, fault === 'delay' ? 600 : LATE);
    expect(await sim.perform(effect)).toMatchObject({ kind: 'unknown' });
    const arrived = () =>
      fault === 'acts-late' && expect.poll(posted, { timeout: 4_000 }).toBe(before + 1);
    const decided = await askUntilDecided(effect, since, async () => arrived());
    const isDone = !NEVER_ACTS.includes(fault) || SENT_AGAIN.includes(verb);
    expect(decided.kind).toBe(isDone ? 'approved' : 'absent');
    expect(await moved(verb)).toBe(isDone ? 1 : 0);
  });

  it('that Apruve asked to slow down has not acted, and goes through the next time', async () => {
    const effect = await prepared(verb);
    await sim.arm(FAULTY[verb].operation, 'rate-limited');
    await expect(sim.perform(effect)).rejects.toThrow(ProviderNotReached);
    expect(await moved(verb)).toBe(0);
    expect(['approved', 'review']).toContain((await sim.perform(effect)).kind);
  });

  it('is not decided by a question that brings no answer', async () => {
    const effect = await prepared(verb);
    for (const fault of FAULTS.filter((one) => one !== 'delay' && one !== 'acts-late')) {
      await sim.arm('inquire', fault);
      expect(await sim.inquire(effect)).toMatchObject({ kind: 'inconclusive' });
    }
    expect(await moved(verb)).toBe(0);
  });
});

it('an order whose second sending is late is not sent a third time', async () => {
  const order = await prepared('order');
  const since = sim.clock.now;
  await sim.arm('authorize', 'drop-before');
  expect(await sim.perform(order)).toMatchObject({ kind: 'unknown' });
  sim.clock.now = since + 121_000;
  await sim.arm('authorize', 'acts-late', LATE);
  expect(await sim.inquire(order, { since })).toMatchObject({ kind: 'inconclusive' });
  const lastSentAt = sim.clock.now;
  sim.clock.now += 5_000;
  expect(await sim.inquire(order, { since, lastSentAt })).toMatchObject({ kind: 'inconclusive' });
  await expect
    .poll(async () => (await sim.inquire(order, { since, lastSentAt })).kind)
    .toBe('approved');
  expect(await moved('order')).toBe(1);
});

it('an order is not sent while nobody says who its buyer is', async () => {
  const order = await prepared('order');
  await sim.arm('inquire', 'drop-before');
  await expect(sim.perform(order)).rejects.toThrow(ProviderNotReached);
  expect(await posted()).toBe(0);
});
