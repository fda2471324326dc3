/**
 * Customers, and the payment methods that stay with them. Sources, read 2026-11-21: https://docs.stripe.com/api/customers
 * and https://docs.stripe.com/api/payment_intents/object (`customer`, `setup_future_usage`), as Stripe's SDK carries them.
 */
import { addressOf } from './billing.ts';
import { missing } from './errors.ts';
import { metadataOf, type Customer } from './objects.ts';
import type { CreateCustomer } from './parameters.ts';
import {
  newId,
  seconds,
  type Account,
  type Call,
  type IntentRecord,
  type MethodRecord,
} from './store.ts';

export function createCustomer(account: Account, call: Call, wish: CreateCustomer): Customer {
  const customer: Customer = {
    id: newId('cus', 14),
    object: 'customer',
    address: wish.address === undefined ? null : addressOf(wish.address),
    balance: 0,
    created: seconds(account.plane.now()),
    currency: null,
    default_source: null,
    delinquent: false,
    description: wish.description || null,
    discount: null,
    email: wish.email || null,
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: metadataOf({}, wish.metadata),
    name: wish.name || null,
    phone: wish.phone || null,
    preferred_locales: [],
    shipping: wish.shipping ?? null,
    tax_exempt: 'none',
    test_clock: null,
  };
  account.state.customers.set(customer.id, customer);
  account.emit('customer.created', customer, call);
  return customer;
}

export function requireCustomer(account: Account, id: string | undefined): void {
  if (id === undefined || account.state.customers.has(id)) return;
  throw missing('customer', id, 'customer', 400);
}

/** "After the PaymentIntent is confirmed and the customer completes any required actions", and only if it was asked for:
 *  a customer alone saves nothing. */
export function keepForCustomer(
  account: Account,
  call: Call,
  { wire }: IntentRecord,
  { wire: method }: MethodRecord,
): void {
  if (wire.customer === null || wire.setup_future_usage === null) return;
  if (method.customer !== null) return;
  method.customer = wire.customer;
  account.emit('payment_method.attached', method, call);
}
