/** The API's shapes: what is taken, and what is given. Amounts are integers in minor units. */
import { z } from '@hono/zod-openapi';
import { isCalendarDate } from '../../machines/shared/calendar.ts';
import { AMOUNT_MINOR_MAX, isCurrency } from '../../machines/shared/money.ts';

/** Postgres keeps neither U+0000 nor half a surrogate pair; other control characters only confuse. */
const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;
const NOT_PRINTABLE = 'must not contain control characters';

/** Text to look something up by. */
export const searchText = (max: number) => z.string().max(max).regex(PRINTABLE, NOT_PRINTABLE);

export const httpUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .regex(PRINTABLE, NOT_PRINTABLE);

/** Text of a person or a shop: printable, and short enough to be shown. */
const text = (max: number) => z.string().trim().min(1).max(max).regex(PRINTABLE, NOT_PRINTABLE);

const amountMinor = z.int().min(1).max(AMOUNT_MINOR_MAX).openapi({
  description: 'Integer in minor units of the currency: 1050 EUR is €10.50, 1050 JPY is ¥1050.',
  example: 10_500,
});

const money = z.strictObject({
  amountMinor,
  currency: z
    .string()
    .refine(isCurrency, 'must be an ISO 4217 code in capitals')
    .openapi({ example: 'EUR' }),
});

const instant = z.iso.datetime({ offset: true }).openapi({ example: '2026-12-01T09:00:00Z' });

const calendarDate = z
  .string()
  .refine(isCalendarDate, 'must be a date of the calendar: YYYY-MM-DD')
  .openapi({ example: '2026-12-31' });

/** Taxes as the order has them; they are passed on and not computed. */
const lineItem = z.strictObject({
  sku: text(100).optional(),
  title: text(200),
  description: text(500).optional(),
  quantity: z.int().min(1).max(1_000_000),
  unitPriceMinor: z.int().min(0).max(AMOUNT_MINOR_MAX).openapi({
    description: 'What one costs the buyer, taxes included, in minor units.',
  }),
  unitNetMinor: z.int().min(0).max(AMOUNT_MINOR_MAX).optional(),
  taxRateBasisPoints: z.int().min(0).max(10_000).optional().openapi({
    description: '1900 is 19 %.',
  }),
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
      number: text(64).openapi({ example: '4711' }),
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
    term: text(40).optional().openapi({
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
        customerNumber: text(64).optional(),
        customerGroup: text(64).optional(),
        phone: text(40).optional(),
        vatId: text(30).optional().openapi({ example: 'DE136695976' }),
        legalForm: text(40)
          .optional()
          .openapi({ description: 'Guaranteed invoices: `gmbh`, `ag`, `einzel` and so on.' }),
        billingAddress: z
          .strictObject({
            street: text(100).optional(),
            houseNumber: text(20).optional(),
            postalCode: text(20).optional(),
            city: text(100).optional(),
            country: z
              .string()
              .regex(/^[A-Z]{2}$/, 'must be a country of ISO 3166-1: two capitals')
              .openapi({ example: 'DE' }),
          })
          .optional(),
      })
      .optional(),
    items: z
      .array(lineItem)
      .max(500)
      .optional()
      .openapi({ description: 'Invoices only: the lines, as the provider is to know them.' }),
    corporateAccountId: text(64).optional().openapi({
      description: 'Credit only: order for this account, with no page for the buyer.',
    }),
    returnUrl: httpUrl
      .optional()
      .openapi({ description: 'Where the buyer comes back to after 3-D Secure or a redirect.' }),
  })
  .openapi('StartPayment');
export type StartBody = z.infer<typeof startBody>;

export const captureBody = z
  .strictObject({
    amountMinor: amountMinor
      .optional()
      .openapi({ description: 'All that is held, when left out.' }),
    final: z.boolean().optional().openapi({
      description: 'true, the default, releases what is left of the hold.',
    }),
    at: instant
      .nullable()
      .optional()
      .openapi({
        description:
          'Capture then and not now; it must be before the hold ends. Another one replaces it, null ' +
          'withdraws it.',
      }),
  })
  .openapi('Capture');

export const receiveBody = z
  .strictObject({
    amountMinor: amountMinor
      .optional()
      .openapi({ description: 'What came; all that is owed, when left out. It may be more.' }),
    reference: text(200).optional().openapi({ description: 'Number of the check or transfer.' }),
    receivedOn: calendarDate.optional(),
  })
  .openapi('Receipt');

export const bounceBody = z
  .strictObject({
    receiptId: text(64)
      .optional()
      .openapi({ description: 'Of `details.receipts`; needed where there are several.' }),
    reason: text(200).optional(),
  })
  .openapi('Bounce');

export const modifyBody = z
  .strictObject({
    amountMinor: amountMinor.openapi({ description: 'What the order comes to now.' }),
    reason: text(200).optional(),
  })
  .openapi('Modify');

export const activateBody = z
  .strictObject({
    dueDate: calendarDate.optional(),
    deliveryDate: calendarDate.optional(),
    invoiceNumber: text(64).optional(),
  })
  .openapi('Activate', {
    description: 'What is left out comes from the integration and the number of the order.',
  });

export const claimBody = z
  .strictObject({
    amountMinor: amountMinor
      .optional()
      .openapi({ description: 'What the provider paid; all that it guarantees, when left out.' }),
    reference: text(200).optional(),
  })
  .openapi('Claim');

