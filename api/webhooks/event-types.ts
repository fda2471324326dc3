/** What merchants can be told of, in words. A test keeps it equal to what the charts announce. */
export const EVENT_TYPES = {
  'payment.authorized': 'The money is held.',
  'payment.captured': 'Held money was taken, all or a part; or a sale was approved.',
  'payment.declined': 'The issuer or the provider said no.',
  'payment.action_required': 'The buyer has to confirm at a page.',
  'payment.voided': 'The hold was released on request.',
  'payment.refunded': 'Captured money was given back, all or a part.',
  'payment.expired': 'Its time ran out: nothing is held.',
  'payment.capture_failed': 'A capture did not happen; the hold is as it was.',
  'payment.void_failed': 'A void did not happen; the hold is as it was.',
  'payment.refund_failed': 'A refund did not happen, or failed after it had: the money is back.',
  'payment.refund_pending': 'The provider accepted a refund; its result comes later.',
  'payment.in_review': 'The provider has people look at the payment: wait before you ship.',
  'payment.review_closed': 'They have decided; the payment says what became of it.',
  'payment.fraud_warning': 'The issuer warns of a fraud; no money has moved.',
  'payment.given_up': 'Checkout gave it up while nobody knew its outcome; what is found goes back.',
  'payment.hold_ending': 'The hold is about to end; `deadlines` say what happens then.',
  'payment.hold_expired': 'What was left of the hold has lapsed; what was captured stays.',
  'payment.reauthorized': 'A new hold stands in the place of the old one.',
  'payment.capture_scheduled': 'A capture is to happen by itself at a time.',
  'payment.capture_unscheduled': 'It is not to happen by itself any more.',
  'payment.disputed': 'The buyer disputes captured money, and the provider withholds it.',
  'payment.dispute_won': 'The dispute was decided for the merchant: the money is back.',
  'payment.dispute_lost': 'The dispute was decided for the buyer: the money is gone.',
  'payment.resolved': 'An operator settled what the provider could not tell.',
  'payment.received': 'Money came for a promised payment, all or a part.',
  'payment.recovered': 'Money came for what had been written off.',
  'payment.bounced': 'Money that had come is gone: a check was returned, a transfer recalled.',
  'payment.reminder_due': 'A promised payment is due soon: remind the buyer.',
  'payment.overdue': 'A promised payment was not made in time.',
  'payment.written_off': 'What is still owed was given up.',
  'payment.reduced': 'A credit note was recorded: less is owed.',
  'payment.cancelled': 'A promise or an order was cancelled before anything came.',
  'payment.reserved': 'The provider reserved the order of the buyer’s limit.',
  'payment.modified': 'The reserved order has another amount.',
  'payment.modification_failed': 'It does not: the order is as it was.',
  'payment.order_captured': 'The order is confirmed at the provider; no money has come.',
  'payment.guaranteed': 'The provider guarantees the invoice; no money has come.',
  'payment.guarantee_denied': 'It does not, and the order still blocks the buyer’s limit.',
  'payment.activation_failed': 'The provider did not decide about the guarantee.',
  'payment.cancellation_failed': 'A cancellation did not happen.',
  'payment.limit_released': 'A limit that was blocked for nothing is free again.',
  'payment.invoiced': 'An invoice stands at the provider; no money has come.',
  'payment.invoice_failed': 'It does not: the order is as it was.',
  'payment.invoice_cancelled': 'An invoice was cancelled; its part can be invoiced anew.',
  'payment.shipped': 'The provider knows of the shipment of an invoice.',
  'payment.shipment_failed': 'It does not; the invoice stands.',
  'payment.funded': 'The provider has paid an invoice.',
  'payment.funding_late': 'It has not, though it should have.',
  'payment.returned': 'Goods of an invoice that was not paid came back: it is worth less.',
  'payment.invoice_closed': 'The buyer has paid the provider.',
  'payment.claimed': 'The provider has paid in the buyer’s place.',
  'payment.needs_attention': 'A person has to look at it.',
} as const satisfies Record<string, string>;

export type EventType = keyof typeof EVENT_TYPES;

export const EVENT_TYPE_NAMES = Object.keys(EVENT_TYPES) as [EventType, ...EventType[]];

/** For the OpenAPI document, in Markdown. */
export const EVENT_TYPE_LIST = Object.entries(EVENT_TYPES)
  .map(([name, words]) => `- \`${name}\`: ${words}`)
  .join('\n');
