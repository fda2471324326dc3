/** What is true of every ledger, whatever was done to it. */
import type pg from 'pg';

/**
 * Money never leaves the row that it belongs to: every payment's postings sum to zero, and its
 * ledger says the same as its amounts. @throws Error that names the payments where it does not.
 */
export async function assertBooks(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(`
    select p.id from payments p
    left join lateral (
      select sum(amount_minor) as total,
        sum(amount_minor) filter (where account = 'holds') as holds,
        sum(amount_minor) filter (where account = 'provider_balance') as balance
      from ledger_postings l where l.payment_id = p.id
    ) l on true
    where coalesce(l.total, 0) <> 0
      or coalesce(l.holds, 0) <> p.authorized_minor - p.captured_minor - p.voided_minor
      or coalesce(l.balance, 0) <>
        p.captured_minor - p.refunded_minor - p.disputed_minor - p.charged_back_minor`);
  if (rows.length > 0)
    throw new Error(`the books disagree: ${rows.map(({ id }) => id).join(', ')}`);
}
