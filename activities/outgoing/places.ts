/** How many attempts an endpoint may have under way in this process: a slow one fills its own
 *  places and no others. */
export class Places {
  readonly #most: number;
  readonly #taken = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Runs `work` in a place of its own, or returns null at once when none is free. */
  async within<T>(endpointId: string, work: () => Promise<T>): Promise<T | null> {
    const taken = this.#taken.get(endpointId) ?? 0;
    if (taken >= this.#most) return null;
    this.#taken.set(endpointId, taken + 1);
    try {
      return await work();
    } finally {
      const left = (this.#taken.get(endpointId) ?? 1) - 1;
      if (left === 0) this.#taken.delete(endpointId);
      else this.#taken.set(endpointId, left);
    }
  }
}
