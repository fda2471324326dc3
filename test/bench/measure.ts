/** The measurements themselves. Variants take turns within one run, A B C D D C B A, so that a noisy
 *  machine is noisy for all of them. */
import { Client, Connection } from '@temporalio/client';
import { connect } from '../../db/client.ts';
import { closedLoop, type Latencies, latencies, median, openLoop } from './load.ts';
import { billableActions, cpuMs, memoryKept, rowsOf } from './resources.ts';
import type { Variant } from './variants.ts';
import type { World } from './world.ts';

export type Block = {
  readonly perSecond: number;
  readonly cpuMs: Readonly<Record<string, number>>;
};
export type Throughput = {
  readonly concurrency: number;
  readonly blocks: Readonly<Record<string, readonly Block[]>>;
};

const pay = async (variant: Variant): Promise<void> => {
  await variant.capture(await variant.authorize());
};

/** The first block warms everything up and is dropped. */
export async function throughput(
  variants: readonly Variant[],
  { concurrency, blocks, size }: { concurrency: number; blocks: number; size: number },
  progress: (done: number) => void,
): Promise<Throughput> {
  const found: Record<string, Block[]> = {};
  for (let index = 0; index < blocks; index += 1) {
    for (const variant of index % 2 === 0 ? variants : variants.toReversed()) {
      const before = variant.processes.map(cpuMs);
      const seconds = await closedLoop(size, concurrency, () => pay(variant));
      const used = variant.processes.map((each, at) => [
        each.name,
        (cpuMs(each) - (before[at] ?? 0)) / size,
      ]);
      const block = {
        perSecond: size / seconds,
        cpuMs: Object.fromEntries(used) as Block['cpuMs'],
      };
      if (index > 0) (found[variant.letter] ??= []).push(block);
      progress((index + 1) / blocks);
    }
  }
  return { concurrency, blocks: found };
}

/** Median of the blocks. */
export function rateOf(all: readonly Throughput[], concurrency: number, letter: string): number {
  const found = all.find((each) => each.concurrency === concurrency);
  return median((found?.blocks[letter] ?? []).map(({ perSecond }) => perSecond));
}

export type Ratio = { readonly median: number; readonly min: number; readonly max: number };

export function ratio(
  { blocks }: Throughput,
  over: string,
  under: string,
  of: (block: Block) => number,
): Ratio {
  const values = (blocks[over] ?? []).flatMap((block, index) => {
    const other = blocks[under]?.[index];
    return other === undefined ? [] : [of(block) / of(other)];
  });
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

const WARM_UP_S = 5;

/** From when a payment was to arrive to its first answer, at a rate that leaves the machine idle. */
export async function firstAnswers(
  variants: readonly Variant[],
  { perSecond, seconds, rounds }: { perSecond: number; seconds: number; rounds: number },
  progress: (done: number) => void,
): Promise<Readonly<Record<string, Latencies>>> {
  // A process that has just started is slow for its first few payments, and only for those.
  for (const variant of variants) await openLoop(perSecond, WARM_UP_S, () => variant.authorize());
  const all: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of round % 2 === 0 ? variants : variants.toReversed()) {
      const found = await openLoop(perSecond, seconds, () => variant.authorize());
      (all[variant.letter] ??= []).push(...found);
      progress((round + 1) / rounds);
    }
  }
  return Object.fromEntries(Object.entries(all).map(([letter, ms]) => [letter, latencies(ms)]));
}

export type Shape = {
  readonly actions: number;
  readonly events: number;
  readonly historyBytes: number;
  readonly rows: number;
  readonly bytes: number;
};

/** What one payment leaves behind, of `size` of them. */
export async function shapeOf(world: World, variant: Variant, size: number): Promise<Shape> {
  const actionsBefore = await billableActions(world.metricsUrl);
  const ids: string[] = [];
  for (let index = 0; index < size; index += 1) {
    const id = await variant.authorize();
    await variant.capture(id);
    ids.push(id);
  }
  const actions = (await billableActions(world.metricsUrl)) - actionsBefore;
  const connection = await Connection.connect({ address: world.temporalAddress });
  const pool = connect(world.databaseUrl, { max: 2 });
  try {
    const client = new Client({ connection });
    const histories = await Promise.all(ids.map((id) => client.workflow.getHandle(id).describe()));
    const rows = await Promise.all(ids.map((id) => rowsOf(pool, id)));
    const mean = (values: readonly number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      actions: actions / size,
      events: mean(histories.map(({ historyLength }) => historyLength)),
      historyBytes: mean(histories.map(({ historySize }) => historySize ?? 0)),
      rows: mean(rows.map((each) => each.rows)),
      bytes: mean(rows.map((each) => each.bytes)),
    };
  } finally {
    await pool.end();
    await connection.close();
  }
}

export type Memory = {
  readonly payments: number;
  /** MiB more than before the last round, by process. */
  readonly waiting: Readonly<Record<string, number>>;
  readonly atRest: Readonly<Record<string, number>>;
};

/**
 * What payments keep that wait on their hold, and once they are captured. Rounds before the one that is
 * measured fill caches and pools, which do not grow with the payments that come later.
 */
export async function memoryOf(
  variant: Variant,
  payments: number,
  progress: (done: number) => void,
): Promise<Memory> {
  const authorizeAll = async (): Promise<readonly string[]> => {
    const ids: string[] = [];
    await closedLoop(payments, 8, async () => {
      ids.push(await variant.authorize());
    });
    return ids;
  };
  const captureAll = (ids: readonly string[]) =>
    closedLoop(payments, 8, async (index) => variant.capture(ids[index] ?? ''));
  for (let round = 1; round < MEMORY_ROUNDS; round += 1) {
    await captureAll(await authorizeAll());
    progress(round / MEMORY_ROUNDS);
  }
  const before = await memoryKept(variant.processes);
  const since = async () => {
    const now = await memoryKept(variant.processes);
    return Object.fromEntries(now.map(([name, mib], at) => [name, mib - (before[at]?.[1] ?? 0)]));
  };
  const ids = await authorizeAll();
  const waiting = await since();
  await captureAll(ids);
  const atRest = await since();
  progress(1);
  return { payments, waiting, atRest };
}

const MEMORY_ROUNDS = 3;
