import type pg from 'pg';

export type OperationEvidence = {
  readonly id: string;
  readonly verb: string;
  readonly attempts: number;
  readonly firstAttemptAt: string;
  readonly outcome: string | null;
  readonly exchanges: Record<string, unknown>[];
};

/** A payment's operations with what was said to and by the provider, oldest first. */
export async function listOperations(
  pool: pg.Pool,
  paymentId: string,
): Promise<readonly OperationEvidence[]> {
  const { rows } = await pool.query<Omit<OperationEvidence, 'firstAttemptAt'> & { first: Date }>(
    `select id, verb, attempts, first_attempt_at as first, outcome, exchanges
     from operations where payment_id = $1 order by first_attempt_at, id`,
    [paymentId],
  );
  return rows.map(({ first, ...row }) => ({ ...row, firstAttemptAt: first.toISOString() }));
}
