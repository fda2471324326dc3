/** Use case: a provider says that something happened. Kept first, answered, then told. */
import { createHash } from 'node:crypto';
import { PROVIDERS } from '../../activities/providers/catalog.ts';
import type { ProviderWebhook, ReadMessage, Verdict } from '../../activities/providers/news.ts';
import {
  askWithoutProof,
  deliverNews,
  matchPayment,
  type TellPayment,
} from '../../db/news/deliver-news.ts';
import type { UnlockedIntegration } from '../../db/repositories/integration.repository.ts';
import type {
  NewNotification,
  StoredNotification,
} from '../../db/repositories/notification.repository.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { isPaymentId } from '../payments/digest.ts';
import { signalNews } from '../payments/run.ts';

export type Message = {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the end of the address that it came to, where that is a secret. The secret itself is
   *  never kept. */
  readonly tokenHash: string | null;
};

/** Told at once; what fails is taken up by the sweep this much later. */
const FALLBACK_MS = 30_000;
/** Whoever proves nothing may not fill the database: an honest sender tries again for days. */
const FLOOD = 500;
const UNPROVEN_BYTES_MAX = 64 * 1024;
const HOUR_MS = 3_600_000;

/** What the message is, by its signature and its words; the same whenever it is read again. What was
 *  proven once stays proven, also when its secret has been replaced since. */
function judge(
  integration: UnlockedIntegration,
  webhook: ProviderWebhook,
  message: Message,
  receivedAt: number,
  wasProven = false,
): { verified: boolean; read: ReadMessage; state: NewNotification['state']; reason: string } {
  const verdict = wasProven ? PROVEN : webhook.verify(message, integration.credentials, receivedAt);
  const read = webhook.read(message.body, integration.mode);
  const { verified } = verdict;
  if (!verified) return { verified, read, state: 'unverified', reason: sentence(verdict.reason) };
  if (read.kind !== 'news')
    return { verified, read, state: 'ignored', reason: sentence(read.reason) };
  return { verified, read, state: 'waiting', reason: 'It has just come.' };
}

/** Kept beside the headers, so that a message can be judged again; no header has such a name. */
const TOKEN_HASH = ':token-sha256';

const PROVEN: Verdict = { verified: true };

const sentence = (reason: string): string => `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;

/** What a message says that is worth keeping beside its bytes. Of one without proof, nothing that
 *  could be taken for true. */
function contents(read: ReadMessage, verified: boolean) {
  const isNews = read.kind === 'news';
  const paymentId = isNews && verified && isPaymentId(read.paymentId ?? '') ? read.paymentId : null;
  return {
    type: read.kind === 'unreadable' ? null : storable(read.type),
    claim: isNews && verified ? read.claim : null,
    providerRef: isNews ? storable(read.providerRef) : null,
    paymentId,
  };
}

/** Postgres keeps no U+0000, and whoever proves nothing may send anything. */
const storable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '').slice(0, 255);

/** Resolves once the message is kept; what follows from it goes on without the sender. */
export async function receiveNews(
  deps: ApiDeps,
  integration: UnlockedIntegration,
  message: Message,
): Promise<void> {
  const webhook = PROVIDERS[integration.provider]?.webhook;
  if (webhook === undefined) throw new Error(`${integration.provider} sends no news`);
  const at = deps.now();
  const { verified, read, state, reason } = judge(integration, webhook, message, at);
  if (!verified && message.body.length > UNPROVEN_BYTES_MAX) {
    throw new Problem('body-too-large', 'A message without proof may have 64 KiB.');
  }
  if (!verified && (await deps.notifications.unverifiedWithin(integration.id, HOUR_MS)) > FLOOD) {
    throw new Problem('too-many-requests', 'Too many messages without proof. Send it again later.');
  }
  const eventId = read.kind === 'unreadable' ? null : storable(read.eventId);
  const id = notificationId(integration.id, verified ? eventId : null, message.body);
  const one: NewNotification = {
    id,
    accountId: integration.accountId,
    mode: integration.mode,
    provider: integration.provider,
    integrationId: integration.id,
    providerEventId: eventId,
    body: message.body,
    headers:
      message.tokenHash === null
        ? message.headers
        : { ...message.headers, [TOKEN_HASH]: message.tokenHash },
    verified,
    state,
    reason,
    ...contents(read, verified),
  };
  const isNew = await deps.notifications.keep(one, state === 'waiting' ? FALLBACK_MS : null);
  // A repeat is counted. What the first one led to goes on, or the sweep sees to it.
  if (!isNew && verified) return;
  const followUp = state === 'waiting' ? tell(deps, id) : ask(deps, one, isNew);
  followUp.catch((error: unknown) => {
    deps.log.warn({ notificationId: id, error }, 'news was kept and not told yet');
  });
}

/** The same message is the same row: by the provider's id where it is proven, else by its bytes. */
function notificationId(integrationId: string, eventId: string | null, body: Buffer): string {
  const hash = createHash('sha256').update(`${integrationId}\n${eventId ?? 'unproven'}\n`);
  if (eventId === null) hash.update(body);
  return `ntf_${hash.digest('hex').slice(0, 32)}`;
}

async function ask(deps: ApiDeps, one: NewNotification, isNew: boolean): Promise<void> {
  if (one.verified || one.providerRef === null) return;
  const payment = await matchPayment(deps.pool, one);
  const told: TellPayment = (...news) => signalNews(deps, ...news);
  await askWithoutProof(deps.notifications, one, payment, told, isNew);
}

async function tell(deps: ApiDeps, id: string): Promise<void> {
  const waiting = await deps.notifications.waiting(id);
  if (waiting === null) return;
  await deliverNews(
    deps.pool,
    waiting,
    (payment, news) => signalNews(deps, payment, news),
    deps.now(),
  );
}

/** Reads it again, with the secrets that are in force now, and tells its payment again. */
export async function redeliverNews(
  deps: ApiDeps,
  integration: UnlockedIntegration,
  stored: StoredNotification,
): Promise<void> {
  const webhook = PROVIDERS[integration.provider]?.webhook;
  if (webhook === undefined) throw new Error(`${integration.provider} sends no news`);
  const at = stored.receivedAt.getTime();
  const message = { ...stored, tokenHash: stored.headers[TOKEN_HASH] ?? null };
  const judged = judge(integration, webhook, message, at, stored.verified);
  const { state, verified } = judged;
  const reason = state === 'waiting' ? 'It was delivered again.' : judged.reason;
  const next = { verified, state, reason, ...contents(judged.read, verified) } as const;
  if (await deps.notifications.replace(stored.id, next)) await tell(deps, stored.id);
}
