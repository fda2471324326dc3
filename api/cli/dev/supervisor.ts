/** Keeps the list of running children and stops them in the opposite order of their start. */
import { type Child, describeEnd } from './children.ts';

export type Supervisor = {
  /** Stops this child when all are stopped. */
  readonly adopt: (child: Child) => void;
  /** From now on no child that runs at this moment may end by itself. */
  readonly watch: () => void;
  /** Rejects as soon as a watched child has ended by itself. */
  readonly broken: Promise<never>;
  /** Stops all, the youngest first, each only after the one before it is gone. */
  stopAll(onStop: (name: string, done: Promise<void>) => Promise<void>): Promise<void>;
  /** Kills all at once: the person at the keyboard does not want to wait. */
  killAll(): Promise<void>;
};

export function createSupervisor(onStart: (child: Child) => void): Supervisor {
  const children: Child[] = [];
  const watched = new Set<Child>();
  let stopping = false;
  let fail: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  broken.catch(() => undefined);

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
        void child.exited.then((end) => {
          if (!stopping) fail(new Error(describeEnd(child, end)));
        });
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
