/** Use cases: a merchant says where it wants to hear of events. */
import { randomBytes } from 'node:crypto';
import type { Asked, EndpointRequest } from '../../db/repositories/asked-once.ts';
import type { Caller } from '../../db/repositories/api-key.repository.ts';
import type { WebhookEndpoint } from '../../db/repositories/webhook-endpoint.repository.ts';
import type { ApiDeps } from '../deps.ts';
import { derivedId, requestHashOf } from '../payments/digest.ts';
import { Problem } from '../problem.ts';
import type { CreateBody } from './schemas.ts';

/** How long the secret before the present one signs too: time to bring the new one everywhere. */
const OVERLAP_MS = 24 * 3_600_000;

/** Anything else is no id of ours, and may hold what Postgres does not take (U+0000). */
const isEndpointId = (text: string): boolean => /^whe_[0-9a-hjkmnp-tv-z]{26}$/.test(text);

/** 256 bits in the form of https://www.standardwebhooks.com (spec, "Signature scheme"). */
const newSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

/** An endpoint, and its secret when this request made it. */
export type WithSecret = { readonly endpoint: WebhookEndpoint; readonly secret: string | null };

/** @throws Problem */
export async function createEndpoint(
  deps: ApiDeps,
  caller: Caller,
  request: { idempotencyKey: string; body: CreateBody },
): Promise<WithSecret> {
  const { accountId, mode } = caller;
  const { url, events, description } = request.body;
  if (mode === 'live' && new URL(url).protocol !== 'https:') {
    throw new Problem('invalid-request', 'url: in mode live an endpoint is reached by https.', {
      errors: [{ path: 'url', message: 'must begin with https://' }],
    });
  }
  const id = derivedId('whe', [accountId, mode, request.idempotencyKey]);
  const requestHash = requestHashOf('webhook-endpoint', request.body);
  const secret = newSecret();
  const isNew = await deps.webhookEndpoints.create({
    id,
    accountId,
    mode,
    url,
    description,
    events: events ?? null,
    requestHash,
    createdAt: new Date(deps.now()),
    secret,
  });
  const endpoint = await findEndpoint(deps, caller, id);
  if (endpoint.requestHash !== requestHash) throw keyReused();
  return { endpoint, secret: isNew ? secret : null };
}

/** @throws Problem `not-found`, also for what another account or mode owns. */
export async function findEndpoint(
  deps: ApiDeps,
  caller: Caller,
  id: string,
): Promise<WebhookEndpoint> {
  const endpoint = isEndpointId(id) ? await deps.webhookEndpoints.find(id) : null;
  const visible =
    endpoint !== null && endpoint.accountId === caller.accountId && endpoint.mode === caller.mode;
  if (!visible) throw new Problem('not-found', 'There is no such endpoint for this API key.');
  return endpoint;
}

/** @throws Problem */
export async function rotateSecret(
  deps: ApiDeps,
  caller: Caller,
  id: string,
  idempotencyKey: string,
): Promise<WithSecret> {
  await findEndpoint(deps, caller, id);
  const request = requestAbout(id, idempotencyKey, 'rotate-secret');
  const secret = newSecret();
  const asked = await deps.webhookEndpoints.rotateSecret(request, secret, OVERLAP_MS);
  assertKeyFits(asked);
  const endpoint = await findEndpoint(deps, caller, id);
  return { endpoint, secret: asked === 'done' ? secret : null };
}

/** Switches it on or off; a repeat changes nothing, also when it was switched again since.
 *  @throws Problem */
export async function switchEndpoint(
  deps: ApiDeps,
  caller: Caller,
  id: string,
  { verb, idempotencyKey }: { verb: 'enable' | 'disable'; idempotencyKey: string },
): Promise<WebhookEndpoint> {
  await findEndpoint(deps, caller, id);
  const request = requestAbout(id, idempotencyKey, verb);
  const reason = `Switched off by api:${caller.role}:${caller.keyPrefix}.`;
  assertKeyFits(
    verb === 'enable'
      ? await deps.webhookEndpoints.enable(request)
      : await deps.webhookEndpoints.disable(request, reason),
  );
  return findEndpoint(deps, caller, id);
}

export const requestAbout = (
  endpointId: string,
  idempotencyKey: string,
  ...what: readonly string[]
): EndpointRequest => ({ endpointId, idempotencyKey, requestHash: requestHashOf(...what) });

/** @throws Problem */
export function assertKeyFits(asked: Asked): void {
  if (asked === 'key-reused') throw keyReused();
}

const keyReused = (): Problem =>
  new Problem(
    'idempotency-key-reused',
    'This Idempotency-Key was used for another request. Use a new key for a new request.',
  );
