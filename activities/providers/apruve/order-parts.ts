/**
 * What an order is made of, as Apruve adds it up: lines, `tax_cents`, `shipping_cents`, and a discount as a
 * line below zero. Where checkout's own parts add up to the amount, so do these. Pure.
 *
 * Source: PaymentMethod.php of https://github.com/apruve/apruve-magento2, read 2026-12-01: prices and
 * shipping are without taxes there, which are in `tax_cents`.
 */
import type { LineItem } from '../order-details.ts';
import type { CreditTerms } from '../credit-provider.ts';

/** One line for all of it. */
export const wholeLine = (title: string, amountMinor: number) => ({
  title,
  quantity: 1,
  price_ea_cents: amountMinor,
  price_total_cents: amountMinor,
});

/** Before taxes, where checkout says that of every part; else taxes are in the prices and stay there. */
function isNet({ items, shipping }: CreditTerms): boolean {
  const isShippingNet = shipping === undefined || shipping.netMinor !== undefined;
  return (
    items.length > 0 &&
    isShippingNet &&
    items.every((item) => item.unitNetMinor !== undefined && netOf(item) <= item.unitPriceMinor)
  );
}

const netOf = ({ unitNetMinor, unitPriceMinor }: LineItem): number =>
  unitNetMinor ?? unitPriceMinor;

/** No `tax_cents` where nobody knows which part of the prices are taxes. */
export function totalsOf(terms: CreditTerms): { tax_cents?: number; shipping_cents?: number } {
  const { items, shipping } = terms;
  if (!isNet(terms)) return shipping === undefined ? {} : { shipping_cents: shipping.amountMinor };
  const ofItems = items.reduce(
    (sum, item) => sum + item.quantity * (item.unitPriceMinor - netOf(item)),
    0,
  );
  if (shipping === undefined) return { tax_cents: ofItems };
  const { amountMinor, netMinor = amountMinor } = shipping;
  return { tax_cents: ofItems + amountMinor - netMinor, shipping_cents: netMinor };
}

export function linesOf(terms: CreditTerms, amountMinor: number) {
  const { description: whole, discounts, items, shipping } = terms;
  const priceOf = (item: LineItem) => (isNet(terms) ? netOf(item) : item.unitPriceMinor);
  const lines = items.map((item) => ({
    title: item.title,
    ...(item.description === undefined ? {} : { description: item.description }),
    ...(item.sku === undefined ? {} : { sku: item.sku }),
    quantity: item.quantity,
    price_ea_cents: priceOf(item),
    price_total_cents: item.quantity * priceOf(item),
  }));
  const offMinor = discounts.reduce((sum, { amountMinor: off }) => sum + off, 0);
  const restMinor = amountMinor + offMinor - (shipping?.amountMinor ?? 0);
  return [
    ...(lines.length === 0 ? [wholeLine(whole, restMinor)] : lines),
    ...discounts.map(({ amountMinor: off, title }) => wholeLine(title, -off)),
  ];
}
