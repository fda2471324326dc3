/** What was told of a payment, and what the simulator has of it, in forms that tests compare. */
import type { Holdfast, Movement } from './holdfast.ts';

export type Outgoing = {
  readonly type: string;
  readonly payload: {
    readonly status: string;
    readonly deadlines: readonly { at: string; event: string; action?: string }[];
    readonly needsAttention: string | null;
  };
};

/** What merchants are told of the payment, in order. */
export async function outgoingOf({ pool }: Holdfast, paymentId: string): Promise<Outgoing[]> {
  const { rows } = await pool.query<Outgoing>(
    'select type, payload from outgoing_events where payment_id = $1 order by sequence',
    [paymentId],
  );
  return rows;
}

/** Their names alone. */
export const typesOf = async (holdfast: Holdfast, paymentId: string): Promise<string[]> =>
  (await outgoingOf(holdfast, paymentId)).map(({ type }) => type);

/** `authorize 10500`, in the order in which the simulator moved it. */
export const ledgerOf = async (holdfast: Holdfast, paymentId: string): Promise<string[]> =>
  (await holdfast.movements(paymentId)).map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);

/** What the simulator still holds of the payment, one amount a hold. */
export function heldIn(movements: readonly Movement[]): number[] {
  const held = new Map<string, number>();
  for (const { kind, ref, amountMinor } of movements) {
    if (kind === 'refund') continue;
    const sign = kind === 'authorize' ? 1 : -1;
    held.set(ref, (held.get(ref) ?? 0) + sign * amountMinor);
  }
  return [...held.values()].filter((minor) => minor !== 0);
}

/** The sum that the simulator moved in one way. */
export const sumOf = (movements: readonly Movement[], kind: string): number =>
  movements
    .filter((movement) => movement.kind === kind)
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
