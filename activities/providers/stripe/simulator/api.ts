/** The endpoints: https://docs.stripe.com/api/payment_intents, /refunds, /disputes, /radar, /customers,
 *  /payment_methods, /charges, /events, read 2026-11-21. */
import { cancelIntent, captureHold } from './capture.ts';
import { createCustomer } from './customers.ts';
import { missing } from './errors.ts';
import type { Kind, Shown } from './expand.ts';
import type { Endpoints } from './http.ts';
import { checkCreation, confirmIntent, createIntent, updateIntent } from './intents.ts';
import { listOf, searchIntents } from './lists.ts';
import { methodOf, updateMethod } from './methods.ts';
import type { PaymentIntent } from './objects.ts';
import * as shapes from './parameters.ts';
import { closeReview, openReviewOf } from './radar.ts';
import { createRefund } from './refunds.ts';
import type { Call, IntentRecord } from './store.ts';

function one(kind: Kind): Shown {
  return { kind, list: false };
}

function many(kind: Kind): Shown {
  return { kind, list: true };
}

export function paymentIntentEndpoints({ account, get, post }: Endpoints): void {
  const shows = one('payment_intent');
  const intentOf = (id: string): IntentRecord => {
    const record = account.state.intents.get(id);
    if (record === undefined) throw missing('payment_intent', id, 'intent', 404);
    return record;
  };
  /** An endpoint that does something with the PaymentIntent of the path and shows it. */
  const upon =
    <T>(act: (record: IntentRecord, wish: T, call: Call) => void) =>
    (wish: T, call: Call, id: string): PaymentIntent => {
      const record = intentOf(id);
      act(record, wish, call);
      return record.wire;
    };

  post('/payment_intents', {
    shows,
    shape: shapes.createIntent,
    check: checkCreation,
    act: (wish, call) => createIntent(account, call, wish).wire,
  });
  post('/payment_intents/:id', {
    shows,
    shape: shapes.updateIntent,
    act: upon((record, wish: shapes.UpdateIntent) => updateIntent(record, wish)),
  });
  post('/payment_intents/:id/confirm', {
    shows,
    shape: shapes.confirmIntent,
    act: upon((record, wish: shapes.ConfirmIntent, call) =>
      confirmIntent(account, call, record, wish),
    ),
  });
  post('/payment_intents/:id/capture', {
    shows,
    shape: shapes.captureIntent,
    act: upon((record, wish: shapes.CaptureIntent, call) =>
      captureHold(account, call, record, wish),
    ),
  });
  post('/payment_intents/:id/cancel', {
    shows,
    shape: shapes.cancelIntent,
    act: upon((record, wish: shapes.CancelIntent, call) =>
      cancelIntent(account, call, record, wish),
    ),
  });
  paymentIntentReaders({ account, get }, (id) => intentOf(id).wire);
}

function paymentIntentReaders(
  { account, get }: Pick<Endpoints, 'account' | 'get'>,
  intentOf: (id: string) => PaymentIntent,
): void {
  const intents = () => [...account.state.intents.values()].map(({ wire }) => wire).toReversed();
  // Before `/:id`, or "search" would be an id.
  get('/payment_intents/search', {
    shows: many('payment_intent'),
    shape: shapes.searchIntents,
    read: (wish) => searchIntents(intents(), wish),
  });
  get('/payment_intents', {
    shows: many('payment_intent'),
    shape: shapes.listIntents,
    read: (wish) => {
      const whose = wish.customer;
      const fits = intents().filter(({ customer }) => whose === undefined || customer === whose);
      return listOf(fits, wish, { url: '/v1/payment_intents', what: 'payment_intent' });
    },
  });
  get('/payment_intents/:id', {
    shows: one('payment_intent'),
    shape: shapes.retrieve,
    read: (_, id) => intentOf(id),
  });
}

/** Of what belongs to a charge: whose it is. */
function belongsTo(wish: { charge?: string | undefined; payment_intent?: string | undefined }) {
  const { charge, payment_intent: intent } = wish;
  return (object: { charge: string; payment_intent: string }) =>
    (charge === undefined || object.charge === charge) &&
    (intent === undefined || object.payment_intent === intent);
}

export function refundEndpoints({ account, get, post }: Endpoints): void {
  const { refunds } = account.state;
  post('/refunds', {
    shows: one('refund'),
    shape: shapes.createRefund,
    act: (wish, call) => createRefund(account, call, wish),
  });
  get('/refunds', {
    shows: many('refund'),
    shape: shapes.listRefunds,
    read: (wish) => {
      const fits = [...refunds.values()].map(({ wire }) => wire).filter(belongsTo(wish));
      return listOf(fits.toReversed(), wish, { url: '/v1/refunds', what: 'refund' });
    },
  });
  get('/refunds/:id', {
    shows: one('refund'),
    shape: shapes.retrieve,
    read: (_, id) => found(refunds.get(id)?.wire, 'refund', id, 'refund'),
  });
}

