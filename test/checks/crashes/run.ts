/** One run of a behaviour, cut or not, and what it left behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createWorker, type StartedWorker } from '../../../activities/worker-process.ts';
import type { Behaviour } from '../behaviours.ts';
import { createStage, type Stage } from '../stage.ts';
import type { Servers } from '../../support/servers.ts';
import type { Left } from './compare.ts';
import { type Cut, type Point, POINTS } from './cut.ts';

export type Ran = {
  readonly left: Left;
  /** How often the first worker came by each point, and how many steps and tasks there were. */
  readonly passed: Readonly<Record<Point, number>>;
  readonly steps: number;
  readonly tasks: number;
  /** The worker did die, where one was to die. */
  readonly isCut: boolean;
};

export async function run(
  servers: Servers,
  behaviour: Behaviour,
  cut: Cut | null,
  given: NodeJS.ProcessEnv,
  /** Looks at the payment before everything is taken down. */
  keep: (stage: Stage, id: string) => Promise<void> = async () => undefined,
): Promise<Ran> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-cut-'));
  dirs.add(dir);
  const log = join(dir, 'passed');
  let workers: Workers | undefined;
  const stage = await createStage(servers, behaviour.family, behaviour.settings, async (nth) => {
    if (cut?.at === 'between-steps' && cut.nth === nth) await workers?.kill();
  });
  try {
    workers = await startWorkers(servers, stage, cut, log, given);
    const id = await behaviour.run(stage);
    await stage.settled(id);
    const ran = {
      left: await stage.left(id),
      passed: countIn(log),
      steps: stage.steps,
      tasks: await tasksOf(stage, id),
      isCut: workers.hasDied(),
    };
    await keep(stage, id);
    await workers.stop();
    return ran;
  } finally {
    await workers?.stop();
    await stage.close();
    remove(dir);
  }
}

/** What is left to remove when the process ends before its time. */
const dirs = new Set<string>();
process.once('exit', () => {
  for (const dir of dirs) remove(dir);
});

function remove(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
  dirs.delete(dir);
}

type Workers = Awaited<ReturnType<typeof startWorkers>>;

/** A worker that may be doomed; when it has died, a fresh one takes over. */
async function startWorkers(
  servers: Servers,
  { holdfast }: Stage,
  cut: Cut | null,
  log: string,
  given: NodeJS.ProcessEnv,
) {
  const { DATABASE_URL, HOLDFAST_SECRET_KEY, TEMPORAL_ADDRESS } = holdfast.workerEnv;
  let isOver = false;
  let died = false;
  // In this process, which has never seen the run either: it starts sooner than another one would.
  let fresh: Promise<StartedWorker> | null = null;
  let running: Promise<void> = Promise.resolve();
  async function startFresh(): Promise<StartedWorker> {
    const { taskQueue, workerEnv } = holdfast;
    const started = await createWorker(workerEnv, {
      taskQueue,
      bundlePath: servers.workflowBundle,
    });
    running = started.worker.run();
    return started;
  }
  const isPoint = cut !== null && cut.at !== 'between-steps' && cut.at !== 'every-task';
  const doomed = spawn(process.execPath, ['--import', 'tsx', 'test/checks/crashes/worker.ts'], {
    // It ends when its standard input does: whatever becomes of this process.
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...given,
      DATABASE_URL,
      HOLDFAST_SECRET_KEY,
      TEMPORAL_ADDRESS,
      TASK_QUEUE: holdfast.taskQueue,
      BUNDLE: servers.workflowBundle,
      CUT_POINT: isPoint ? cut.at : 'none',
      CUT_NTH: isPoint ? String(cut.nth) : '0',
      CUT_LOG: log,
      CACHE: cut?.at === 'every-task' ? 'no' : 'yes',
    },
  });
  doomed.once('exit', () => {
    if (isOver) return;
    died = true;
    fresh = startFresh();
    // Whoever stops the workers hears of it.
    fresh.catch(() => undefined);
  });
  const kill = async (): Promise<void> => {
    if (doomed.exitCode !== null || doomed.signalCode !== null) return;
    const exited = once(doomed, 'exit');
    doomed.kill('SIGKILL');
    await exited;
  };
  for await (const line of createInterface({ input: doomed.stdout })) {
    if (line.startsWith('READY')) break;
  }
  return {
    hasDied: () => died,
    kill,
    async stop(): Promise<void> {
      isOver = true;
      await kill();
      const started = await fresh;
      fresh = null;
      started?.worker.shutdown();
      await running;
      await started?.close();
    },
  };
}

function countIn(log: string): Record<Point, number> {
  const lines = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
  const entries = POINTS.map((point) => [point, lines.filter((line) => line === point).length]);
  return Object.fromEntries(entries) as Record<Point, number>;
}

/** Workflow tasks of all runs of the payment. */
async function tasksOf({ holdfast }: Stage, id: string): Promise<number> {
  const { workflow } = holdfast.temporal;
  let tasks = 0;
  for await (const { runId } of workflow.list({ query: `WorkflowId = '${id}'` })) {
    const { events } = await workflow.getHandle(id, runId).fetchHistory();
    tasks += (events ?? []).filter((each) => each.workflowTaskCompletedEventAttributes).length;
  }
  return tasks;
}
