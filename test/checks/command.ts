/** How the commands of the checks end: with a code that says what was found, and nothing left over. */
export type Cleanup = (stop: () => Promise<void>) => void;

const INTERRUPTED = { SIGINT: 130, SIGTERM: 143 };

/**
 * Runs `main` and ends the process with the code that it resolves with, or with 2 when it fails.
 * When it is interrupted, what `main` handed to its `cleanup` is stopped first, the last one first.
 */
export async function runCommand(main: (cleanup: Cleanup) => Promise<number>): Promise<never> {
  const stops: (() => Promise<void>)[] = [];
  let interrupted: number | null = null;
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // More than once: npm passes on what the terminal has sent already.
    process.on(signal, () => {
      if (interrupted !== null) return;
      interrupted = INTERRUPTED[signal];
      process.stderr.write('\nStopping.\n');
      void stop().finally(() => process.exit(INTERRUPTED[signal]));
    });
  }
  let code = 2;
  try {
    code = await main((each) => stops.push(each));
  } catch (error) {
    // What was cut off in the middle fails, which says nothing.
    if (interrupted === null) {
      const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`${told}\n`);
    }
  }
  // Whoever interrupted it waits for the cleanup, and gets another code.
  if (interrupted !== null) await new Promise(() => undefined);
  await stop();
  // Not only its code: the native runtime of workflows would keep the process for ever.
  process.exit(code);
}
