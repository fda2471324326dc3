/** The calls that change something at Apruve, each made once and its answer read. */
import { z } from 'zod';
import type { CreditOperationEffect } from '../../../machines/credit/credit.types.ts';
import type { CreditOutcome, CreditTerms } from '../credit-provider.ts';
import { type Call, ProviderNotReached } from '../provider.ts';
import { apruveCapabilities } from './capabilities.ts';
import {
  type ApruveAccount,
  type ApruveAnswer,
  callApruve,
  refusal,
  refused,
  unread,
} from './client.ts';
import { findInvoice, findShipment } from './finds.ts';
import {
  corporateAccount,
  declined,
  type Effect,
  invoice,
  invoiceReturn,
  order,
  shipment,
  toInvoiceOutcome,
  toOrderOutcome,
  toReturnOutcome,
  toShipmentOutcome,
  unknown,
} from './mapping.ts';
import {
  type ApruveRequest,
  cancelledPath,
  type Cancelling,
  cancelRequest,
  get,
  invoiceRequest,
  offeredOrder,
  orderRequest,
  returnRequest,
  shipmentRequest,
} from './requests.ts';
import { secureHash } from './secure-hash.ts';

export async function perform(
  account: ApruveAccount,
  effect: CreditOperationEffect,
  terms: CreditTerms,
  call: Call,
): Promise<CreditOutcome> {
  const problem = apruveCapabilities.amountProblem(effect);
  if (problem !== null) return { kind: 'refused', reason: problem, code: 'currency_unsupported' };
  switch (effect.type) {
    case 'offer':
      return offer(account, effect, terms);
    case 'order':
      return placeOrder(account, effect, terms, call);
    case 'invoice': {
      const request = invoiceRequest(effect, terms);
      const make = () =>
        create(account, request, invoice, call, (made) => toInvoiceOutcome(made, effect));
      return unlessThere(await findInvoice(account, effect, call), effect.invoiceNumber, make);
    }
    case 'ship': {
      const request = shipmentRequest(effect, terms);
      const make = () =>
        create(account, request, shipment, call, (made) => toShipmentOutcome(made, effect));
      return unlessThere(await findShipment(account, effect, call), effect.shipmentNumber, make);
    }
    case 'return':
      return create(account, returnRequest(effect), invoiceReturn, call, (made) =>
        toReturnOutcome(made, effect),
      );
    case 'cancel':
    case 'cancel-invoice':
      return cancelOnce(account, effect, call);
  }
}

/** What Apruve has under our number already is not made a second time, whoever lost sight of it. */
async function unlessThere(
  found: Awaited<ReturnType<typeof findInvoice>>,
  number: string,
  make: () => Promise<CreditOutcome>,
): Promise<CreditOutcome> {
  // One that was canceled is none; and where no list is shown, what is sent tells why.
  if (found === null || found.kind === 'declined' || found.isDenied === true) return make();
  if (found.kind === 'approved') return found;
  const why = 'reason' in found ? found.reason : found.kind;
  // Nothing was sent yet that could have acted.
  throw new ProviderNotReached(`nobody can tell whether ${number} is there: ${why}`);
}

/** Asks nobody. The same terms make the same offer, whenever it is made. */
function offer(
  { baseUrl, credentials, settings }: ApruveAccount,
  effect: Effect<'offer'>,
  terms: CreditTerms,
): CreditOutcome {
  const { apiKey, merchantId } = credentials;
  const offered = offeredOrder(merchantId, effect, terms);
  return {
    kind: 'offered',
    offer: {
      scriptUrl: settings.scriptUrl ?? new URL('/js/v4/apruve.js', baseUrl).href,
      merchantId,
      order: offered,
      secureHash: secureHash(apiKey, offered),
    },
  };
}

