/**
 * Keeps the list of running children, starts again what dies, and stops all in the opposite order of
 * their start.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Child, describeEnd, startChild } from './children.ts';

export type Supervisor = {
  /** Stops this child when all are stopped. */
  readonly adopt: (child: Child) => void;
  /** From now on each child that runs at this moment is started again when it ends by itself. */
  readonly watch: () => void;
  /** Rejects when a watched child keeps ending by itself. */
  readonly broken: Promise<never>;
  /** Stops all, the youngest first, each only after the one before it is gone. */
  stopAll(onStop: (name: string, done: Promise<void>) => Promise<void>): Promise<void>;
  /** Kills all at once: the person at the keyboard does not want to wait. */
  killAll(): Promise<void>;
};

/** More often than this within a minute, starting it again is no help. */
const RESTARTS_MAX = 5;
const RESTARTS_WITHIN_MS = 60_000;
const RESTART_PAUSE_MS = 500;

export function createSupervisor(
  onStart: (child: Child) => void,
  say: (line: string) => void = () => undefined,
): Supervisor {
  const children: Child[] = [];
  const restarts = new Map<string, number[]>();
  const watched = new Set<Child>();
  let stopping = false;
  let fail: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  broken.catch(() => undefined);

  const mayRestart = (name: string): boolean => {
    const since = Date.now() - RESTARTS_WITHIN_MS;
    const recent = (restarts.get(name) ?? []).filter((at) => at > since);
    restarts.set(name, [...recent, Date.now()]);
    return recent.length < RESTARTS_MAX;
  };

  /** That a process dies is what the product is made for, so it is shown and not the end. */
  async function keepAlive(first: Child): Promise<void> {
    for (let child = first; ;) {
      const end = await child.exited;
      if (stopping) return;
      if (!mayRestart(child.spec.name)) return fail(new Error(describeEnd(child, end)));
      say(`${child.spec.name} ended (${end}); starting it again`);
      await pause(RESTART_PAUSE_MS);
      if (stopping) return;
      const next = await startChild(child.spec).catch((error: unknown) => {
        fail(error instanceof Error ? error : new Error(String(error)));
        return null;
      });
      if (next === null) return;
      children[children.indexOf(child)] = next;
      watched.add(next);
      if (stopping) next.kill();
      else onStart(next);
      child = next;
    }
  }

  return {
    broken,
    adopt: (child) => {
      children.push(child);
      // Its start was under way when a person asked to stop, and nobody else will know of it.
      if (stopping) child.kill();
      else onStart(child);
    },
    watch: () => {
      for (const child of children) {
        if (watched.has(child) || !child.isRunning()) continue;
        watched.add(child);
        void keepAlive(child);
      }
    },
    async stopAll(onStop) {
      stopping = true;
      for (const child of children.toReversed()) {
        if (child.isRunning()) await onStop(child.spec.name, child.stop());
      }
      // A start that was under way may have adopted another one meanwhile; that one was killed at
      // once.
      await Promise.all(children.map((child) => child.exited));
    },
    async killAll() {
      stopping = true;
      for (const child of children) child.kill();
      await Promise.all(children.map((child) => child.exited));
    },
  };
}