export function disputeEndpoints({ account, get }: Endpoints): void {
  const { disputes } = account.state;
  get('/disputes', {
    shows: many('dispute'),
    shape: shapes.listDisputes,
    read: (wish) => {
      const fits = [...disputes.values()].filter(belongsTo(wish));
      return listOf(fits.toReversed(), wish, { url: '/v1/disputes', what: 'dispute' });
    },
  });
  get('/disputes/:id', {
    shows: one('dispute'),
    shape: shapes.retrieve,
    read: (_, id) => found(disputes.get(id), 'dispute', id, 'dispute'),
  });
}

export function radarEndpoints({ account, get, post }: Endpoints): void {
  const { reviews, warnings } = account.state;
  get('/reviews', {
    shows: many('review'),
    shape: shapes.listReviews,
    read: (wish) => {
      const open = [...reviews.values()].filter((review) => review.open);
      return listOf(open.toReversed(), wish, { url: '/v1/reviews', what: 'review' });
    },
  });
  get('/reviews/:id', {
    shows: one('review'),
    shape: shapes.retrieve,
    read: (_, id) => found(reviews.get(id), 'review', id, 'review'),
  });
  post('/reviews/:id/approve', {
    shows: one('review'),
    shape: shapes.approveReview,
    act: (_, __, id) => {
      const review = found(reviews.get(id), 'review', id, 'review');
      return closeReview(account, openReviewOf(account, review.payment_intent), 'approved');
    },
  });
  const warning = '/radar/early_fraud_warnings';
  get(warning, {
    shows: many('warning'),
    shape: shapes.listWarnings,
    read: (wish) => {
      const fits = [...warnings.values()].filter(belongsTo(wish));
      return listOf(fits.toReversed(), wish, { url: `/v1${warning}`, what: 'early_fraud_warning' });
    },
  });
  get(`${warning}/:id`, {
    shows: one('warning'),
    shape: shapes.retrieve,
    read: (_, id) => found(warnings.get(id), 'early_fraud_warning', id, 'early_fraud_warning'),
  });
}

export function paymentMethodEndpoints({ account, get, post }: Endpoints): void {
  get('/payment_methods/:id', {
    shows: one('payment_method'),
    shape: shapes.retrieve,
    read: (_, id) => methodOf(account, id).wire,
  });
  post('/payment_methods/:id', {
    shows: one('payment_method'),
    shape: shapes.updateMethod,
    act: (wish, call, id) => updateMethod(account, call, id, wish),
  });
}

export function customerEndpoints({ account, get, post }: Endpoints): void {
  post('/customers', {
    shows: one('customer'),
    shape: shapes.createCustomer,
    act: (wish, call) => createCustomer(account, call, wish),
  });
  get('/customers/:id', {
    shows: one('customer'),
    shape: shapes.retrieve,
    read: (_, id) => found(account.state.customers.get(id), 'customer', id, 'id'),
  });
}

export function chargeAndEventEndpoints({ account, get }: Endpoints): void {
  const { charges, events } = account.state;
  get('/charges', {
    shows: many('charge'),
    shape: shapes.listCharges,
    read: (wish) => {
      const { customer, payment_intent: intent } = wish;
      const fits = [...charges.values()]
        .filter((charge) => customer === undefined || charge.customer === customer)
        .filter((charge) => intent === undefined || charge.payment_intent === intent);
      return listOf(fits.toReversed(), wish, { url: '/v1/charges', what: 'charge' });
    },
  });
  get('/charges/:id', {
    shows: one('charge'),
    shape: shapes.retrieve,
    read: (_, id) => found(charges.get(id), 'charge', id, 'charge'),
  });
  get('/events', {
    shows: many('event'),
    shape: shapes.listEvents,
    read: (wish) => {
      const types = wish.types ?? (wish.type === undefined ? null : [wish.type]);
      const fits = [...events.values()].filter(
        ({ type }) => types === null || types.includes(type),
      );
      return listOf(fits.toReversed(), wish, { url: '/v1/events', what: 'event' });
    },
  });
  get('/events/:id', {
    shows: one('event'),
    shape: shapes.retrieve,
    read: (_, id) => found(events.get(id), 'event', id, 'id'),
  });
}

function found<T>(object: T | undefined, what: string, id: string, param: string): T {
  if (object === undefined) throw missing(what, id, param, 404);
  return object;
}