export const acceptBody = z
  .strictObject({
    providerRef: text(255).openapi({
      description:
        'The order’s id as the browser brought it. The provider is asked whether it is ours.',
    }),
  })
  .openapi('Accept');

const shipment = {
  shipper: text(100).optional(),
  trackingNumber: text(100).optional(),
  shippedOn: calendarDate.optional(),
  deliveredOn: calendarDate.optional(),
};

const invoiceNumber = text(64).optional();

export const invoiceBody = z
  .strictObject({
    amountMinor: amountMinor
      .optional()
      .openapi({ description: 'All that is not invoiced yet, when left out.' }),
    invoiceNumber: invoiceNumber.openapi({ description: 'Ours, when left out.' }),
    dueDate: calendarDate.optional(),
    ...shipment,
  })
  .openapi('Invoice');

export const shipBody = z.strictObject({ invoiceNumber, ...shipment }).openapi('Ship');

export const cancelInvoiceBody = z
  .strictObject({ invoiceNumber, reason: text(200).optional() })
  .openapi('CancelInvoice');

export const applyBody = z.strictObject({}).openapi('Apply');

export const reasonBody = z.strictObject({ reason: text(200).optional() }).openapi('Reason');

export const resolveBody = z
  .strictObject({
    outcome: z.enum(['succeeded', 'failed']).openapi({
      description: 'Did the operation in doubt take place at the provider?',
    }),
    amountMinor: amountMinor
      .optional()
      .openapi({ description: 'What you saw; it has to be the amount that is in doubt.' }),
    providerRef: text(255)
      .optional()
      .openapi({ description: 'Under which the provider has it; needed where it is not known.' }),
    reason: text(200).openapi({ description: 'What you saw, and where. It stays in the story.' }),
  })
  .openapi('Resolve');

export const resolveFindingBody = z
  .strictObject({
    reason: text(200).openapi({ description: 'Why nothing more is to be done about it.' }),
  })
  .openapi('ResolveFinding');

export const voidBody = z.strictObject({}).openapi('Void');

export const recheckBody = z.strictObject({}).openapi('Recheck');

export const refundBody = z
  .strictObject({
    amountMinor: amountMinor
      .optional()
      .openapi({ description: 'All that was captured and not refunded, when left out.' }),
    invoiceNumber: text(64).optional().openapi({
      description: 'Credit only, and needed where there are several invoices.',
    }),
    reason: text(200).optional(),
  })
  .openapi('Refund');

const command = z.object({
  verb: z.string(),
  maxMinor: z.int().optional(),
});

export const paymentSchema = z
  .object({
    id: z.string(),
    mode: z.enum(['test', 'live']),
    lifecycle: z.string(),
    status: z.string(),
    statusText: z.string().openapi({ description: 'The status as people say it.' }),
    method: z.string(),
    provider: z.string(),
    source: z.object({ kind: z.string(), number: z.string() }),
    amounts: z.object({
      currency: z.string(),
      requested: z.int(),
      authorized: z.int(),
      captured: z.int(),
      voided: z.int(),
      refunded: z.int(),
      disputed: z.int().openapi({ description: 'Withheld by the provider: a dispute is open.' }),
      chargedBack: z.int().openapi({ description: 'Lost to disputes.' }),
    }),
    nextAction: z
      .union([
        z.object({ type: z.literal('redirect'), url: z.string() }),
        z.object({
          type: z.literal('lightbox'),
          scriptUrl: z.string(),
          merchantId: z.string(),
          order: z.record(z.string(), z.unknown()),
          secureHash: z.string(),
        }),
      ])
      .nullable()
      .openapi({
        description:
          'What the buyer has to do: go there, or accept the order in the provider’s script.',
      }),
    deadline: z.object({ at: z.string(), event: z.string() }).nullable(),
    deadlines: z
      .array(z.object({ at: z.string(), event: z.string(), action: z.string().optional() }))
      .openapi({ description: 'All that will happen by itself, soonest first.' }),
    scheduledCapture: z
      .object({ at: z.string(), amountMinor: z.int().nullable() })
      .nullable()
      .openapi({ description: 'amountMinor null: all that is held then.' }),
    commands: z.array(command),
    decline: z
      .object({
        verb: z.string(),
        code: z.string(),
        message: z.string(),
        advice: z.string().nullable(),
      })
      .nullable(),
    needsAttention: z.string().nullable(),
    details: z
      .record(z.string(), z.unknown())
      .nullable()
      .openapi({ description: 'What else there is to know of a payment of this lifecycle.' }),
    createdAt: z.string(),
    updatedAt: z.string(),
    links: z.record(z.string(), z.string()),
  })
  .openapi('Payment');
export type PaymentResource = z.infer<typeof paymentSchema>;

export const factSchema = z
  .object({
    sequence: z.int(),
    type: z.string(),
    at: z.string(),
    actor: z.string(),
    status: z.string().openapi({ description: 'The status that this fact led to.' }),
    operationId: z.string().nullable(),
    providerRef: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .openapi('Fact');
export type FactResource = z.infer<typeof factSchema>;

export const operationSchema = z
  .object({
    id: z.string(),
    verb: z.string(),
    attempts: z.int(),
    firstAttemptAt: z.string(),
    outcome: z.string().nullable(),
    exchanges: z.array(z.record(z.string(), z.unknown())),
  })
  .openapi('Operation');
