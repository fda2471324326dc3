/** What may happen to a payment on credit, in each of its states. */
import { payableMinor, uninvoicedMinor } from '../../../../machines/credit/credit.amounts.ts';
import { NO_SHIPMENT } from '../../../../machines/credit/credit.context.ts';
import type { CreditEvent } from '../../../../machines/credit/credit.events.ts';
import type {
  CreditContext,
  CreditNoun,
  CreditVerb,
} from '../../../../machines/credit/credit.types.ts';
import { type Alphabet, AMOUNTS, answer, DAY, type Now, TOTAL } from '../family.ts';

export const INVOICES_MAX = 2;

type Credit = Now<CreditContext>;

const offer = {
  scriptUrl: 'https://apruve.example/apruve.js',
  merchantId: 'm1',
  order: {},
  secureHash: 'abc',
};
const decline = (verb: string) => ({ verb, code: 'no', message: 'No.', advice: null });
const failed = <const Noun extends CreditNoun>(noun: Noun, verb: CreditVerb) => ({
  declined: { type: `${noun}.declined` as const, decline: decline(verb) },
  refused: { type: `${noun}.refused` as const, reason: 'not now' },
  barred: {
    type: `${noun}.refused` as const,
    reason: 'wrong key',
    fault: 'credentials' as const,
  },
  unknown: { type: `${noun}.unknown` as const, reason: 'it timed out' },
  absent: { type: `${noun}.absent` as const, reason: 'it never arrived' },
});
const [offering, ordering, invoicing, shipping] = [
  failed('offer', 'offer'),
  failed('order', 'order'),
  failed('invoice', 'invoice'),
  failed('shipment', 'ship'),
];
const [cancelling, uninvoicing, returning] = [
  failed('cancellation', 'cancel'),
  failed('invoice_cancellation', 'cancel-invoice'),
  failed('return', 'return'),
];
const expiries = ({ at }: Credit): readonly (number | null)[] => [at + 45 * DAY, null];
const numbers = ({ context: c }: Credit): string[] => [...Object.keys(c.invoices), 'I_of_nobody'];
/** The next invoice while there may be one more, and one whose number is taken. */
const newNumbers = ({ context: c }: Credit): string[] => {
  const known = Object.keys(c.invoices);
  return [...(known.length < INVOICES_MAX ? [`I${known.length + 1}`] : []), ...known.slice(0, 1)];
};

