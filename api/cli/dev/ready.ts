/** The word that our own processes say on standard output when they can be used: `READY {json}`. */
import { type Child, type ChildSpec, describeEnd, startChild } from './children.ts';

export type Announced = {
  readonly payload: unknown;
  /** For a process that does its work and goes: throws unless it ends well. */
  finished(): Promise<void>;
};

/**
 * Starts a process and waits for its `READY`. Throws with its last output when it ends or stays
 * silent.
 */
export async function startUntilReady(
  spec: ChildSpec,
  timeoutMs: number,
  onStart: (child: Child) => void,
): Promise<Announced> {
  let announce: (payload: unknown) => void = () => undefined;
  const ready = new Promise<unknown>((resolve) => {
    announce = resolve;
  });
  const onLine = (line: string): boolean => {
    const announced = /^READY (\{.*\})$/.exec(line)?.[1];
    if (announced === undefined) return true;
    announce(parseJson(announced));
    // The announcement may carry API keys, which have no place in a log.
    return false;
  };
  const child = await startChild({ ...spec, onLine });
  onStart(child);
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const tail = child.tail();
      reject(
        new Error(`${spec.name} did not say READY within ${timeoutMs / 1000} s.\n\n${tail}\n`),
      );
    }, timeoutMs);
  });
  const ended = child.exited.then((end) => {
    throw new Error(describeEnd(child, end));
  });
  ended.catch(() => undefined);
  try {
    const payload = await Promise.race([ready, ended, tooLate]);
    return { payload, finished: () => endsWell(child) };
  } finally {
    clearTimeout(timer);
  }
}

async function endsWell(child: Child): Promise<void> {
  const end = await child.exited;
  if (end !== 'exit code 0') throw new Error(describeEnd(child, end));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
