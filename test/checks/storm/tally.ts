/** How often each thing was done: what is never done proves nothing. */
export type Tally = ReturnType<typeof createTally>;

export function createTally(kinds: readonly string[]) {
  const counts = new Map<string, number>(kinds.map((kind) => [kind, 0]));
  return {
    add: (kind: string, times = 1): void => {
      counts.set(kind, (counts.get(kind) ?? 0) + times);
    },
    counts: (): Readonly<Record<string, number>> => Object.fromEntries(counts),
    /** Expected, and never done. */
    missing: (): readonly string[] =>
      [...counts].filter(([, times]) => times === 0).map(([kind]) => kind),
  };
}
