/** The buyer as Stripe is told of them: receipt, shipping, and a customer with the billing address. Pure. */
import type { AuthorizeTerms } from '../provider.ts';
import type { Address } from '../order-details.ts';
import type { Form } from './client.ts';

/** Longer ones are refused. Source: https://docs.stripe.com/api/customers/create, read 2026-12-01. */
const NAME_MAX = 256;
const PHONE_MAX = 20;

/** What goes with the authorization itself. A receipt is sent to `receipt_email` once money is taken.
 *  Source: https://docs.stripe.com/receipts, read 2026-12-01. */
export function intentDetails({ buyer, ...terms }: AuthorizeTerms): Form {
  return { receipt_email: buyer?.email, shipping: shippingOf({ buyer, ...terms }) };
}

/** Null: nothing is known of the buyer. */
export function customerDetails({ buyer, ...terms }: AuthorizeTerms): Form | null {
  const form: Form = {
    name: nameOf(buyer?.name ?? buyer?.company),
    email: buyer?.email,
    phone: phoneOf(buyer?.phone),
    address: buyer?.billingAddress === undefined ? undefined : addressOf(buyer.billingAddress),
    shipping: shippingOf({ buyer, ...terms }),
  };
  return Object.values(form).every((each) => each === undefined) ? null : form;
}

/** Stripe takes no address without the name of who receives. */
function shippingOf({
  buyer,
  shippingAddress: to,
}: Pick<AuthorizeTerms, 'shippingAddress'> & {
  readonly buyer: AuthorizeTerms['buyer'] | undefined;
}): Form | undefined {
  const name = nameOf(to?.name ?? to?.company ?? buyer?.name ?? buyer?.company);
  if (to === undefined || name === undefined) return undefined;
  const company = to.company === name ? undefined : to.company;
  return { name, phone: phoneOf(buyer?.phone), address: { ...addressOf(to), line2: company } };
}

function addressOf({ street, houseNumber, postalCode, city, country }: Address): Form {
  const line1 = [street, houseNumber].filter((each) => each !== undefined).join(' ');
  return { line1: line1 === '' ? undefined : line1, postal_code: postalCode, city, country };
}

const nameOf = (name: string | undefined): string | undefined => name?.slice(0, NAME_MAX);

const phoneOf = (phone: string | undefined): string | undefined =>
  phone === undefined || phone.length > PHONE_MAX ? undefined : phone;
