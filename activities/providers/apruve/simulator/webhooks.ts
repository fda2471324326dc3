/**
 * Webhooks and their delivery: https://docs.apruve.com/docs/webhooks, read 2026-11-21. Only the answer 200 counts; after
 * any other, Apruve tries again for 24 hours with growing pauses. The pauses here are seconds.
 *
 * Each body is signed with RSA and SHA-256 in `X-Apruve-Signature`. Its encoding (Base64) is Oro's reading; Apruve's own
 * plugin for Magento looks there for a plain hash instead, so a receiver had better trust the token in its url alone.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { SimulatorPlane } from '../../shared/simulator-plane.ts';
import * as shared from '../../shared/simulator-webhooks.ts';
import type { WebhookEvent } from './objects.ts';

export type WebhookOptions = {
  /** With the secret token in it, which is all that keeps a stranger from telling lies. */
  readonly url: string;
  /** Pauses before the second, third, … attempt. */
  readonly retryMs?: readonly number[];
};

/** One delivery of one event; `status` is null if nobody answered. */
type DeliveryAttempt = {
  readonly uuid: string;
  readonly event: string;
  readonly url: string;
  readonly status: number | null;
  readonly at: string;
};

export type WebhookSender = shared.WebhookSender<
  WebhookEvent,
  shared.WebhookTarget,
  DeliveryAttempt
>;

type SenderParts = {
  readonly webhook: WebhookOptions | undefined;
  readonly plane: SimulatorPlane;
  readonly signer: Signer;
  /** After anything that is kept has changed. */
  readonly changed: () => void;
};

export function createWebhookSender(parts: SenderParts): WebhookSender {
  const { webhook, plane, signer, changed } = parts;
  return shared.createWebhookSender<WebhookEvent, shared.WebhookTarget, DeliveryAttempt>({
    target: webhook ?? null,
    retryMs: webhook?.retryMs,
    changed,
    dialect: {
      write: (event) => JSON.stringify(event),
      headers: (body) => ({
        'content-type': 'application/json',
        'x-apruve-signature': signer.sign(body),
      }),
      isHeard: (status) => status === 200,
      describe: ({ event: { uuid, event }, target: { url }, status }) => ({
        uuid,
        event,
        url,
        status,
        at: new Date(plane.now()).toISOString(),
      }),
    },
  });
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
