/** PaymentMethods: the sandbox's test ids, and what was made of them. */
import { billingDetailsOf } from './billing.ts';
import { TEST_METHODS } from './cards.ts';
import { missing, refused } from './errors.ts';
import { metadataOf, type PaymentIntent, type PaymentMethod } from './objects.ts';
import type { UpdateMethod } from './parameters.ts';
import { newId, seconds, type Account, type Call, type MethodRecord } from './store.ts';

/** A test id makes a new PaymentMethod, as in the sandbox. One that was used may serve its own payment again, or any
 *  payment of the customer it was saved for: https://docs.stripe.com/api/payment_methods, read 2026-11-21. */
export function findMethod(account: Account, id: string, wire: PaymentIntent): MethodRecord {
  const held = account.state.methods.get(id);
  if (held !== undefined) {
    const mine = held.wire.customer !== null && held.wire.customer === wire.customer;
    if (mine || wire.payment_method === id) return held;
    if (held.wire.customer !== null) throw notTheirs(id, wire.customer);
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
    billing_details: billingDetailsOf({}),
    created: seconds(account.plane.now()),
    customer: null,
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

/** "A PaymentMethod must be attached to a customer to be updated": https://docs.stripe.com/api/payment_methods/update,
 *  read 2026-12-01. Its words when it is not are not known. */
export function updateMethod(account: Account, call: Call, id: string, wish: UpdateMethod) {
  const { wire } = methodOf(account, id);
  if (wire.customer === null) {
    throw refused(`The PaymentMethod ${id} must be attached to a customer to be updated.`);
  }
  wire.metadata = metadataOf(wire.metadata, wish.metadata);
  if (wish.billing_details !== undefined) {
    wire.billing_details = billingDetailsOf(wish.billing_details);
  }
  account.emit('payment_method.updated', wire, call);
  return wire;
}

export function methodOf({ state }: Account, id: string): MethodRecord {
  const record = state.methods.get(id);
  if (record === undefined) throw missing('PaymentMethod', id, 'payment_method', 404);
  return record;
}

/** "Payment methods attached to other Customers cannot be used", says the API reference. The words without a customer
 *  are not Stripe's. */
function notTheirs(id: string, customer: string | null) {
  const message =
    customer === null
      ? `The PaymentMethod ${id} is attached to a customer: give the \`customer\` with it.`
      : `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`;
  return refused(message, { param: 'payment_method' });
}

/** Whether the bank wants the customer to authenticate: https://docs.stripe.com/testing#regulatory-cards. */
export function mustAuthenticate(
  intent: PaymentIntent,
  { test, wire }: MethodRecord,
  offSession: boolean,
): boolean {
  const asked = intent.payment_method_options['card']?.['request_three_d_secure'];
  switch (test.authentication) {
    case 'always':
      return true;
    case 'until-saved':
      return !offSession || wire.customer === null;
    case 'on-session':
      return !offSession;
    case 'on-request':
      return asked === 'any' || asked === 'challenge';
    case 'never':
      return false;
  }
}

/** Bank debits cannot be held: https://docs.stripe.com/payments/payment-methods/payment-method-support. */
export function checkMethodFits(wire: PaymentIntent, method: MethodRecord): void {
  const { type } = method.test;
  if (wire.automatic_payment_methods === null && !wire.payment_method_types.includes(type)) {
    throw refused(
      `The PaymentMethod provided (${type}) is not allowed for this PaymentIntent. Its allowed types: ${wire.payment_method_types.join(', ')}.`,
      { code: 'payment_intent_incompatible_payment_method', param: 'payment_method' },
    );
  }
  if (type !== 'us_bank_account') return;
  if (wire.capture_method === 'manual') {
    const param = 'capture_method';
    throw refused('us_bank_account does not support manual capture.', { param });
  }
  if (wire.currency !== 'usd') {
    throw refused('us_bank_account takes usd only.', {
      code: 'payment_method_currency_mismatch',
      param: 'currency',
    });
  }
}
