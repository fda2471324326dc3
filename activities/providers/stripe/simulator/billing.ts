/** Names and addresses: https://docs.stripe.com/api/payment_methods/object (`billing_details`), read 2026-12-01. */
import type { Address, BillingDetails } from './objects.ts';
import type { AddressWish, BillingWish } from './parameters.ts';

export function addressOf(wish: AddressWish): Address {
  const { city, country, line1, line2, postal_code, state } = wish;
  return {
    city: city || null,
    country: country || null,
    line1: line1 || null,
    line2: line2 || null,
    postal_code: postal_code || null,
    state: state || null,
  };
}

export function billingDetailsOf({ address, email, name, phone }: BillingWish): BillingDetails {
  return {
    address: addressOf(address ?? {}),
    email: email || null,
    name: name || null,
    phone: phone || null,
    tax_id: null,
  };
}
