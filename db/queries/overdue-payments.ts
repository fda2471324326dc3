import type pg from 'pg';

export type OverduePayment = {
  readonly id: string;
  readonly lifecycle: string;
  readonly provider: string;
  readonly status: string;
  readonly source: { readonly kind: string; readonly number: string };
  readonly currency: string;
  readonly requestedMinor: number;
  readonly wakeAt: Date;
  /** The last fact's. */
  readonly sequence: number;
  readonly overdueMs: number;
};

/**
 * Payments whose next step is overdue by `graceMs`: nobody started them, or their run was lost.
 * Waking one that runs already does no harm, so this list may be too long but never too short.
 */
export async function listOverduePayments(
  pool: pg.Pool,
  options: { graceMs: number; limit: number; after?: OverduePayment | undefined },
): Promise<readonly OverduePayment[]> {
  const { rows } = await pool.query<OverduePayment>(
    `select id, lifecycle, provider, status, currency,
            json_build_object('kind', source_kind, 'number', source_number) as source,
            requested_minor::float8 as "requestedMinor", wake_at as "wakeAt", sequence,
            extract(epoch from now() - wake_at)::float8 * 1000 as "overdueMs"
     from payments
     where wake_at < now() - make_interval(secs => $1::float8 / 1000)
       and ($3::timestamptz is null or (wake_at, id) > ($3, $4))
     order by wake_at, id limit $2`,
    [options.graceMs, options.limit, options.after?.wakeAt ?? null, options.after?.id ?? null],
  );
  return rows;
}
