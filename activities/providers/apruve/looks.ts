/** How an order and its invoices stand at Apruve. Reads only. */
import { z } from 'zod';
import type {
  CreditPicture,
  CreditPictureQuestion,
} from '../../../machines/credit/credit.types.ts';
import type { CreditLook } from '../credit-provider.ts';
import { type Call, ProviderNotReached } from '../provider.ts';
import { type ApruveAccount, callApruve, unread } from './client.ts';
import {
  instantOf,
  invoice,
  type Invoice,
  invoiceReturn,
  invoiceStatus,
  order,
  type Order,
  orderStatus,
  unknown,
} from './mapping.ts';
import { get, orderPath, returnsPath } from './requests.ts';

/** `isDenied`: by Apruve's own word, which says nothing of what is there. */
type Unread = { readonly kind: 'unknown'; readonly reason: string; readonly isDenied?: boolean };
type Listed<T> = { readonly kind: 'listed'; readonly all: readonly T[] } | Unread;

/** No list is longer; what is not in a full one may have been cut off. Documented for orders:
 *  https://hexdocs.pm/apruve/Apruve.Order.html, read 2026-11-21. */
const LISTED_MAX = 25;
export const maybeCut = (all: readonly unknown[]): boolean => all.length >= LISTED_MAX;

export async function look(
  account: ApruveAccount,
  question: CreditPictureQuestion,
  call: Call,
): Promise<CreditLook> {
  try {
    return await lookAt(account, question, call);
  } catch (error) {
    if (!(error instanceof ProviderNotReached)) throw error;
    return { kind: 'inconclusive', reason: error.message };
  }
}

async function lookAt(
  account: ApruveAccount,
  { orderId, providerRef, returnsOf }: CreditPictureQuestion,
  call: Call,
): Promise<CreditLook> {
  const named = providerRef === null ? null : await getOrder(account, providerRef, call);
  if (named?.kind === 'absent') return named;
  if (named?.kind === 'unknown') return inconclusive(named.reason);
  // An accepted order that we know is the one that counts: no other is looked for.
  const isEnough = named?.kind === 'found' && orderStatus(named.order) === 'accepted';
  const listed = isEnough ? NONE_LISTED : await findOrders(account, orderId, call);
  if (listed.kind === 'unknown') return inconclusive(listed.reason);
  const seen = named?.order ?? listed.all[0];
  if (seen === undefined) return { kind: 'absent', reason: `Apruve has no order ${orderId}` };
  for (const one of [seen, ...listed.all]) {
    if (orderStatus(one) === null) return inconclusive(`${one.id} is ${one.status}`);
  }
  const invoices = await findInvoices(account, seen.id, call);
  if (invoices.kind === 'unknown') return inconclusive(invoices.reason);
  const returned = returnsOf === undefined ? null : await findReturned(account, returnsOf, call);
  return returned?.kind === 'unknown'
    ? inconclusive(returned.reason)
    : picture(seen, listed.all, invoices.all, returned);
}

type Returned = { readonly kind: 'returned'; readonly of: string; readonly minor: number };

/** What came back of an invoice, all told. */
async function findReturned(
  account: ApruveAccount,
  invoiceRef: string,
  call: Call,
): Promise<Returned | Unread> {
  const found = await listAt(account, returnsPath(invoiceRef), invoiceReturn, call);
  if (found.kind === 'unknown') return found;
  if (maybeCut(found.all)) return unknown(`${invoiceRef} may have more returns than are listed`);
  const minor = found.all.reduce((sum, { amount_cents: cents }) => sum + cents, 0);
  return { kind: 'returned', of: invoiceRef, minor };
}

const NONE_LISTED: Listed<Order> = { kind: 'listed', all: [] };

const inconclusive = (reason: string) => ({ kind: 'inconclusive' as const, reason });

