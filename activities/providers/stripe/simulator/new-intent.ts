/** A PaymentIntent as it is born. https://docs.stripe.com/api/payment_intents/create, read 2026-11-21. */
import { metadataOf, type PaymentIntent } from './objects.ts';
import type { ConfirmIntent, CreateIntent } from './parameters.ts';
import { newId, seconds, type Account } from './store.ts';

const SIMULATED_TYPES = ['card', 'us_bank_account'];

export function newIntent(account: Account, wish: CreateIntent): PaymentIntent {
  const id = newId('pi');
  const types = wish.allowed_payment_method_types ?? wish.payment_method_types;
  const excluded = wish.excluded_payment_method_types ?? [];
  const { enabled = true, allow_redirects = 'always' } = wish.automatic_payment_methods ?? {};
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: wish.allowed_payment_method_types ?? null,
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
    customer_account: null,
    description: wish.description ?? null,
    excluded_payment_method_types: wish.excluded_payment_method_types ?? null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: metadataOf({}, wish.metadata),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: optionsOf(wish),
    payment_method_types: (types ?? SIMULATED_TYPES).filter((type) => !excluded.includes(type)),
    payment_record: null,
    processing: null,
    receipt_email: wish.receipt_email ?? null,
    review: null,
    setup_future_usage: wish.setup_future_usage || null,
    shipping: wish.shipping ?? null,
    statement_descriptor: null,
    statement_descriptor_suffix: wish.statement_descriptor_suffix ?? null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: wish.transfer_group ?? null,
  };
}

export function optionsOf(wish: ConfirmIntent): PaymentIntent['payment_method_options'] {
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
