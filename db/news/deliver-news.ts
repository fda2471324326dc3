/**
 * Brings kept news to its payment: matched, compared with what the journal says, told. News is done
 * when the journal says what it says, or when the provider was asked because of it; until then it
 * comes back. Repeating any step is harmless.
 */
import type pg from 'pg';
import { lifecycleOf } from '../../machines/lifecycles.ts';
import type { News } from '../../machines/shared/lifecycle.ts';
import { createPaymentRepository, type PaymentRecord } from '../repositories/payment.repository.ts';
import {
  createNotificationRepository,
  type NotificationRepository,
  type WaitingNotification,
} from '../repositories/notification.repository.ts';
import { findPaymentOf } from '../queries/payment-by-reference.ts';

/** Hands news to a payment's run, which is started where there is none. */
export type TellPayment = (payment: PaymentRecord, news: News) => Promise<void>;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Pauses before the payment is told again; the last one repeats. */
const TELL_AGAIN_MS = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR];
/** A payment's own answer is on its way: most often it says the same. */
const BUSY_MS = 10 * SECOND;
/** As long as Stripe and others go on sending what nobody takes. */
const GIVE_UP_MS = 3 * 24 * HOUR;
/** Payments are journaled before a provider hears of them: news of one that is not there is another
 *  system's, apart from clocks and queues. */
const UNKNOWN_MS = HOUR;

export async function deliverNews(
  pool: pg.Pool,
  one: WaitingNotification,
  tell: TellPayment,
  now: number,
): Promise<void> {
  const notifications = createNotificationRepository(pool);
  const ageMs = now - one.receivedAt.getTime();
  const payment = await matchPayment(pool, one);
  if (!one.verified) return askWithoutProof(notifications, one, payment, tell);
  if (payment === null) {
    const reason = `No payment of this integration has the reference ${one.providerRef}.`;
    if (ageMs > UNKNOWN_MS) return notifications.giveUp(one.id, reason);
    return notifications.postpone(one.id, { reason, dueInMs: MINUTE });
  }
  const lifecycle = lifecycleOf(payment.frozen);
  const state = lifecycle.thaw(payment.frozen);
  const paymentId = payment.id;
  const { providerRefs } = lifecycle.view(state);
  if (lifecycle.knows(state, one.claim)) {
    await notifications.postpone(one.id, { reason: '', dueInMs: MINUTE, paymentId });
    return notifications.settle(one.id, 'The payment says the same.');
  }
  if (providerRefs.length > 0 && !providerRefs.includes(one.providerRef ?? '')) {
    // A hold that is being renewed, or one that came about after it was given up for lost.
    const reason = `${paymentId} has ${providerRefs.join(', ')} at the provider, and not ${one.providerRef}. If money is held or taken there, give it back there.`;
    if (ageMs > UNKNOWN_MS) return notifications.giveUp(one.id, reason);
    return notifications.postpone(one.id, { reason, dueInMs: MINUTE, paymentId });
  }
  // Delivered again after that time, it is told once more.
  if (ageMs > GIVE_UP_MS && one.told > 0) {
    return notifications.giveUp(
      one.id,
      `${paymentId} was told ${one.told} times and does not say what this says. Recheck it.`,
    );
  }
  const effect = lifecycle.pendingEffect(state);
  if (effect !== null && effect.type !== 'inquire' && one.told === 0 && ageMs < MINUTE) {
    const reason = 'The payment is waiting for an answer of its own.';
    return notifications.postpone(one.id, { reason, dueInMs: BUSY_MS, paymentId });
  }
  await tell(payment, {
    source: 'provider',
    name: one.type ?? '',
    notificationId: one.id,
    verified: true,
    providerRef: one.providerRef,
    claim: one.claim,
  });
  const dueInMs = TELL_AGAIN_MS[one.told] ?? TELL_AGAIN_MS.at(-1) ?? HOUR;
  const reason = 'The payment was told and asks the provider.';
  await notifications.postpone(one.id, { reason, dueInMs, paymentId, told: true });
}

/** Never believed: but where it names a payment of ours, the provider is asked, at most once a minute
 *  for each payment, so that nobody can make us ask for ever. */
export async function askWithoutProof(
  notifications: NotificationRepository,
  one: Pick<WaitingNotification, 'id' | 'type'>,
  payment: PaymentRecord | null,
  tell: TellPayment,
  /** What comes again says nothing that was not asked about. */
  isNew = true,
): Promise<void> {
  if (payment === null) return;
  if (!(await notifications.mayAsk(one.id, payment.id, MINUTE))) {
    if (isNew) await notifications.askLater(one.id, payment.id, MINUTE);
    return;
  }
  await tell(payment, {
    source: 'provider',
    name: one.type ?? 'unreadable',
    notificationId: null,
    verified: false,
    providerRef: null,
    claim: null,
  });
  await notifications.doneAsking(payment.id);
}

/** By our own id where the provider shows it, else by the provider's reference. */
export async function matchPayment(
  pool: pg.Pool,
  one: Pick<
    WaitingNotification,
    'accountId' | 'mode' | 'integrationId' | 'paymentId' | 'providerRef'
  >,
): Promise<PaymentRecord | null> {
  const tagged =
    one.paymentId === null ? null : await createPaymentRepository(pool).find(one.paymentId);
  const isOurs =
    tagged !== null &&
    tagged.accountId === one.accountId &&
    tagged.mode === one.mode &&
    tagged.integrationId === one.integrationId;
  if (isOurs) return tagged;
  if (one.providerRef === null) return null;
  return findPaymentOf(pool, one.integrationId, one.providerRef);
}
