import type pg from 'pg';

/** A request about an endpoint, with the key that makes repeating it harmless. */
export type EndpointRequest = {
  readonly endpointId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
};

/** Whether this call had its effect, an earlier one with the same key had, or the key was used for
 *  something else. */
export type Asked = 'done' | 'repeated' | 'key-reused';

/**
 * Keeps the request and carries out `effect` with it, in one statement, unless the key is known.
 * `effect` continues the statement: it begins with a comma, acts on `select endpoint_id from asked`,
 * and its parameters begin with $4.
 */
export async function askOnce(
  pool: pg.Pool,
  request: EndpointRequest,
  effect = '',
  values: readonly unknown[] = [],
): Promise<Asked> {
  const { rows } = await pool.query<{ is_first: boolean; known_hash: string | null }>(
    `with asked as (
       insert into webhook_requests (endpoint_id, idempotency_key, request_hash, created_at)
       values ($1, $2, $3, now()) on conflict do nothing returning endpoint_id
     ) ${effect}
     select exists (select 1 from asked) as is_first,
       (select request_hash from webhook_requests
        where endpoint_id = $1 and idempotency_key = $2) as known_hash`,
    [request.endpointId, request.idempotencyKey, request.requestHash, ...values],
  );
  const row = rows[0];
  if (row?.is_first === true) return 'done';
  // A twin was first by so little that this statement cannot see its row; the next one can.
  if (row?.known_hash === null) return askOnce(pool, request, effect, values);
  return row?.known_hash === request.requestHash ? 'repeated' : 'key-reused';
}
