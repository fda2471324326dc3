/**
 * The parameters of each endpoint. Names and enums: https://github.com/stripe/openapi and
 * https://docs.stripe.com/api/payment_intents (create, confirm, capture, cancel, list, search),
 * https://docs.stripe.com/api/refunds, /disputes, /charges, /customers, read 2026-11-21. `unmodelled` ones are Stripe's, not the simulator's.
 */
import { z } from 'zod';
import { field } from './form.ts';

const { accepted, unmodelled } = field;
const expand = field.list().optional();

const address = z.strictObject({
  city: field.unsettable().optional(),
  country: field.unsettable(2).optional(),
  line1: field.unsettable().optional(),
  line2: field.unsettable().optional(),
  postal_code: field.unsettable().optional(),
  state: field.unsettable().optional(),
});
export type AddressWish = z.infer<typeof address>;
const email = z.string().refine((text) => text === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text), {
  error: 'Invalid email address',
  params: { code: 'email_invalid' },
});
const shipping = z.strictObject({
  address,
  name: field.text(),
  phone: field.unsettable().optional(),
  carrier: field.unsettable().optional(),
  tracking_number: field.unsettable().optional(),
});
const billing = z.strictObject({
  address: address.optional(),
  email: email.optional(),
  name: field.unsettable().optional(),
  phone: field.unsettable().optional(),
  tax_id: unmodelled(),
});
export type BillingWish = z.infer<typeof billing>;
const ifAvailable = z.enum(['if_available', 'never']).optional();

const cardOptions = z.strictObject({
  request_multicapture: ifAvailable,
  request_overcapture: ifAvailable,
  request_extended_authorization: ifAvailable,
  request_incremental_authorization: ifAvailable,
  request_three_d_secure: z.enum(['any', 'automatic', 'challenge']).optional(),
  setup_future_usage: accepted(),
  moto: accepted(),
  setup_credential_usage: accepted(),
  stored_credential_usage: accepted(),
  network: accepted(),
  statement_descriptor_suffix_kana: accepted(),
  statement_descriptor_suffix_kanji: accepted(),
  capture_method: unmodelled(),
  cvc_token: unmodelled(),
  installments: unmodelled(),
  mandate_options: unmodelled(),
  require_cvc_recollection: unmodelled(),
  three_d_secure: unmodelled(),
});
const methodOptions = z.strictObject({
  card: cardOptions.optional(),
  us_bank_account: z.record(z.string(), z.unknown()).optional(),
  link: accepted(),
});

const offSession = z
  .union([field.boolean(), z.enum(['one_off', 'recurring']).transform(() => true)])
  .optional();

/** What `create` (with `confirm=true`) and `confirm` share. */
const confirmation = {
  capture_method: z.enum(['automatic', 'automatic_async', 'manual']).optional(),
  error_on_requires_action: field.boolean().optional(),
  excluded_payment_method_types: field.list().optional(),
  allowed_payment_method_types: field.list().optional(),
  expand,
  mandate_data: accepted(),
  off_session: offSession,
  payment_method: field.text().optional(),
  payment_method_options: methodOptions.optional(),
  /** Gone since 2026-09-30.endive: see `versions.ts`. */
  payment_method_types: field.list().optional(),
  receipt_email: email.optional(),
  return_url: field.url().optional(),
  setup_future_usage: z.enum(['off_session', 'on_session', '']).optional(),
  shipping: shipping.optional(),
  use_stripe_sdk: accepted(),
  amount_details: unmodelled(),
  confirmation_token: unmodelled(),
  hooks: unmodelled(),
  mandate: unmodelled(),
  payment_details: accepted(),
  payment_method_data: unmodelled(),
  radar_options: accepted(),
};

export const createIntent = z.strictObject({
  ...confirmation,
  amount: field.integer(),
  currency: field.text(),
  automatic_payment_methods: z
    .strictObject({
      enabled: field.boolean(),
      allow_redirects: z.enum(['always', 'never']).optional(),
    })
    .optional(),
  confirm: field.boolean().optional(),
  confirmation_method: z.enum(['automatic']).optional(),
  customer: field.text().optional(),
  description: field.unsettable(1000).optional(),
  metadata: field.metadata().optional(),
  payment_method_configuration: accepted(),
  statement_descriptor: field.text(22).optional(),
  statement_descriptor_suffix: field.text(22).optional(),
  transfer_group: field.text().optional(),
  application_fee_amount: unmodelled(),
  customer_account: unmodelled(),
  managed_payments: unmodelled(),
  on_behalf_of: unmodelled(),
  transfer_data: unmodelled(),
});
export type CreateIntent = z.infer<typeof createIntent>;

export const confirmIntent = z.strictObject({ ...confirmation, amount_to_confirm: unmodelled() });
export type ConfirmIntent = z.infer<typeof confirmIntent>;

