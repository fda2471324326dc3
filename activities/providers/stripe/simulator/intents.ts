/**
 * PaymentIntents: creating, confirming, updating. What happens with the money is in `attempt.ts` and `capture.ts`.
 * Source: https://docs.stripe.com/api/payment_intents/create and /confirm, read 2026-11-21.
 */
import { attemptPayment, checkMethodFits } from './attempt.ts';
import { TEST_METHODS } from './cards.ts';
import { checkAmount, checkCurrency } from './currencies.ts';
import { badParameter, missing, refused, unexpectedState } from './errors.ts';
import { metadataOf, type PaymentIntent, type PaymentMethod } from './objects.ts';
import type { ConfirmIntent, CreateIntent, UpdateIntent } from './parameters.ts';
import {
  newId,
  seconds,
  type Account,
  type Call,
  type IntentRecord,
  type MethodRecord,
} from './store.ts';

/** What can be seen to be wrong without looking anything up. */
export function checkCreation(wish: CreateIntent): void {
  checkCurrency(wish.currency);
  checkAmount(wish.amount, wish.currency);
  if (wish.automatic_payment_methods !== undefined && wish.payment_method_types !== undefined) {
    throw badParameter(
      'You may only specify one of these parameters: automatic_payment_methods, payment_method_types.',
      { code: 'parameters_exclusive' },
    );
  }
  const confirmOnly = ['error_on_requires_action', 'off_session', 'return_url'] as const;
  for (const param of confirmOnly) {
    if (wish[param] === undefined || wish.confirm === true) continue;
    throw badParameter(`You can only pass \`${param}\` with \`confirm=true\`.`, { param });
  }
  if (wish.statement_descriptor !== undefined) {
    const param = 'statement_descriptor';
    throw badParameter(
      '`statement_descriptor` is not for card charges. Use `statement_descriptor_suffix`.',
      { param },
    );
  }
}

export function createIntent(account: Account, call: Call, wish: CreateIntent): IntentRecord {
  if (wish.customer !== undefined && !wish.customer.startsWith('cus_')) {
    throw missing('customer', wish.customer, 'customer', 400);
  }
  const wire = newIntent(account, wish);
  const record: IntentRecord = {
    wire,
    returnUrl: wish.return_url ?? null,
    offSession: false,
    nonFinalCaptures: 0,
    dueAt: null,
    submittedKey: null,
  };
  const { payment_method: id } = wish;
  const method = id === undefined ? null : findMethod(account, id, wire);
  if (method !== null) {
    checkMethodFits(wire, method);
    wire.payment_method = method.wire.id;
    wire.status = 'requires_confirmation';
  }
  if (wish.confirm === true) requireConfirmable(wire, wire.payment_method, record.returnUrl);
  account.state.intents.set(wire.id, record);
  account.emit('payment_intent.created', wire, call);
  if (wish.confirm === true && method !== null) {
    attemptPayment(account, call, record, method, attemptWish(wish));
  }
  return record;
}

