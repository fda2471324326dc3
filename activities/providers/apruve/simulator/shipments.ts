/**
 * Shipments tell Apruve what went to the buyer; they move no money. `status` is `fulfilled`, or `partial`:
 * https://github.com/apruve/apruve-elixir/blob/master/lib/apruve/shipment.ex, read 2026-11-21.
 */
import { conflict, missing } from './errors.ts';
import { itemsOf, move } from './invoices.ts';
import type { Invoice, Shipment } from './objects.ts';
import type { ShipmentWish } from './parameters.ts';
import { shownShipment } from './shown.ts';
import { newId, stamp, type Apruve } from './store.ts';

export function createShipment(apruve: Apruve, invoice: Invoice, wish: ShipmentWish): Shipment {
  if (invoice.status === 'canceled') throw conflict('The invoice is canceled.');
  const shipment: Shipment = {
    id: newId(),
    invoice_id: invoice.id,
    amount_cents: wish.amount_cents ?? null,
    currency: 'USD',
    shipper: wish.shipper ?? null,
    shipped_at: wish.shipped_at ?? null,
    delivered_at: wish.delivered_at ?? null,
    tracking_number: wish.tracking_number ?? null,
    merchant_notes: wish.merchant_notes ?? null,
    merchant_shipment_id: wish.merchant_shipment_id ?? null,
    tax_cents: wish.tax_cents ?? null,
    shipping_cents: wish.shipping_cents ?? null,
    status: wish.status ?? 'fulfilled',
    shipment_items: itemsOf(wish.shipment_items),
    created_at: stamp(apruve.plane.now()),
  };
  apruve.state.shipments.set(shipment.id, shipment);
  move(apruve, invoice, 'ship', shipment.amount_cents ?? invoice.amount_cents);
  announce(apruve, shipment, 'created');
  return shipment;
}

export function findShipment({ state }: Apruve, invoice: Invoice, id: string): Shipment {
  const shipment = state.shipments.get(id);
  if (shipment?.invoice_id !== invoice.id) throw missing('shipment', id);
  return shipment;
}

export function updateShipment(apruve: Apruve, shipment: Shipment, change: ShipmentWish): void {
  shipment.shipper = change.shipper ?? shipment.shipper;
  shipment.shipped_at = change.shipped_at ?? shipment.shipped_at;
  shipment.delivered_at = change.delivered_at ?? shipment.delivered_at;
  shipment.tracking_number = change.tracking_number ?? shipment.tracking_number;
  shipment.merchant_notes = change.merchant_notes ?? shipment.merchant_notes;
  shipment.status = change.status ?? shipment.status;
  announce(apruve, shipment, 'updated');
}

function announce(apruve: Apruve, shipment: Shipment, what: 'created' | 'updated'): void {
  const path = `invoices/${shipment.invoice_id}/shipments/${shipment.id}`;
  apruve.emit(`shipment.${what}`, shipment.status, shownShipment(apruve, shipment), path);
}
