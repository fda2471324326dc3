import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill, type Point, startCrashWorker } from '../support/crash.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

/** What each verb leaves in the provider's ledger, once. */
const CASES = [
  { verb: 'authorize', status: 'authorized', ledger: ['authorize 10500'] },
  { verb: 'capture', status: 'captured', ledger: ['authorize 10500', 'capture 10500'] },
  { verb: 'void', status: 'voided', ledger: ['authorize 10500', 'void 10500'] },
  {
    verb: 'refund',
    status: 'partially_refunded',
    ledger: ['authorize 10500', 'capture 10500', 'refund 1000'],
  },
] as const;
type Case = (typeof CASES)[number];

const POINTS = {
  'before-call': 'before the provider is called',
  'after-call': 'after the provider acted and before that is journaled',
  'after-journal': 'after the outcome is journaled and before Temporal knows',
} as const;

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-crash-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A Holdfast of its own for one test, so that all of them can die side by side. */
async function withDoomedWorker(
  each: Case,
  point: Point,
  act: (
    holdfast: Holdfast,
    doomed: ChildProcess,
    bringNext: () => Promise<unknown>,
  ) => Promise<void>,
): Promise<void> {
  const holdfast = await createHoldfast({ workerless: true });
  const mark = join(dir, randomUUID());
  const workers = [await startCrashWorker(holdfast, point, each.verb, mark)];
  try {
    await act(holdfast, workers[0]!, async () => {
      workers.push(await startCrashWorker(holdfast, 'never', each.verb, mark));
    });
  } finally {
    await Promise.all(workers.map(kill));
    await holdfast.close();
  }
}

describe.concurrent.each(CASES)('a worker that is killed during $verb', (each) => {
  it.each(Object.entries(POINTS))('moves the money once when it dies %s: %s', async (point) =>
    withDoomedWorker(each, point as Point, async (holdfast, doomed, bringNext) => {
      const key = randomUUID();
      const died = once(doomed, 'exit');
      const id = await prepare(holdfast, each);
      const asked = ask(holdfast, each, id, key);
      await died;
      await bringNext();
      await expectOnce(holdfast, each, await asked, key, id);
    }),
  );

  it('moves the money once when it dies between two workflow tasks', async () =>
    withDoomedWorker(each, 'never', async (holdfast, doomed, bringNext) => {
      const key = randomUUID();
      const id = await prepare(holdfast, each);
      await kill(doomed);
      const asked = ask(holdfast, each, id, key);
      await bringNext();
      await expectOnce(holdfast, each, await asked, key, id);
    }));
});

describe('a worker that is killed after the end of patience is journaled', () => {
  it('leaves a run that the next one finishes, parked', async () => {
    const [, capture] = CASES;
    await withDoomedWorker(capture, 'after-time', async (holdfast, doomed, bringNext) => {
      await holdfast.saveIntegration('stripe_curt', 'test', { policy: { inquireWithinMs: 500 } });
      const died = once(doomed, 'exit');
      const { body } = await holdfast.start({ method: 'stripe_curt.card' });
      await holdfast.fault({ operation: 'capture', fault: 'drop-after', times: 1 });
      await holdfast.fault({ operation: 'inquire', fault: 'garbage-after', times: 100 });
      await holdfast.command(body.id, 'capture', {}, { prefer: 'wait=0' });
      await died;
      await bringNext();
      const end = await holdfast.temporal.workflow.getHandle(body.id).result();
      expect(end).toMatchObject({ status: 'parked' });
      expect((await holdfast.command(body.id, 'void')).status).toBe(409);
    });
  });
});

/** What must have happened before the verb can be asked for. */
async function prepare(holdfast: Holdfast, { verb }: Case): Promise<string | null> {
  if (verb === 'authorize') return null;
  const capture = verb === 'refund' ? 'automatic' : 'manual';
  const { body } = await holdfast.start({ capture });
  return body.id;
}

type Asked = { readonly status: number; readonly body: { id: string } };

function ask(holdfast: Holdfast, { verb }: Case, id: string | null, key: string): Promise<Asked> {
  if (id === null) return holdfast.start({}, { key });
  return holdfast.command(id, verb, verb === 'refund' ? { amountMinor: 1_000 } : {}, { key });
}

/** The ledger, the journal and the caller who asks again all say the same. */
async function expectOnce(
  holdfast: Holdfast,
  each: Case,
  first: Asked,
  key: string,
  prepared: string | null,
): Promise<void> {
  // Nobody was there to accept it: the caller asks again, under the same key.
  const accepted = first.status === 503 ? await ask(holdfast, each, prepared, key) : first;
  expect([200, 201, 202]).toContain(accepted.status);
  const id = prepared ?? accepted.body.id;
  const done = await holdfast.until(id, ({ status }) => status === each.status);
  const again = await ask(holdfast, each, prepared, key);
  expect(again.status).toBe(each.verb === 'authorize' ? 201 : 200);
  expect(again.body).toEqual(done);
  const movements = await holdfast.movements(id);
  expect(movements.map(({ kind, amountMinor }) => `${kind} ${amountMinor}`)).toEqual(each.ledger);
  const outcome = each.verb === 'authorize' ? 'authorization.approved' : `${each.verb}.succeeded`;
  const outcomes = (await holdfast.facts(id)).filter((type) => type === outcome);
  expect(outcomes).toHaveLength(1);
}
