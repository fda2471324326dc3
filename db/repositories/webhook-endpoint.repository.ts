import type pg from 'pg';
import type { SecretBox } from '../secret-box.ts';
import { type Asked, askOnce, type EndpointRequest } from './asked-once.ts';
import type { Mode } from './integration.repository.ts';

export type WebhookEndpoint = {
  readonly id: string;
  readonly accountId: string;
  readonly mode: Mode;
  readonly url: string;
  readonly description: string;
  /** Types of events that it hears of; null: all. */
  readonly events: readonly string[] | null;
  readonly enabled: boolean;
  readonly requestHash: string;
  /** Until when the secret before the present one signs too. */
  readonly previousUntil: Date | null;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
  readonly disabledReason: string | null;
};

export type NewWebhookEndpoint = Pick<
  WebhookEndpoint,
  'id' | 'accountId' | 'mode' | 'url' | 'description' | 'events' | 'requestHash' | 'createdAt'
> & { readonly secret: string };

/** An endpoint with what signs for it now: the present secret, then the one before. */
export type UnlockedEndpoint = WebhookEndpoint & { readonly secrets: readonly string[] };

export type WebhookEndpointRepository = {
  /** True when this call made the endpoint; false when its id was there already. */
  create(endpoint: NewWebhookEndpoint): Promise<boolean>;
  find(id: string): Promise<WebhookEndpoint | null>;
  unlock(id: string): Promise<UnlockedEndpoint>;
  /** Oldest first. */
  list(accountId: string, mode: Mode): Promise<readonly WebhookEndpoint[]>;
  /** The secret before it signs too for `overlapMs`; one before that stops at once. */
  rotateSecret(request: EndpointRequest, secret: string, overlapMs: number): Promise<Asked>;
  enable(request: EndpointRequest): Promise<Asked>;
  /** Switches it off and skips what is still on its way to it. */
  disable(request: EndpointRequest, reason: string): Promise<Asked>;
  /** As `disable`, on the endpoint's own word. */
  giveUp(id: string, reason: string): Promise<void>;
};

type Row = {
  id: string;
  account_id: string;
  mode: Mode;
  url: string;
  description: string;
  events: string[] | null;
  secret: Buffer;
  previous_secret: Buffer | null;
  previous_until: Date | null;
  enabled: boolean;
  request_hash: string;
  created_at: Date;
  disabled_at: Date | null;
  disabled_reason: string | null;
};

const boundTo = (id: string): string => `webhook endpoint ${id}`;

const fromRow = (row: Row): WebhookEndpoint => ({
  id: row.id,
  accountId: row.account_id,
  mode: row.mode,
  url: row.url,
  description: row.description,
  events: row.events,
  enabled: row.enabled,
  requestHash: row.request_hash,
  previousUntil: row.previous_until,
  createdAt: row.created_at,
  disabledAt: row.disabled_at,
  disabledReason: row.disabled_reason,
});

/** What an endpoint is no more to hear of. `ids` is a query. */
const skipPendingOf = (ids: string): string =>
  `update webhook_deliveries set state = 'skipped', due_at = null, finished_at = now()
   where endpoint_id in (${ids}) and state = 'pending'`;

const ASKED = 'select endpoint_id from asked';

export function createWebhookEndpointRepository(
  pool: pg.Pool,
  box: SecretBox,
): WebhookEndpointRepository {
  async function rowOf(id: string): Promise<Row | null> {
    const { rows } = await pool.query<Row>({
      name: 'webhook_endpoint_find',
      text: `select id, account_id, mode, url, description, events, secret,
               case when previous_until > now() then previous_secret end as previous_secret,
               case when previous_until > now() then previous_until end as previous_until,
               enabled, request_hash, created_at, disabled_at, disabled_reason
             from webhook_endpoints where id = $1`,
      values: [id],
    });
    return rows[0] ?? null;
  }

  /** One that another secret key sealed is lost; the present secret signs without it. */
  function openOrNull(sealed: Buffer, id: string): string | null {
    try {
      return box.open(sealed, boundTo(id));
    } catch {
      return null;
    }
  }

  return {
    async create(endpoint) {
      const { rowCount } = await pool.query(
        `insert into webhook_endpoints (id, account_id, mode, url, description, events, secret,
           enabled, request_hash, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, true, $8, $9) on conflict (id) do nothing`,
        [
          endpoint.id,
          endpoint.accountId,
          endpoint.mode,
          endpoint.url,
          endpoint.description,
          endpoint.events,
          box.seal(endpoint.secret, boundTo(endpoint.id)),
          endpoint.requestHash,
          endpoint.createdAt,
        ],
      );
      return rowCount === 1;
    },
    async find(id) {
      const row = await rowOf(id);
      return row && fromRow(row);
    },
    async unlock(id) {
      const row = await rowOf(id);
      if (row === null) throw new Error(`no webhook endpoint ${id}`);
      const secret = box.open(row.secret, boundTo(id));
      const previous = row.previous_secret && openOrNull(row.previous_secret, id);
      return { ...fromRow(row), secrets: previous === null ? [secret] : [secret, previous] };
    },
    async list(accountId, mode) {
      const { rows } = await pool.query<Row>(
        `select * from webhook_endpoints where account_id = $1 and mode = $2
         order by created_at, id`,
        [accountId, mode],
      );
      return rows.map(fromRow);
    },
    rotateSecret: (request, secret, overlapMs) =>
      askOnce(
        pool,
        request,
        `, rotated as (
           update webhook_endpoints set secret = $4, previous_secret = secret,
             previous_until = now() + make_interval(secs => $5::float8 / 1000)
           where id in (${ASKED}))`,
        [box.seal(secret, boundTo(request.endpointId)), overlapMs],
      ),
    enable: (request) =>
      askOnce(
        pool,
        request,
        `, enabled as (
           update webhook_endpoints set enabled = true, disabled_at = null, disabled_reason = null
           where id in (${ASKED}) and not enabled)`,
      ),
    disable: (request, reason) =>
      askOnce(
        pool,
        request,
        `, disabled as (
           update webhook_endpoints set enabled = false, disabled_at = now(), disabled_reason = $4
           where id in (${ASKED}) and enabled
         ), skipped as (${skipPendingOf(ASKED)})`,
        [reason],
      ),
    async giveUp(id, reason) {
      await pool.query(
        `with disabled as (
           update webhook_endpoints set enabled = false, disabled_at = now(), disabled_reason = $2
           where id = $1 and enabled)
         ${skipPendingOf('select $1::text')}`,
        [id, reason],
      );
    },
  };
}
