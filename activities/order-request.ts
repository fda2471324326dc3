/** What checkout sent along that providers have a place for, as it lies in the payment's row. */
import { z } from 'zod';
import type { OrderRequest } from './providers/order-details.ts';

const text = z.string().optional();

const address = {
  street: text,
  houseNumber: text,
  postalCode: text,
  city: text,
  country: z.string(),
};

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
      billingAddress: z.object(address).optional(),
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
  discounts: z.array(z.object({ title: z.string(), amountMinor: z.int() })).default([]),
  shipping: z
    .object({
      amountMinor: z.int(),
      netMinor: z.int().optional(),
      taxRateBasisPoints: z.int().optional(),
    })
    .optional(),
  shippingAddress: z.object({ name: text, company: text, ...address }).optional(),
  company: z
    .object({ owner: z.object({ firstName: text, lastName: z.string() }).optional() })
    .optional(),
});

export const orderRequestIn = (request: unknown): OrderRequest => storedRequest.parse(request);
