/** What processes used, and what the servers counted. Linux only: it reads /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Process } from './world.ts';

/** Of `getconf CLK_TCK`, which is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

function fieldsOf(pid: number): readonly string[] | null {
  try {
    // The name, in brackets, may hold spaces.
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((each) => Number(fieldsOf(each)?.[1]) === pid);
}

const familyOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(familyOf)];

/** Processor time since each process began, with that of its children, in ms. */
export function cpuMs({ pid }: Process): number {
  return familyOf(pid).reduce((sum, each) => {
    const fields = fieldsOf(each);
    if (fields === null) return sum;
    // utime and stime of those that live; cutime and cstime of those that have ended.
    const ticks = [11, 12, 13, 14].reduce((all, index) => all + Number(fields[index] ?? 0), 0);
    return sum + ticks * TICK_MS;
  }, 0);
}

const COLLECTING_MS = 3_000;

/** MiB by process, without what a process that collects has not yet given back. */
export async function memoryKept(
  processes: readonly Process[],
): Promise<readonly (readonly [string, number])[]> {
  for (const { collects, pid } of processes) {
    if (collects === true) process.kill(pid, 'SIGUSR2');
  }
  await sleep(COLLECTING_MS);
  return processes.map((each) => [each.name, memoryMiB(each)]);
}

/** Memory that processes share, such as Postgres' buffers, is counted once. */
const memoryMiB = ({ pid }: Process): number =>
  familyOf(pid).reduce((sum, each) => sum + proportionalKiB(each), 0) / 1024;

function proportionalKiB(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const QUIET_MS = 2_000;

/** Temporal's own count of billable actions since it started, once it has stopped counting: it shows
 *  what it counted a second later, and what ends on its own is counted then. */
export async function billableActions(metricsUrl: string): Promise<number> {
  for (let before = await countedActions(metricsUrl); ;) {
    await sleep(QUIET_MS);
    const now = await countedActions(metricsUrl);
    if (now === before) return now;
    before = now;
  }
}

async function countedActions(metricsUrl: string): Promise<number> {
  const text = await (await fetch(metricsUrl)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith('action{') && line.includes('service_name="frontend"'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

export type Rows = { readonly rows: number; readonly bytes: number };

/** What of the database belongs to one payment. */
export async function rowsOf(pool: pg.Pool, paymentId: string): Promise<Rows> {
  const { rows } = await pool.query<{ rows: string; bytes: string }>(
    `select count(*) as rows, sum(bytes) as bytes from (
       select pg_column_size(p.*) as bytes from payments p where id = $1
       union all select pg_column_size(f.*) from facts f where payment_id = $1
       union all select pg_column_size(o.*) from operations o where payment_id = $1
       union all select pg_column_size(e.*) from outgoing_events e where payment_id = $1) as own`,
    [paymentId],
  );
  return { rows: Number(rows[0]?.rows), bytes: Number(rows[0]?.bytes) };
}
