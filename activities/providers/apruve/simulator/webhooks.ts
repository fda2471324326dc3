/**
 * Webhooks and their delivery: https://docs.apruve.com/docs/webhooks, read 2026-11-21. Only the answer 200 counts; after
 * any other, Apruve tries again for 24 hours with growing pauses. The pauses here are seconds.
 *
 * Each body is signed with RSA and SHA-256 in `X-Apruve-Signature`. Its encoding (Base64) is Oro's reading; Apruve's own
 * plugin for Magento looks there for a plain hash instead, so a receiver had better trust the token in its url alone.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { SimulatorPlane } from '../../shared/simulator-plane.ts';
import type { WebhookEvent } from './objects.ts';

export type WebhookOptions = {
  /** With the secret token in it, which is all that keeps a stranger from telling lies. */
  readonly url: string;
  /** Pauses before the second, third, … attempt. */
  readonly retryMs?: readonly number[];
};

const RETRY_MS = [500, 2_000, 8_000, 30_000];
const TIMEOUT_MS = 10_000;
const ATTEMPTS_KEPT = 10_000;

/** One delivery of one event; `status` is null if nobody answered. */
export type DeliveryAttempt = {
  readonly uuid: string;
  readonly event: string;
  readonly url: string;
  readonly status: number | null;
  readonly at: string;
};

export type WebhookSender = {
  /** Sends an event, the first time or once more. */
  send: (event: WebhookEvent) => void;
  target: () => string | null;
  /** From now on, retries included; null stops sending. */
  aim: (url: string | null) => void;
  /** Oldest first. */
  attempts: () => readonly DeliveryAttempt[];
  /** Drops what is under way and what was seen; the target stays. */
  forget: () => void;
  close: () => void;
};

type SenderParts = {
  readonly webhook: WebhookOptions | undefined;
  readonly plane: SimulatorPlane;
  readonly signer: Signer;
  /** After anything that is kept has changed. */
  readonly changed: () => void;
};

/** Sends in the background: an answer of the API never waits for a webhook, a process never stays for one. */
export function createWebhookSender(parts: SenderParts): WebhookSender {
  const { webhook, plane, signer, changed } = parts;
  const pauses = webhook?.retryMs ?? RETRY_MS;
  const closing = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const attempts: DeliveryAttempt[] = [];
  let target: string | null = webhook?.url ?? null;

  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms).unref();
    timers.add(timer);
  };
  const drop = () => {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  };

  const attempt = async (event: WebhookEvent, payload: string, tries: number): Promise<void> => {
    if (closing.signal.aborted || target === null) return;
    const url = target;
    const status = await deliver(url, payload, signer.sign(payload), closing.signal);
    const at = new Date(plane.now()).toISOString();
    attempts.push({ uuid: event.uuid, event: event.event, url, status, at });
    if (attempts.length > ATTEMPTS_KEPT) attempts.shift();
    const pause = pauses[tries];
    if (status === 200 || pause === undefined) return;
    later(pause, () => void attempt(event, payload, tries + 1));
  };

  return {
    send: (event) => {
      if (target === null) return;
      const payload = JSON.stringify(event);
      later(0, () => void attempt(event, payload, 0));
    },
    target: () => target,
    aim: (url) => {
      target = url;
      changed();
    },
    attempts: () => attempts,
    forget: () => {
      drop();
      attempts.length = 0;
    },
    close: () => {
      closing.abort();
      drop();
    },
  };
}

async function deliver(
  url: string,
  body: string,
  signature: string,
  closing: AbortSignal,
): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: { 'content-type': 'application/json', 'x-apruve-signature': signature },
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}

export type Signer = ReturnType<typeof createSigner>;

/** Makes its key when it is first needed, which takes a moment. */
export function createSigner(changed: () => void) {
  let pem: string | null = null;
  const key = (): string => {
    if (pem === null) {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      changed();
    }
    return pem;
  };
  return {
    sign: (body: string): string =>
      sign('sha256', Buffer.from(body), createPrivateKey(key())).toString('base64'),
    publicKey: (): string =>
      createPublicKey(key()).export({ type: 'spki', format: 'pem' }).toString(),
    kept: (): string | null => pem,
    restore: (kept: string | null): void => {
      pem = kept;
    },
  };
}
