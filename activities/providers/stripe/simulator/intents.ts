/**
 * PaymentIntents: creating, confirming, updating. What happens with the money is in `attempt.ts` and `capture.ts`.
 * Source: https://docs.stripe.com/api/payment_intents/create and /confirm, read 2026-11-21.
 */
import { attemptPayment } from './attempt.ts';
import { checkAmount, checkCurrency } from './currencies.ts';
import { requireCustomer } from './customers.ts';
import { badParameter, refused, unexpectedState } from './errors.ts';
import { findMethod, checkMethodFits } from './methods.ts';
import { newIntent, optionsOf } from './new-intent.ts';
import { metadataOf, type PaymentIntent } from './objects.ts';
import type { ConfirmIntent, CreateIntent, UpdateIntent } from './parameters.ts';
import type { Account, Call, IntentRecord } from './store.ts';

/** What can be seen to be wrong without looking anything up. */
export function checkCreation(wish: CreateIntent): void {
  checkCurrency(wish.currency);
  checkAmount(wish.amount, wish.currency);
  checkExclusive(wish);
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

/** Only one of these says which methods a payment may use:
 *  https://docs.stripe.com/changelog/dahlia/2026-07-29/allowed-payment-method-types-parameter, read 2026-11-21. */
function checkExclusive(wish: CreateIntent): void {
  const choosers = [
    'allowed_payment_method_types',
    'automatic_payment_methods',
    'payment_method_types',
  ] as const;
  const others = ['excluded_payment_method_types', 'payment_method_configuration'] as const;
  const given = choosers.filter((param) => wish[param] !== undefined);
  if (given[0] === 'allowed_payment_method_types') {
    const [more] = others.filter((param) => wish[param] !== undefined);
    if (more !== undefined) throw exclusive([given[0], more]);
  }
  if (given.length > 1) throw exclusive(given);
}

function exclusive(params: readonly string[]) {
  const message = `You may only specify one of these parameters: ${params.join(', ')}.`;
  return badParameter(message, { code: 'parameters_exclusive' });
}

export function createIntent(account: Account, call: Call, wish: CreateIntent): IntentRecord {
  requireCustomer(account, wish.customer);
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
  if (wish.confirm === true) {
    requirePresence(wire.setup_future_usage, wish);
    requireConfirmable(wire, wire.payment_method, wish);
  }
  account.state.intents.set(wire.id, record);
  account.emit('payment_intent.created', wire, call);
  if (wish.confirm === true && method !== null) {
    attemptPayment(account, call, record, method, attemptWish(wish));
  }
  return record;
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
  const futureUsage = wish.setup_future_usage ?? wire.setup_future_usage;
  requirePresence(futureUsage, wish);
  const return_url = wish.return_url ?? record.returnUrl ?? undefined;
  requireConfirmable(wire, id, { ...wish, return_url });
  record.returnUrl = return_url ?? null;
  wire.capture_method = wish.capture_method ?? wire.capture_method;
  const types = wish.allowed_payment_method_types ?? wish.payment_method_types;
  wire.payment_method_types = types ?? wire.payment_method_types;
  wire.setup_future_usage = futureUsage || null;
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

/** Who saves a card must be there to authenticate. The API reference does not say so; Stripe's answers do. */
function requirePresence(futureUsage: string | null, { off_session }: ConfirmIntent): void {
  if (off_session !== true || !futureUsage) return;
  throw refused(
    'You cannot confirm with `off_session=true` when `setup_future_usage` is also set on the PaymentIntent. The customer needs to be on-session to perform the steps which may be required to set up the PaymentMethod for future usage. Please confirm this PaymentIntent with your customer on-session.',
    { param: 'off_session' },
  );
}

/** With automatic payment methods a `return_url` is needed, unless the customer is not there or nothing may redirect, and
 *  `error_on_requires_action` cannot be used: https://docs.stripe.com/changelog/2023-08-16/automatic-payment-methods,
 *  read 2026-11-21. */
function requireConfirmable(
  wire: PaymentIntent,
  methodId: string | null,
  wish: Pick<ConfirmIntent, 'return_url' | 'off_session' | 'error_on_requires_action'>,
): void {
  if (methodId === null) {
    throw unexpectedState(
      "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and then confirm it again.",
      wire,
    );
  }
  const automatic = wire.automatic_payment_methods;
  if (automatic?.enabled !== true) return;
  if (wish.error_on_requires_action === true) {
    throw refused('You cannot use `error_on_requires_action` with automatic payment methods.', {
      param: 'error_on_requires_action',
    });
  }
  if (automatic.allow_redirects === 'never' || wish.off_session === true) return;
  if (wish.return_url !== undefined) return;
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
