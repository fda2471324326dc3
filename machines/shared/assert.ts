/** Stops on a broken invariant: a bug of ours, never a merchant's or a provider's doing.
 *  @throws Error, plain on purpose: in a workflow that stops the task and not the payment. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Marks a switch as total: a new member of the union becomes a type error here. */
export function assertNever(value: never): never {
  throw new Error(`Invariant broken: unexpected ${JSON.stringify(value)}`);
}
