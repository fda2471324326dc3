/** The API's shapes: what is taken, and what is given. Amounts are integers in minor units. */
import { z } from '@hono/zod-openapi';
import { amountMinor, calendarDate, instant, numberText, receiptDay, text } from './fields.ts';

const ofInvoice = numberText(64).optional().openapi({
  description: 'Credit only, and needed where there are several invoices.',
});

export const captureBody = z
  .strictObject({
    amountMinor: amountMinor
      .optional()
      .openapi({ description: 'All that is held, when left out.' }),
    final: z
      .boolean()
      .optional()
      .openapi({
        description:
          'true releases what is left of the hold. Left out, a part leaves the rest where the hold ' +
          'allows several captures (`multiple` among the commands), and releases it where it does not; ' +
          '`details.lastCapture.releasedMinor` says what was released.',
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
    invoiceNumber: ofInvoice,
    reference: numberText(200)
      .optional()
      .openapi({ description: 'Number of the check or transfer.' }),
    receivedOn: receiptDay.optional(),
  })
  .openapi('Receipt');

export const bounceBody = z
  .strictObject({
    receiptId: numberText(64)
      .optional()
      .openapi({ description: 'Of `details.receipts`; needed where there are several.' }),
    reason: text(200).optional(),
  })
  .openapi('Bounce');

export const reduceBody = z
  .strictObject({
    amountMinor: amountMinor.openapi({ description: 'Of the credit note: so much less is owed.' }),
    reason: text(200).optional(),
  })
  .openapi('Reduce');

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
    invoiceNumber: numberText(64).optional(),
  })
  .openapi('Activate', {
    description: 'What is left out comes from the integration and the number of the order.',
  });

export const claimBody = z
  .strictObject({
    amountMinor: amountMinor
      .optional()
      .openapi({ description: 'What the provider paid; all that it guarantees, when left out.' }),
    reference: numberText(200).optional(),
  })
  .openapi('Claim');

export const acceptBody = z
  .strictObject({
    providerRef: numberText(255).openapi({
      description:
        'The order’s id as the browser brought it. The provider is asked whether it is ours.',
    }),
  })
  .openapi('Accept');

const shipment = {
  shipper: text(100).optional(),
  trackingNumber: numberText(100).optional(),
  shippedOn: calendarDate.optional(),
  deliveredOn: calendarDate.optional(),
};

const invoiceNumber = numberText(64).optional();

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
    providerRef: numberText(255)
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
    invoiceNumber: ofInvoice,
    reason: text(200).optional(),
  })
  .openapi('Refund');

const command = z.object({
  verb: z.string(),
  maxMinor: z.int().optional(),
  multiple: z
    .boolean()
    .optional()
    .openapi({ description: 'Several are possible: a part need not be the last one.' }),
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
      refundPending: z.int().openapi({
        description: 'Accepted by the provider to be given back, and not given back yet.',
      }),
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

export const startedSchema = paymentSchema
  .extend({
    otherPayments: z
      .array(z.object({ id: z.string(), status: z.string(), amountMinor: z.int() }))
      .optional()
      .openapi({
        description:
          'In the answer to a start, where there are any: the others for the same source, the newest ' +
          '20, as they stand now. A repeat of the start tells how they stand then.',
      }),
  })
  .openapi('StartedPayment');
export type StartedResource = z.infer<typeof startedSchema>;

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
