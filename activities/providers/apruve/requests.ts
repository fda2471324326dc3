/**
 * What is sent, and the order that an offer shows. Pure.
 *
 * Paths and fields: https://github.com/apruve/apruve-ruby/tree/master/lib/apruve/resources and
 * https://github.com/oroinc/OroApruveBundle/tree/master/Apruve/Client/Request, read 2026-11-21.
 */
import type { CalendarDate } from '../../../machines/shared/calendar.ts';
import type { CreditTerms } from '../credit-provider.ts';
import { type Effect, returnTag } from './mapping.ts';
import { linesOf, totalsOf, wholeLine } from './order-parts.ts';
import type { HashedOrder } from './secure-hash.ts';

/** `path` is below `/api/v4/`. `query` is kept nowhere: it may name the buyer. */
export type ApruveRequest = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
};

/** A reference may have come through a browser: it is one part of a path and never more. */
const part = encodeURIComponent;

export const orderPath = (providerRef: string): string => `orders/${part(providerRef)}`;
export const invoicePath = (invoiceRef: string): string => `invoices/${part(invoiceRef)}`;
export const returnsPath = (invoiceRef: string): string =>
  `${invoicePath(invoiceRef)}/invoice_returns`;

const post = (path: string, body: Readonly<Record<string, unknown>> = {}): ApruveRequest => ({
  method: 'POST',
  path,
  body,
});

export const get = (path: string, query: Readonly<Record<string, string>> = {}): ApruveRequest => ({
  method: 'GET',
  path,
  query,
});

/** The documents write whole seconds: `2014-07-15T10:12:27-05:00`. */
const instant = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
/** Noon in UTC is of the same date all over the United States, and so is the end of its day. */
/** Noon of the day that it is now may still be to come. */
const notAfter = (now: number, at: string): string =>
  Date.parse(at) > now && at.slice(0, 10) === instant(now).slice(0, 10) ? instant(now) : at;

const during = (date: CalendarDate): string => `${date}T12:00:00Z`;
const endOf = (date: CalendarDate): string => `${date}T23:59:59Z`;

function orderOf(merchantId: string, effect: Effect<'offer' | 'order'>, terms: CreditTerms) {
  return {
    merchant_id: merchantId,
    merchant_order_id: effect.orderId,
    amount_cents: effect.amountMinor,
    currency: effect.currency,
    ...totalsOf(terms),
    finalize_on_create: true,
    invoice_on_create: false,
    order_items: linesOf(terms, effect.amountMinor),
  };
}

export function offeredOrder(
  merchantId: string,
  effect: Effect<'offer'>,
  terms: CreditTerms,
): HashedOrder {
  return { ...orderOf(merchantId, effect, terms), expire_at: instant(effect.expiresAt) };
}

export function orderRequest(
  merchantId: string,
  shopperId: string,
  effect: Effect<'order'>,
  terms: CreditTerms,
): ApruveRequest {
  return post('orders', {
    ...orderOf(merchantId, effect, terms),
    shopper_id: shopperId,
    payment_term: { corporate_account_id: effect.corporateAccountId },
  });
}

export function invoiceRequest(effect: Effect<'invoice'>, terms: CreditTerms): ApruveRequest {
  const { amountMinor, currency, dueOn, invoiceNumber, providerRef } = effect;
  return post(`${orderPath(providerRef)}/invoices`, {
    amount_cents: amountMinor,
    currency,
    merchant_invoice_id: invoiceNumber,
    issue_on_create: true,
    ...(dueOn === null ? {} : { due_at: endOf(dueOn) }),
    invoice_items: [wholeLine(terms.description, amountMinor)],
  });
}

/** The Elixir SDK sends no shipment without lines. */
export function shipmentRequest(effect: Effect<'ship'>, terms: CreditTerms): ApruveRequest {
  const { amountMinor, currency, invoiceRef, requestedAt, shipmentNumber, wish } = effect;
  const { deliveredOn, shippedOn, shipper, trackingNumber } = wish;
  return post(`${invoicePath(invoiceRef)}/shipments`, {
    amount_cents: amountMinor,
    currency,
    merchant_shipment_id: shipmentNumber,
    ...(shipper === null ? {} : { shipper }),
    ...(trackingNumber === null ? {} : { tracking_number: trackingNumber }),
    shipped_at:
      shippedOn === null ? instant(requestedAt) : notAfter(requestedAt, during(shippedOn)),
    ...(deliveredOn === null ? {} : { delivered_at: during(deliveredOn) }),
    status: 'fulfilled',
    shipment_items: [wholeLine(terms.description, amountMinor)],
  });
}

export function returnRequest(effect: Effect<'return'>): ApruveRequest {
  const { amountMinor, currency, invoiceRef, reason } = effect;
  return post(returnsPath(invoiceRef), {
    amount_cents: amountMinor,
    currency,
    reason,
    merchant_notes: returnTag(effect),
  });
}

export type Cancelling = Effect<'cancel'> | Effect<'cancel-invoice'>;

/** What is to be canceled: the whole order, or one of its invoices. */
export const cancelledPath = (effect: Cancelling): string =>
  effect.type === 'cancel' ? orderPath(effect.providerRef) : invoicePath(effect.invoiceRef);

export const cancelRequest = (effect: Cancelling): ApruveRequest =>
  post(`${cancelledPath(effect)}/cancel`);