function newIntent(account: Account, wish: CreateIntent): PaymentIntent {
  const id = newId('pi');
  const types = wish.payment_method_types;
  const { enabled = true, allow_redirects = 'always' } = wish.automatic_payment_methods ?? {};
  return {
    id,
    object: 'payment_intent',
    amount: wish.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    // On by default since 2023-08-16, unless the types are named.
    automatic_payment_methods: types === undefined ? { allow_redirects, enabled } : null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: wish.capture_method ?? 'automatic_async',
    client_secret: newId(`${id}_secret`, 25),
    confirmation_method: 'automatic',
    created: seconds(account.plane.now()),
    currency: wish.currency,
    customer: wish.customer ?? null,
    description: wish.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: metadataOf({}, wish.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_options: optionsOf(wish),
    payment_method_types: types ?? ['card', 'us_bank_account'],
    processing: null,
    receipt_email: wish.receipt_email ?? null,
    review: null,
    setup_future_usage: wish.setup_future_usage ?? null,
    shipping: wish.shipping ?? null,
    statement_descriptor: null,
    statement_descriptor_suffix: wish.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: wish.transfer_group ?? null,
  };
}

export function confirmIntent(
  account: Account,
  call: Call,
  record: IntentRecord,
  wish: ConfirmIntent,
): void {
  const { wire } = record;
  const open = ['requires_payment_method', 'requires_confirmation', 'requires_action'];
  if (!open.includes(wire.status)) {
    const why =
      wire.status === 'succeeded'
        ? 'it has already succeeded after being previously confirmed'
        : `it has a status of ${wire.status}`;
    throw unexpectedState(`You cannot confirm this PaymentIntent because ${why}.`, wire);
  }
  const id = wish.payment_method ?? wire.payment_method;
  const method = id === null ? null : findMethod(account, id, wire);
  if (method !== null) checkMethodFits(wire, method);
  const returnUrl = wish.return_url ?? record.returnUrl;
  requireConfirmable(wire, id, returnUrl);
  record.returnUrl = returnUrl;
  wire.capture_method = wish.capture_method ?? wire.capture_method;
  wire.payment_method_types = wish.payment_method_types ?? wire.payment_method_types;
  wire.setup_future_usage = wish.setup_future_usage ?? wire.setup_future_usage;
  wire.receipt_email = wish.receipt_email ?? wire.receipt_email;
  wire.shipping = wish.shipping ?? wire.shipping;
  if (wish.payment_method_options !== undefined) {
    wire.payment_method_options = { ...wire.payment_method_options, ...optionsOf(wish) };
  }
  if (method !== null) attemptPayment(account, call, record, method, attemptWish(wish));
}

function attemptWish({ off_session, error_on_requires_action }: ConfirmIntent) {
  return { offSession: off_session ?? false, errorOnAction: error_on_requires_action ?? false };
}

function requireConfirmable(
  wire: PaymentIntent,
  methodId: string | null,
  returnUrl: string | null,
): void {
  if (methodId === null) {
    throw unexpectedState(
      "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and then confirm it again.",
      wire,
    );
  }
  const automatic = wire.automatic_payment_methods;
  if (automatic?.enabled !== true || automatic.allow_redirects === 'never') return;
  if (returnUrl !== null) return;
  throw refused(
    "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
  );
}

export function updateIntent(record: IntentRecord, wish: UpdateIntent): void {
  const { wire } = record;
  wire.metadata = metadataOf(wire.metadata, wish.metadata);
  if (wish.description !== undefined) wire.description = wish.description || null;
  if (wish.receipt_email !== undefined) wire.receipt_email = wish.receipt_email || null;
}

function optionsOf(wish: ConfirmIntent): PaymentIntent['payment_method_options'] {
  const { card, us_bank_account } = wish.payment_method_options ?? {};
  const defaults = { request_three_d_secure: 'automatic' };
  const given = Object.fromEntries(
    Object.entries(card ?? {}).filter(([, value]) => value !== undefined),
  );
  return {
    card: { ...defaults, ...given },
    ...(us_bank_account === undefined ? {} : { us_bank_account }),
  };
}

/** A test id makes a new PaymentMethod, as in the sandbox. One that was used may serve its own payment again, or any
 *  payment of its customer: https://docs.stripe.com/api/payment_methods, read 2026-11-21. */
function findMethod(account: Account, id: string, wire: PaymentIntent): MethodRecord {
  const held = account.state.methods.get(id);
  if (held !== undefined) {
    const mine = held.wire.customer !== null && held.wire.customer === wire.customer;
    if (mine || wire.payment_method === id) return held;
    throw refused(
      'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment. It may not be used again.',
      { param: 'payment_method' },
    );
  }
  const test = TEST_METHODS.get(id);
  if (test === undefined) throw missing('PaymentMethod', id, 'payment_method', 400);
  const { brand, last4 } = test;
  const made: PaymentMethod = {
    id: newId('pm'),
    object: 'payment_method',
    created: seconds(account.plane.now()),
    customer: wire.customer,
    livemode: false,
    metadata: {},
    type: test.type,
    ...(test.type === 'card'
      ? { card: { brand, country: 'US', exp_month: 12, exp_year: 2034, last4 } }
      : { us_bank_account: { bank_name: 'TEST BANK', last4, routing_number: '110000000' } }),
  };
  const record = { wire: made, test };
  account.state.methods.set(made.id, record);
  return record;
}
