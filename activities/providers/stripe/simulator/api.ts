/** The endpoints: https://docs.stripe.com/api/payment_intents, /refunds, /disputes, /customers, /charges, /events, read 2026-11-21. */
import { cancelIntent, captureHold } from './capture.ts';
import { createCustomer } from './customers.ts';
import { missing } from './errors.ts';
import type { Kind, Shown } from './expand.ts';
import type { Endpoints } from './http.ts';
import { checkCreation, confirmIntent, createIntent, updateIntent } from './intents.ts';
import { listOf, searchIntents } from './lists.ts';
import type { PaymentIntent } from './objects.ts';
import * as shapes from './parameters.ts';
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
