/** Stripe as a `CardProvider`: PaymentIntents with manual or automatic capture. */
import type { CardProvider } from '../provider.ts';
import { accountOf } from './account.ts';
import { authorize, capture, reauthorize, refundPart, voidHold } from './calls.ts';
import type { StripeAccount } from './client.ts';
import { inquireAuthorization, inquireOperation } from './inquiries.ts';
import { listPayments, look } from './looks.ts';
import { REPLAY_WITHIN_MS, type StripeCredentials, type StripeSettings } from './config.ts';

export function createStripeAdapter(
  baseUrl: string,
  credentials: StripeCredentials,
  settings: StripeSettings,
): CardProvider {
  const { multicapture, timeoutMs } = settings;
  const account: StripeAccount = {
    connection: { baseUrl, secretKey: credentials.secretKey, timeoutMs },
    multicapture,
  };
  return {
    replayWithinMs: REPLAY_WITHIN_MS,
    authorize: (effect, terms, call) => authorize(account, effect, terms, call),
    capture: (effect, call) => capture(account, effect, call),
    void: (effect, call) => voidHold(account, effect, call),
    refund: (effect, call) => refundPart(account, effect, call),
    reauthorize: (effect, terms, call) => reauthorize(account, effect, terms, call),
    inquireAuthorization: (effect, terms, call, asking) =>
      inquireAuthorization(account, effect, terms, call, asking),
    inquireOperation: (effect, call, asking) => inquireOperation(account, effect, call, asking),
    look: (question, call) => look(account, question, call),
    listPayments: (window, call) => listPayments(account, window, call),
    account: (call) => accountOf(account, call),
  };
}