export const updateIntent = z.strictObject({
  expand,
  metadata: field.metadata().optional(),
  description: field.unsettable(1000).optional(),
  receipt_email: email.optional(),
  amount: unmodelled(),
  allowed_payment_method_types: unmodelled(),
  amount_details: unmodelled(),
  application_fee_amount: unmodelled(),
  capture_method: unmodelled(),
  currency: unmodelled(),
  customer: unmodelled(),
  customer_account: unmodelled(),
  excluded_payment_method_types: unmodelled(),
  hooks: unmodelled(),
  payment_details: accepted(),
  payment_method: unmodelled(),
  payment_method_configuration: unmodelled(),
  payment_method_data: unmodelled(),
  payment_method_options: unmodelled(),
  payment_method_types: unmodelled(),
  setup_future_usage: unmodelled(),
  shipping: shipping.optional(),
  statement_descriptor: unmodelled(),
  statement_descriptor_suffix: unmodelled(),
  transfer_data: unmodelled(),
  transfer_group: unmodelled(),
});
export type UpdateIntent = z.infer<typeof updateIntent>;

export const captureIntent = z.strictObject({
  amount_to_capture: field.integer(0).optional(),
  final_capture: field.boolean().optional(),
  metadata: field.metadata().optional(),
  statement_descriptor_suffix: field.text(22).optional(),
  payment_details: accepted(),
  amount_details: unmodelled(),
  application_fee_amount: unmodelled(),
  hooks: unmodelled(),
  statement_descriptor: unmodelled(),
  transfer_data: unmodelled(),
  expand,
});
export type CaptureIntent = z.infer<typeof captureIntent>;

export const cancelIntent = z.strictObject({
  cancellation_reason: z
    .enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'])
    .optional(),
  expand,
});
export type CancelIntent = z.infer<typeof cancelIntent>;

export const createRefund = z.strictObject({
  payment_intent: field.text().optional(),
  charge: field.text().optional(),
  amount: field.integer(1).optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: field.metadata().optional(),
  expand,
  currency: unmodelled(),
  customer: unmodelled(),
  instructions_email: accepted(),
  origin: unmodelled(),
  refund_application_fee: unmodelled(),
  reverse_transfer: unmodelled(),
});
export type CreateRefund = z.infer<typeof createRefund>;

export const createCustomer = z.strictObject({
  description: field.unsettable().optional(),
  email: email.optional(),
  expand,
  metadata: field.metadata().optional(),
  name: field.unsettable(256).optional(),
  phone: field.unsettable(20).optional(),
  address: address.optional(),
  business_name: accepted(),
  individual_name: accepted(),
  preferred_locales: accepted(),
  shipping: shipping.optional(),
  tax: accepted(),
  tax_exempt: accepted(),
  balance: unmodelled(),
  cash_balance: unmodelled(),
  invoice_prefix: unmodelled(),
  invoice_settings: unmodelled(),
  next_invoice_sequence: unmodelled(),
  payment_method: unmodelled(),
  source: unmodelled(),
  tax_id_data: unmodelled(),
  test_clock: unmodelled(),
});
export type CreateCustomer = z.infer<typeof createCustomer>;

export const updateMethod = z.strictObject({
  billing_details: billing.optional(),
  metadata: field.metadata().optional(),
  expand,
  allow_redisplay: accepted(),
  card: unmodelled(),
  us_bank_account: unmodelled(),
});
export type UpdateMethod = z.infer<typeof updateMethod>;

export const retrieve = z.strictObject({ expand, client_secret: accepted() });

const seconds = field.integer(0);
const page = {
  limit: field.integer(1, 100).optional(),
  starting_after: field.text().optional(),
  ending_before: field.text().optional(),
  created: z
    .union([
      seconds,
      z.strictObject({
        gt: seconds.optional(),
        gte: seconds.optional(),
        lt: seconds.optional(),
        lte: seconds.optional(),
      }),
    ])
    .optional(),
  expand,
};
export type Page = z.infer<z.ZodObject<typeof page>>;

export const listIntents = z.strictObject({
  ...page,
  customer: field.text().optional(),
  customer_account: unmodelled(),
});
export const listRefunds = z.strictObject({
  ...page,
  charge: field.text().optional(),
  payment_intent: field.text().optional(),
});
export const listDisputes = listRefunds;
export const listWarnings = listRefunds;
export const listReviews = z.strictObject(page);
export const approveReview = z.strictObject({ expand });
export const listCharges = z.strictObject({
  ...page,
  customer: field.text().optional(),
  payment_intent: field.text().optional(),
  transfer_group: unmodelled(),
});
export const listEvents = z.strictObject({
  ...page,
  type: field.text().optional(),
  types: field.list().optional(),
  delivery_success: accepted(),
});
export const searchIntents = z.strictObject({
  query: field.text(),
  limit: field.integer(1, 100).optional(),
  page: field.text().optional(),
  expand,
});
