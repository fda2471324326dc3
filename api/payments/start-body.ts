/** What a start of a payment takes. What a method cannot use is told by its opening. */
import { z } from '@hono/zod-openapi';
import { AMOUNT_MINOR_MAX } from '../../machines/shared/money.ts';
import { amountMinor, calendarDate, httpUrl, instant, money, numberText, text } from './fields.ts';

const amountOrNone = z.int().min(0).max(AMOUNT_MINOR_MAX);

const taxRateBasisPoints = z.int().min(0).max(10_000).optional().openapi({
  description: '1900 is 19 %.',
});

/** Taxes as the order has them; they are passed on and not computed. */
const lineItem = z.strictObject({
  sku: numberText(100).optional(),
  title: text(200),
  description: text(500).optional(),
  quantity: z.int().min(1).max(1_000_000),
  unitPriceMinor: amountOrNone.openapi({
    description: 'What one costs the buyer, taxes included, in minor units.',
  }),
  unitNetMinor: amountOrNone.optional(),
  taxRateBasisPoints,
});

const address = {
  street: text(100).optional(),
  houseNumber: text(20).optional(),
  postalCode: text(20).optional(),
  city: text(100).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a country of ISO 3166-1: two capitals')
    .openapi({ example: 'DE' }),
};

const shipping = z
  .strictObject({
    amountMinor: amountOrNone.openapi({
      description: 'What the buyer pays for it, taxes included, in minor units.',
    }),
    netMinor: amountOrNone.optional(),
    taxRateBasisPoints,
  })
  .refine(({ amountMinor: gross, netMinor = 0 }) => netMinor <= gross, {
    path: ['netMinor'],
    error: 'must not be more than amountMinor',
  });

export const startBody = z
  .strictObject({
    amount: money,
    method: z
      .string()
      .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'must be <integration>.<method>')
      .openapi({ example: 'stripe_test.card' }),
    source: z.strictObject({
      kind: z.enum(['order', 'quote', 'invoice']),
      number: numberText(64).openapi({ example: '4711' }),
    }),
    capture: z
      .union([z.enum(['manual', 'automatic']), z.strictObject({ at: instant })])
      .optional()
      .openapi({
        description:
          'manual holds the money until it is captured; automatic takes it at once; { at } holds it ' +
          'and takes all of it then. Cards need it.',
      }),
    paymentToken: z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/, 'must be the token that the provider gave to the browser')
      .optional()
      .openapi({ example: 'pm_card_visa', description: 'Cards need it.' }),
    term: numberText(40).optional().openapi({
      description:
        'Payment terms and guaranteed invoices: the one of this order, before the customer’s own.',
    }),
    dueOn: calendarDate
      .optional()
      .openapi({ description: 'Checks and payment terms only: before any term.' }),
    buyer: z
      .strictObject({
        name: text(200).optional(),
        email: z.email().max(254).optional(),
        company: text(200).optional(),
        customerNumber: numberText(64).optional(),
        customerGroup: numberText(64).optional(),
        phone: text(40).optional(),
        vatId: numberText(30).optional().openapi({ example: 'DE136695976' }),
        legalForm: text(40)
          .optional()
          .openapi({ description: 'Guaranteed invoices: `gmbh`, `ag`, `einzel` and so on.' }),
        billingAddress: z.strictObject(address).optional(),
      })
      .optional(),
    items: z
      .array(lineItem)
      .max(500)
      .optional()
      .openapi({ description: 'What is bought, as the provider is to know it.' }),
    shippingAddress: z
      .strictObject({ name: text(200).optional(), company: text(200).optional(), ...address })
      .optional()
      .openapi({ description: 'Where it goes, if not to the billing address.' }),
    shipping: shipping.optional(),
    discounts: z
      .array(z.strictObject({ title: text(200), amountMinor }))
      .max(50)
      .optional()
      .openapi({
        description: 'What is taken off, taxes included; it is part of `amount` already.',
      }),
    company: z
      .strictObject({
        owner: z
          .strictObject({ firstName: text(100).optional(), lastName: text(100) })
          .optional()
          .openapi({ description: 'Who owns the company that buys: sole traders, partnerships.' }),
      })
      .optional()
      .openapi({ description: 'More about the company whose name is `buyer.company`.' }),
    corporateAccountId: numberText(64).optional().openapi({
      description: 'Credit only: order for this account, with no page for the buyer.',
    }),
    returnUrl: httpUrl
      .optional()
      .openapi({ description: 'Where the buyer comes back to after 3-D Secure or a redirect.' }),
  })
  .openapi('StartPayment');
export type StartBody = z.infer<typeof startBody>;