function picture(
  seen: Order,
  listed: readonly Order[],
  invoices: readonly Invoice[],
  returned: Returned | null,
): CreditLook {
  const status = orderStatus(seen);
  if (status === null) return inconclusive(`${seen.id} is ${seen.status}`);
  if (maybeCut(invoices)) return inconclusive(`${seen.id} may have more invoices than are listed`);
  const seenInvoices: CreditPicture['invoices'][number][] = [];
  for (const one of invoices) {
    const stands = invoiceStatus(one);
    if (stands === null) return inconclusive(`${one.id} is ${one.status}`);
    const { amount_cents: amountMinor, id, merchant_invoice_id: number = null } = one;
    const back = returned?.of === id ? { returnedMinor: returned.minor } : {};
    seenInvoices.push({ providerRef: id, number, amountMinor, status: stands, ...back });
  }
  const others = listed
    .filter((one) => one.id !== seen.id && orderStatus(one) !== 'canceled')
    .map(({ id }) => id);
  return {
    kind: 'seen',
    picture: {
      providerRef: seen.id,
      orderId: seen.merchant_order_id ?? null,
      status,
      amountMinor: seen.amount_cents,
      currency: seen.currency,
      expiresAt: instantOf(seen.expire_at),
      others,
      invoices: seenInvoices,
    },
  };
}

async function getOrder(
  account: ApruveAccount,
  providerRef: string,
  call: Call,
): Promise<
  | { readonly kind: 'found'; readonly order: Order }
  | { readonly kind: 'absent'; readonly reason: string; readonly order?: never }
  | (Unread & { readonly order?: never })
> {
  const answer = await callApruve(account, get(orderPath(providerRef)), order, call);
  if (answer.kind === 'ok') {
    return answer.body.id === providerRef
      ? { kind: 'found', order: answer.body }
      : unknown(`${answer.body.id} was answered for ${providerRef}`);
  }
  // A proxy or a wrong address has a 404, too: only Apruve's own words prove that there is none.
  return answer.kind === 'error' && answer.status === 404 && answer.errors.length > 0
    ? { kind: 'absent', reason: `Apruve has no order ${providerRef}` }
    : unknown(unread(answer));
}

/** Orders under our number, the one that counts first: accepted, then what may be, then canceled;
 *  the newest first among equals. */
export async function findOrders(
  account: ApruveAccount,
  orderId: string,
  call: Call,
): Promise<Listed<Order>> {
  const request = get('orders', { merchant_order_id: orderId });
  const answer = await callApruve(account, request, z.array(order), call);
  if (answer.kind !== 'ok') return unknown(unread(answer));
  const ours = answer.body.filter(({ merchant_order_id: number }) => number === orderId);
  if (ours.length === 0 && answer.body.length > 0) {
    return unknown(`orders of other numbers than ${orderId} were listed`);
  }
  const createdAt = (one: Order): number => instantOf(one.created_at) ?? 0;
  const all = ours.toSorted((a, b) => rank(a) - rank(b) || createdAt(b) - createdAt(a));
  return { kind: 'listed', all };
}

function rank(one: Order): number {
  switch (orderStatus(one)) {
    case 'accepted':
      return 0;
    case null:
      return 1;
    case 'pending':
    case 'new':
      return 2;
    case 'canceled':
      return 3;
  }
}

export async function findInvoices(
  account: ApruveAccount,
  providerRef: string,
  call: Call,
): Promise<Listed<Invoice>> {
  return listAt(account, `${orderPath(providerRef)}/invoices`, invoice, call);
}

export async function listAt<T extends z.ZodType>(
  account: ApruveAccount,
  path: string,
  item: T,
  call: Call,
): Promise<Listed<z.infer<T>>> {
  const answer = await callApruve(account, get(path), z.array(item), call);
  return answer.kind === 'ok'
    ? { kind: 'listed', all: answer.body }
    : { ...unknown(unread(answer)), isDenied: answer.kind === 'error' };
}
