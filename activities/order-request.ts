/** What checkout sent along that providers of invoices need, as it lies in the payment's row. */
import { z } from 'zod';
import type { BuyerDetails, LineItem } from './providers/order-details.ts';

const text = z.string().optional();

const storedRequest = z.object({
  buyer: z
    .object({
      name: text,
      email: text,
      company: text,
      customerNumber: text,
      customerGroup: text,
      phone: text,
      vatId: text,
      legalForm: text,
      billingAddress: z
        .object({
          street: text,
          houseNumber: text,
          postalCode: text,
          city: text,
          country: z.string(),
        })
        .optional(),
    })
    .default({}),
  items: z
    .array(
      z.object({
        sku: text,
        title: z.string(),
        description: text,
        quantity: z.int(),
        unitPriceMinor: z.int(),
        unitNetMinor: z.int().optional(),
        taxRateBasisPoints: z.int().optional(),
      }),
    )
    .default([]),
});

export const orderRequestIn = (
  request: unknown,
): { readonly buyer: BuyerDetails; readonly items: readonly LineItem[] } =>
  storedRequest.parse(request);
