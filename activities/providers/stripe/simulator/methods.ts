/** PaymentMethods: the sandbox's test ids, and what was made of them. */
import { TEST_METHODS } from './cards.ts';
import { missing, refused } from './errors.ts';
import type { PaymentIntent, PaymentMethod } from './objects.ts';
import { newId, seconds, type Account, type MethodRecord } from './store.ts';

/** A test id makes a new PaymentMethod, as in the sandbox. One that was used may serve its own payment again, or any
 *  payment of its customer: https://docs.stripe.com/api/payment_methods, read 2026-11-21. */
export function findMethod(account: Account, id: string, wire: PaymentIntent): MethodRecord {
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