async function placeOrder(
  account: ApruveAccount,
  effect: Effect<'order'>,
  terms: CreditTerms,
  call: Call,
): Promise<CreditOutcome> {
  const { merchantId } = account.credentials;
  const shopper = await findShopper(account, effect, terms, call);
  if (typeof shopper !== 'string') return shopper;
  return create(account, orderRequest(merchantId, shopper, effect, terms), order, call, (made) =>
    toOrderOutcome(made, effect),
  );
}

/** An order is placed in the name of somebody whom the company lets buy. */
async function findShopper(
  account: ApruveAccount,
  { corporateAccountId }: Effect<'order'>,
  { buyer }: CreditTerms,
  call: Call,
): Promise<string | CreditOutcome> {
  const email = buyer.email?.trim() ?? '';
  if (email === '') return NOT_AUTHORIZED;
  const path = `merchants/${encodeURIComponent(account.credentials.merchantId)}/corporate_accounts`;
  const answer = await callApruve(account, get(path, { email }), z.array(corporateAccount), call);
  if (answer.kind === 'error') {
    // A merchant that Apruve does not have: its id is one of the credentials.
    const isOfMerchant = answer.status === 404 && answer.errors.length > 0;
    return isOfMerchant
      ? { kind: 'refused', reason: unread(answer), fault: 'credentials' }
      : refused(answer);
  }
  // Nothing was sent yet that could have acted.
  if (answer.kind === 'unknown') throw new ProviderNotReached(answer.reason);
  // Accounts are listed by the buyer: of somebody who buys for no company there is none.
  if (answer.body.length === 0) return NOT_AUTHORIZED;
  const ours = answer.body.find(({ id }) => id === corporateAccountId);
  if (ours === undefined) return ACCOUNT_UNKNOWN;
  const shopper = ours.authorized_buyers.find(
    (one) => one.email?.toLowerCase() === email.toLowerCase(),
  );
  return shopper?.id ?? NOT_AUTHORIZED;
}

const NOT_AUTHORIZED = declined(
  'buyer_not_authorized',
  'The buyer is no authorized buyer of the corporate account.',
);
const ACCOUNT_UNKNOWN = declined(
  'account_unknown',
  'The corporate account is none of those for which the buyer may order.',
);

async function create<T extends z.ZodType>(
  account: ApruveAccount,
  request: ApruveRequest,
  schema: T,
  call: Call,
  toOutcome: (made: z.infer<T>) => CreditOutcome,
): Promise<CreditOutcome> {
  const answer = await callApruve(account, request, schema, call);
  if (answer.kind === 'unknown') return answer;
  return answer.kind === 'ok' ? toOutcome(answer.body) : refusal(answer);
}

async function cancelOnce(
  account: ApruveAccount,
  effect: Cancelling,
  call: Call,
): Promise<CreditOutcome> {
  const answer = await sendCancel(account, effect, call);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'ok') return toCancellation(answer.body, effect);
  // What is canceled already is refused in the same way as what cannot be: only a look tells.
  return answer.status === 409 ? unknown(unread(answer)) : refusal(answer);
}

const cancelled = z.object({ id: z.string().min(1), status: z.string() });
type Cancellable = z.infer<typeof cancelled>;

export const sendCancel = (
  account: ApruveAccount,
  effect: Cancelling,
  call: Call,
): Promise<ApruveAnswer<Cancellable>> =>
  callApruve(account, cancelRequest(effect), cancelled, call);

export const lookAtCancelled = (
  account: ApruveAccount,
  effect: Cancelling,
  call: Call,
): Promise<ApruveAnswer<Cancellable>> =>
  callApruve(account, get(cancelledPath(effect)), cancelled, call);

export function toCancellation(
  { id, status }: Cancellable,
  effect: Cancelling,
): Extract<CreditOutcome, { kind: 'approved' | 'unknown' }> {
  const asked = effect.type === 'cancel' ? effect.providerRef : effect.invoiceRef;
  if (id !== asked) return unknown(`${id} was answered for ${asked}`);
  return status === 'canceled' || status === 'cancelled'
    ? { kind: 'approved', providerRef: id }
    : unknown(`${id} is ${status}`);
}
