/** How a person ends the stack: once to stop it in order, again to end it at once. */

/**
 * One Ctrl-C may arrive several times: the terminal signals npm and everything below it, and npm
 * passes the signal on. Only what comes later than this is a second wish.
 */
const SAME_WISH_MS = 1000;

export function listenForStop(): { stopRequested: Promise<void>; forceRequested: Promise<void> } {
  let stop = () => {};
  let force = () => {};
  const stopRequested = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const forceRequested = new Promise<void>((resolve) => {
    force = resolve;
  });
  let firstMs: number | null = null;
  const onSignal = () => {
    const nowMs = performance.now();
    firstMs ??= nowMs;
    if (nowMs - firstMs > SAME_WISH_MS) force();
    else stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  // `start.mjs` is gone, even if nobody could send a signal (kill -9).
  process.on('disconnect', stop);
  // A terminal that was closed must not end this process before it has stopped the others.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return { stopRequested, forceRequested };
}
