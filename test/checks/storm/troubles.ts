/** What happens to runs and keys while payments are carried: people and operators do it, not crashes. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type pg from 'pg';
import { createDice, type Dice } from './random.ts';
import type { Tally } from './tally.ts';

export const TROUBLES = ['run terminated', 'run reset', 'key replaced'] as const;

const EVERY_MS = 400;
/** Who is not reached now is struck the next time. */
const CALL_MS = 5_000;

export type Troubles = {
  /** Ends or sets back runs of payments that are being carried, until all are through. */
  makeTrouble(through: () => number): Promise<void>;
  close(): Promise<void>;
};

export async function createTroubles(
  address: string,
  pool: pg.Pool,
  {
    replaceKey,
    seed,
    tally,
  }: {
    /** Saves a new key, and revokes the one before it at the provider. */
    readonly replaceKey: () => Promise<void>;
    readonly seed: number;
    readonly tally: Tally;
  },
): Promise<Troubles> {
  const connection = await Connection.connect({ address });
  const client = new Client({ connection });
  const dice = createDice(seed ^ 0x7a31c5);
  async function strike(id: string): Promise<void> {
    if (dice.chance(0.5)) {
      await client.workflow.getHandle(id).terminate('the storm');
      tally.add('run terminated');
      return;
    }
    if (await reset(client, id, dice)) tally.add('run reset');
  }
  return {
    async makeTrouble(through) {
      for (let replaced = 0; through() < 1;) {
        await pass(EVERY_MS);
        if (through() > (replaced + 1) / 4) {
          replaced += 1;
          await replaceKey();
          tally.add('key replaced');
        }
        try {
          const id = await busiest(pool, dice);
          if (id !== null) await client.withDeadline(Date.now() + CALL_MS, () => strike(id));
        } catch {
          // It has ended meanwhile, or Postgres or Temporal is away: others are struck.
        }
      }
    },
    close: () => connection.close(),
  };
}

/** A payment that something is being done for, or was a moment ago. */
async function busiest(pool: pg.Pool, dice: Dice): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from payments where updated_at > now() - interval '3 seconds'
     order by (status like '%ing') desc, updated_at desc limit 12`,
  );
  return rows.length === 0 ? null : dice.oneOf(rows).id;
}

/** Back to any of its tasks: what was done since then is done again by a run that knows nothing of it. */
async function reset(client: Client, workflowId: string, dice: Dice): Promise<boolean> {
  const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
  const tasks = (events ?? []).filter(({ workflowTaskCompletedEventAttributes: completed }) =>
    Boolean(completed),
  );
  if (tasks.length === 0) return false;
  await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    reason: 'the storm',
    workflowTaskFinishEventId: dice.oneOf(tasks).eventId ?? null,
    requestId: randomUUID(),
  });
  return true;
}
