/** The whole picture of a payment, and the lists that our books are compared with. Reads only. */
import type { CardPicture, CardPictureQuestion } from '../../../machines/card/card.types.ts';
import { type Call, type ListedPayment, type Look, ProviderNotReached } from '../provider.ts';
import { fromStripeAmount } from './amounts.ts';
import type { StripeAccount } from './client.ts';
import { retrieve } from './inquiries.ts';
import { chargeOf, dispute, holdOf, paymentIntent, type PaymentIntent, refund } from './mapping.ts';
import { Absent, okOf, pages, Unreadable } from './reading.ts';
import { seeDisputes, seeFraudWarnings, seeRefunds, seeReview } from './sights.ts';
import { PAYMENT_TAG } from './tags.ts';

export async function look(
  account: StripeAccount,
  { providerRefs, currency }: CardPictureQuestion,
  call: Call,
): Promise<Look> {
  try {
    const pictures: CardPicture[] = [];
    for (const ref of providerRefs) pictures.push(await picture(account, ref, currency, call));
    return { kind: 'seen', pictures };
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof ProviderNotReached)) throw error;
    const absent = error instanceof Absent ? { absentRef: error.ref } : {};
    return { kind: 'inconclusive', reason: error.message, ...absent };
  }
}

async function picture(
  account: StripeAccount,
  providerRef: string,
  currency: string,
  call: Call,
): Promise<CardPicture> {
  const answer = await retrieve(account, providerRef, call);
  if (answer.kind === 'error' && answer.error.code === 'resource_missing') {
    throw new Absent(providerRef);
  }
  const intent = okOf(answer);
  if (intent.currency !== currency.toLowerCase()) {
    throw new Unreadable(`${providerRef} is over ${intent.currency}`);
  }
  const charge = chargeOf(intent);
  const wasPaid = charge?.status === 'succeeded';
  const minor = (amount: number): number => fromStripeAmount(amount, currency);
  const isCanceled = intent.status === 'canceled';
  const asked = { account, providerRef, currency, call };
  const [refunds, disputes, review, fraudWarnings] = await Promise.all([
    wasPaid ? seeRefunds(asked) : [],
    charge?.disputed === true ? seeDisputes(asked) : [],
    seeReview(asked, intent.review ?? null),
    wasPaid ? seeFraudWarnings(asked) : null,
  ]);
  return {
    providerRef,
    authorizedMinor: wasPaid ? minor(intent.amount) : 0,
    capturedMinor: minor(intent.amount_received),
    heldMinor: minor(intent.amount_capturable),
    ...holdOf(intent),
    endedBy: isCanceled ? (intent.cancellation_reason === 'expired' ? 'time' : 'void') : null,
    refunds,
    disputes,
    ...(review === null ? {} : { review }),
    ...(fraudWarnings === null ? {} : { fraudWarnings }),
  };
}

/** Made in the window, or refunded or disputed in it. A capture has no list of its own: the window
 *  has to be longer than a hold. */
export async function* listPayments(
  account: StripeAccount,
  { from, to }: { readonly from: number; readonly to: number },
  call: Call,
): AsyncIterable<readonly ListedPayment[]> {
  const created = `created[gte]=${Math.floor(from / 1000)}&created[lt]=${Math.ceil(to / 1000)}`;
  const seen = new Set<string>();
  const query = `${created}&expand[]=data.latest_charge`;
  for await (const page of pages(account, '/v1/payment_intents', query, paymentIntent, call)) {
    for (const { id } of page) seen.add(id);
    yield page.map(listed);
  }
  for (const [path, item] of [
    ['/v1/refunds', refund],
    ['/v1/disputes', dispute],
  ] as const) {
    for await (const page of pages(account, path, created, item, call)) {
      for (const { payment_intent: ref } of page) {
        if (typeof ref !== 'string' || seen.has(ref)) continue;
        seen.add(ref);
        yield [listed(okOf(await retrieve(account, ref, call)))];
      }
    }
  }
}

function listed(intent: PaymentIntent): ListedPayment {
  const currency = intent.currency.toUpperCase();
  const minor = (amount: number): number => fromStripeAmount(amount, currency);
  const charge = chargeOf(intent);
  return {
    providerRef: intent.id,
    paymentId: intent.metadata[PAYMENT_TAG] ?? null,
    createdAt: intent.created * 1000,
    currency,
    authorizedMinor: charge?.status === 'succeeded' ? minor(intent.amount) : 0,
    capturedMinor: minor(intent.amount_received),
    heldMinor: minor(intent.amount_capturable),
    refundedMinor: minor(charge?.amount_refunded ?? 0),
    isDisputed: charge?.disputed === true,
  };
}