export const CREDIT_ALPHABET: Alphabet<CreditContext, CreditEvent> = {
  'offer.approved': (now) => answer(now, { type: 'offer.approved', offer }),
  'offer.declined': (now) => answer(now, offering.declined),
  'offer.refused': (now) => answer(now, offering.refused, offering.barred),
  'offer.unknown': (now) => answer(now, offering.unknown),
  'offer.absent': (now) => answer(now, offering.absent),
  'order.approved': (now) =>
    answer(
      now,
      ...expiries(now).map((expiresAt) => ({
        type: 'order.approved' as const,
        providerRef: 'order_1',
        expiresAt,
      })),
    ),
  'order.reviewed': (now) => answer(now, { type: 'order.reviewed', providerRef: 'order_1' }),
  'order.declined': (now) => answer(now, ordering.declined),
  'order.refused': (now) => answer(now, ordering.refused, ordering.barred),
  'order.unknown': (now) => answer(now, ordering.unknown),
  'order.absent': (now) => answer(now, ordering.absent),
  'invoice.approved': (now) =>
    answer(now, { type: 'invoice.approved', providerRef: `invoice_${now.context.upon}` }),
  'invoice.declined': (now) => answer(now, invoicing.declined),
  'invoice.refused': (now) => answer(now, invoicing.refused, invoicing.barred),
  'invoice.unknown': (now) => answer(now, invoicing.unknown),
  'invoice.absent': (now) => answer(now, invoicing.absent),
  'shipment.approved': (now) =>
    answer(now, { type: 'shipment.approved', providerRef: 'shipment_1' }),
  'shipment.declined': (now) => answer(now, shipping.declined),
  'shipment.refused': (now) => answer(now, shipping.refused, shipping.barred),
  'shipment.unknown': (now) => answer(now, shipping.unknown),
  'shipment.absent': (now) => answer(now, shipping.absent),
  'cancellation.approved': (now) => answer(now, { type: 'cancellation.approved' }),
  'cancellation.declined': (now) => answer(now, cancelling.declined),
  'cancellation.refused': (now) => answer(now, cancelling.refused, cancelling.barred),
  'cancellation.unknown': (now) => answer(now, cancelling.unknown),
  'cancellation.absent': (now) => answer(now, cancelling.absent),
  'invoice_cancellation.approved': (now) => answer(now, { type: 'invoice_cancellation.approved' }),
  'invoice_cancellation.declined': (now) => answer(now, uninvoicing.declined),
  'invoice_cancellation.refused': (now) => answer(now, uninvoicing.refused, uninvoicing.barred),
  'invoice_cancellation.unknown': (now) => answer(now, uninvoicing.unknown),
  'invoice_cancellation.absent': (now) => answer(now, uninvoicing.absent),
  'return.approved': (now) => answer(now, { type: 'return.approved', providerRef: 'return_1' }),
  'return.declined': (now) => answer(now, returning.declined),
  'return.refused': (now) => answer(now, returning.refused, returning.barred),
  'return.unknown': (now) => answer(now, returning.unknown),
  'return.absent': (now) => answer(now, returning.absent),
  'payment.abandoned': (now) => answer(now, { type: 'payment.abandoned' }),
  'acceptance.claimed': ({ at }) => [{ type: 'acceptance.claimed', at, providerRef: 'order_1' }],
  'acceptance.rejected': (now) =>
    answer(now, { type: 'acceptance.rejected', reason: 'it has another amount' }),
  'offer.timed_out': ({ at }) => [{ type: 'offer.timed_out', at }],
  'offer.withdrawn': ({ at }) => [{ type: 'offer.withdrawn', at, reason: null }],
  'invoice.requested': (now) =>
    newNumbers(now).flatMap((number) =>
      AMOUNTS.map((amountMinor) => ({
        type: 'invoice.requested',
        at: now.at,
        amountMinor,
        number,
        dueOn: null,
        shipment: NO_SHIPMENT,
      })),
    ),
  'shipment.requested': (now) =>
    numbers(now).map((number) => ({
      type: 'shipment.requested',
      at: now.at,
      number,
      shipment: NO_SHIPMENT,
    })),
  'cancellation.requested': ({ at }) => [{ type: 'cancellation.requested', at, reason: null }],
  'invoice_cancellation.requested': (now) =>
    numbers(now).map((number) => ({
      type: 'invoice_cancellation.requested',
      at: now.at,
      number,
      reason: null,
    })),
  'return.requested': (now) =>
    numbers(now).flatMap((number) =>
      AMOUNTS.map((amountMinor) => ({
        type: 'return.requested',
        at: now.at,
        number,
        amountMinor,
        reason: 'damaged',
      })),
    ),
  'order.found': (now) =>
    expiries(now).flatMap((expiresAt) =>
      [TOTAL, 1].map((amountMinor) => ({
        type: 'order.found',
        at: now.at,
        providerRef: 'order_1',
        amountMinor,
        expiresAt,
      })),
    ),
  'review.found': ({ at }) => [{ type: 'review.found', at, providerRef: 'order_1' }],
  'cancellation.found': ({ at }) => [{ type: 'cancellation.found', at }],
  'order.lapsed': ({ at, context: c }) =>
    [uninvoicedMinor(c), 0, TOTAL + 1].map((amountMinor) => ({
      type: 'order.lapsed',
      at,
      amountMinor,
    })),
  'invoice.found': (now) =>
    newNumbers(now).flatMap((number) =>
      AMOUNTS.map((amountMinor) => ({
        type: 'invoice.found',
        at: now.at,
        number,
        amountMinor,
        providerRef: `invoice_${number}`,
      })),
    ),
  'invoice_cancellation.found': (now) =>
    numbers(now).map((number) => ({ type: 'invoice_cancellation.found', at: now.at, number })),
  'return.found': (now) =>
    numbers(now).flatMap((number) =>
      AMOUNTS.map((amountMinor) => ({ type: 'return.found', at: now.at, number, amountMinor })),
    ),
  'invoice.funded': (now) =>
    numbers(now).flatMap((number) => {
      const invoice = now.context.invoices[number];
      const payable = invoice === undefined ? 1 : payableMinor(invoice);
      return [payable, payable + 1].map((amountMinor) => ({
        type: 'invoice.funded' as const,
        at: now.at,
        number,
        amountMinor,
      }));
    }),
  'invoice.closed': (now) =>
    numbers(now).map((number) => ({ type: 'invoice.closed', at: now.at, number })),
  'funding.overdue': (now) =>
    numbers(now).map((number) => ({ type: 'funding.overdue', at: now.at, number })),
  'order.expiry_due': ({ at }) => [{ type: 'order.expiry_due', at }],
  'picture.confirmed': ({ at }) => [{ type: 'picture.confirmed', at }],
  'picture.contradicted': ({ at }) => [{ type: 'picture.contradicted', at, reason: 'in EUR' }],
  'recheck.requested': ({ at }) => [{ type: 'recheck.requested', at }],
  'news.received': ({ at }) =>
    ['order_1', null].map((providerRef) => ({
      type: 'news.received',
      at,
      source: 'provider',
      name: 'order.changed',
      notificationId: null,
      verified: true,
      providerRef,
      claim: { says: 'changed' },
    })),
  'resolution.proposed': ({ at }) =>
    [
      { outcome: 'succeeded', providerRef: 'seen_1' } as const,
      { outcome: 'failed', providerRef: null } as const,
    ].map((said) => ({ type: 'resolution.proposed', at, ...said, reason: 'seen there' })),
  'resolution.applied': ({ at }) => [{ type: 'resolution.applied', at }],
  'inquiry.due': ({ at }) => [{ type: 'inquiry.due', at }],
  'inquiry.inconclusive': ({ at }) => [{ type: 'inquiry.inconclusive', at, reason: 'no answer' }],
  'inquiry.exhausted': ({ at }) => [{ type: 'inquiry.exhausted', at }],
};
