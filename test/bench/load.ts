/** How payments are made to arrive, and what their answers cost. */
export type Latencies = { readonly p50: number; readonly p99: number; readonly max: number };

/** `work` `count` times, `concurrency` at once; the seconds that all of it took. */
export async function closedLoop(
  count: number,
  concurrency: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return (performance.now() - startedAt) / 1000;
}

/**
 * `perSecond` arrivals a second for `seconds`, whether or not earlier ones were answered. Each is
 * measured from when it was to arrive, so that a stall counts for all that it held up.
 */
export async function openLoop(
  perSecond: number,
  seconds: number,
  work: (index: number) => Promise<unknown>,
): Promise<readonly number[]> {
  const startedAt = performance.now();
  const arrivals = Array.from({ length: perSecond * seconds }, async (_, index) => {
    const intended = startedAt + (index * 1000) / perSecond;
    await until(intended);
    await work(index);
    return performance.now() - intended;
  });
  return Promise.all(arrivals);
}

const until = (at: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, at - performance.now()));
  });

export function latencies(ms: readonly number[]): Latencies {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { p50: at(0.5) ?? 0, p99: at(0.99) ?? 0, max: sorted.at(-1) ?? 0 };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}
