import type pg from 'pg';

/** What the payment's integration was set to in the version that the payment keeps. */
export async function settingsOfPayment(pool: pg.Pool, paymentId: string): Promise<unknown> {
  const { rows } = await pool.query<{ settings: unknown }>(
    `select settings from payments
     join integrations i on i.id = integration_id and i.version = integration_version
     where payments.id = $1`,
    [paymentId],
  );
  if (rows[0] === undefined) throw new Error(`${paymentId} has no integration`);
  return rows[0].settings;
}
