/** What an order costs besides its gross sum, in hundredths: shipping, what was taken off, the net. Pure. */
import type { OrderRequest } from '../order-details.ts';
import { inHundredths, netOf, proportion } from './amounts.ts';
import type { Xml } from './xml.ts';

type Price = { readonly gross: bigint; readonly net: bigint };
/** Undefined where checkout did not say it, or where it would have to be rounded. */
type Partly = { readonly [part in keyof Price]: Price[part] | undefined };

/** In minor units, as checkout says it. */
type Said = {
  readonly gross: number;
  readonly net: number | undefined;
  readonly rate: number | undefined;
};

/** By InfinitePay's names. The net sums are there where each line, and the shipping, has its own. */
export function totalsOf(
  order: Pick<OrderRequest, 'discounts' | 'items' | 'shipping'>,
  amountMinor: number,
  currency: string,
): Xml {
  const priceOf = (one: Said, quantity = 1): Partly => {
    const count = BigInt(quantity);
    const times = (minor: number) => multiplied(inHundredths(minor, currency), count);
    const gross = times(one.gross);
    return { gross, net: one.net === undefined ? netOf(gross, one.rate) : times(one.net) };
  };
  const lines = order.items.map((item) =>
    priceOf(
      { gross: item.unitPriceMinor, net: item.unitNetMinor, rate: item.taxRateBasisPoints },
      item.quantity,
    ),
  );
  const { shipping } = order;
  const sent =
    shipping &&
    priceOf({
      gross: shipping.amountMinor,
      net: shipping.netMinor,
      rate: shipping.taxRateBasisPoints,
    });
  const whole = lines.length === 0 ? null : sumOf(sent === undefined ? lines : [...lines, sent]);
  const amount = inHundredths(amountMinor, currency);
  const off = inHundredths(
    order.discounts.reduce((sum, discount) => sum + discount.amountMinor, 0),
    currency,
  );
  const offNet = off === 0n ? off : netShareOf(whole, off);
  // Cents by which the lines differ from the amount are taxed as the lines are.
  const before =
    amount === undefined || off === undefined ? undefined : netShareOf(whole, amount + off);
  const net = before === undefined || offNet === undefined ? undefined : before - offNet;
  return {
    RABATE_GROSS: off?.toString(),
    RABATE_NET: offNet?.toString(),
    SHIPPING_PRICE_GROSS: sent?.gross?.toString(),
    SHIPPING_PRICE_NET: sent?.net?.toString(),
    TRS_AMT_NET: net?.toString(),
  };
}

const multiplied = (amount: bigint | undefined, count: bigint): bigint | undefined =>
  amount === undefined ? undefined : amount * count;

function sumOf(parts: readonly Partly[]): Price | null {
  let [gross, net] = [0n, 0n];
  for (const part of parts) {
    if (part.gross === undefined || part.net === undefined) return null;
    gross += part.gross;
    net += part.net;
  }
  return gross === 0n ? null : { gross, net };
}

/** A discount has no tax of its own: it is off all that is bought, in proportion. */
const netShareOf = (whole: Price | null, gross: bigint | undefined): bigint | undefined =>
  whole === null || gross === undefined ? undefined : proportion(gross, whole.net, whole.gross);
