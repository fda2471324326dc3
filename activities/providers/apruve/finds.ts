/** An invoice of an order, or its shipment, found by our own number. Reads only. */
import type { CreditOutcome } from '../credit-provider.ts';
import type { Call } from '../provider.ts';
import type { ApruveAccount } from './client.ts';
import { findInvoices, listAt, maybeCut } from './looks.ts';
import {
  type Effect,
  type Invoice,
  invoiceStatus,
  shipment,
  toInvoiceOutcome,
  toShipmentOutcome,
  unknown,
} from './mapping.ts';
import { invoicePath } from './requests.ts';

/** `isDenied`: Apruve shows no list in which it could be, or not the whole of it. */
type Found = CreditOutcome & { readonly isDenied?: boolean };

/** Null: there is none of that number. */
export async function findInvoice(
  account: ApruveAccount,
  effect: Effect<'invoice'>,
  call: Call,
): Promise<Found | null> {
  const found = await findInvoices(account, effect.providerRef, call);
  if (found.kind === 'unknown') return found;
  const ours = found.all.filter(
    ({ merchant_invoice_id: number }) => number === effect.invoiceNumber,
  );
  const isCanceled = (one: Invoice): boolean => invoiceStatus(one) === 'canceled';
  const standing = ours.filter((one) => !isCanceled(one));
  if (standing.length > 1)
    return unknown(`${standing.length} invoices are ${effect.invoiceNumber}`);
  const one = standing[0] ?? ours[0];
  return one === undefined ? orCut(found.all) : toInvoiceOutcome(one, effect);
}

/** Null: there is none of that number. */
export async function findShipment(
  account: ApruveAccount,
  effect: Effect<'ship'>,
  call: Call,
): Promise<Found | null> {
  const path = `${invoicePath(effect.invoiceRef)}/shipments`;
  const found = await listAt(account, path, shipment, call);
  if (found.kind === 'unknown') return found;
  const ours = found.all.find(
    ({ merchant_shipment_id: number }) => number === effect.shipmentNumber,
  );
  return ours === undefined ? orCut(found.all) : toShipmentOutcome(ours, effect);
}

export const orCut = (all: readonly unknown[]): Found | null =>
  maybeCut(all)
    ? { ...unknown('it may be among those that are not listed'), isDenied: true }
    : null;
