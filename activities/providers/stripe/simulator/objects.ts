/**
 * Stripe's objects as they go over the wire, as far as the simulator fills them.
 * Source: https://docs.stripe.com/api/payment_intents/object, /charges/object, /refunds/object, /disputes/object, /customers/object,
 * /events/object and the
 * fixtures in https://github.com/stripe/openapi (openapi/fixtures3.json), read 2026-11-21.
 */
export type Metadata = Record<string, string>;
export type CaptureMethod = 'automatic' | 'automatic_async' | 'manual';
export type IntentStatus =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'requires_capture'
  | 'canceled'
  | 'succeeded';

export type PaymentIntent = {
  id: string;
  object: 'payment_intent';
  allowed_payment_method_types: string[] | null;
  amount: number;
  amount_capturable: number;
  amount_details: { tip: Record<string, never> };
  amount_received: number;
  application: null;
  application_fee_amount: null;
  automatic_payment_methods: { allow_redirects: string; enabled: boolean } | null;
  canceled_at: number | null;
  cancellation_reason: string | null;
  capture_method: CaptureMethod;
  client_secret: string;
  confirmation_method: 'automatic';
  created: number;
  currency: string;
  customer: string | null;
  customer_account: null;
  description: string | null;
  excluded_payment_method_types: string[] | null;
  last_payment_error: StripeErrorObject | null;
  latest_charge: string | null;
  livemode: false;
  managed_payments: null;
  metadata: Metadata;
  next_action: NextAction | null;
  on_behalf_of: null;
  payment_method: string | null;
  payment_method_configuration_details: null;
  payment_method_options: Record<string, Record<string, unknown>>;
  payment_method_types: string[];
  payment_record: null;
  processing: null;
  receipt_email: string | null;
  review: string | null;
  setup_future_usage: string | null;
  shipping: unknown;
  statement_descriptor: string | null;
  statement_descriptor_suffix: string | null;
  status: IntentStatus;
  transfer_data: null;
  transfer_group: string | null;
};

export type NextAction =
  | { type: 'redirect_to_url'; redirect_to_url: { return_url: string; url: string } }
  | {
      type: 'use_stripe_sdk';
      use_stripe_sdk: { type: 'three_d_secure_redirect'; stripe_js: string };
    };

export type Address = Record<
  'city' | 'country' | 'line1' | 'line2' | 'postal_code' | 'state',
  string | null
>;

/** Of a PaymentMethod, and of a charge as they were when it was made. */
export type BillingDetails = {
  address: Address;
  email: string | null;
  name: string | null;
  phone: string | null;
  tax_id: null;
};

export type Charge = {
  id: string;
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  balance_transaction: string | null;
  billing_details: BillingDetails;
  captured: boolean;
  created: number;
  currency: string;
  customer: string | null;
  description: string | null;
  /** Stays true when the dispute is over. */
  disputed: boolean;
  failure_code: string | null;
  failure_message: string | null;
  livemode: false;
  metadata: Metadata;
  outcome: {
    network_status: string;
    reason: string | null;
    type: string;
    advice_code?: string | null;
  };
  paid: boolean;
  payment_intent: string;
  payment_method: string;
  payment_method_details: Record<string, unknown> & { type: string };
  receipt_email: string | null;
  refunded: boolean;
  review: string | null;
  shipping: unknown;
  statement_descriptor_suffix: string | null;
  status: 'succeeded' | 'pending' | 'failed';
};

export type Refund = {
  id: string;
  object: 'refund';
  amount: number;
  balance_transaction: string | null;
  charge: string;
  created: number;
  currency: string;
  destination_details: { card?: { type: 'refund' }; type: string };
  failure_balance_transaction?: string;
  failure_reason?: string;
  metadata: Metadata;
  payment_intent: string;
  reason: string | null;
  receipt_number: null;
  source_transfer_reversal: null;
  status: 'pending' | 'succeeded' | 'failed';
  transfer_reversal: null;
};

export type DisputeReason = 'fraudulent' | 'product_not_received';

export type Dispute = {
  id: string;
  object: 'dispute';
  amount: number;
  /** What was withdrawn, and what came back. */
  balance_transactions: BalanceTransaction[];
  charge: string;
  created: number;
  currency: string;
  enhanced_eligibility_types: [];
  evidence: Record<string, never>;
  evidence_details: {
    due_by: number;
    has_evidence: boolean;
    past_due: boolean;
    submission_count: number;
  };
  is_charge_refundable: boolean;
  livemode: false;
  metadata: Metadata;
  payment_intent: string;
  reason: DisputeReason;
  status: 'needs_response' | 'under_review' | 'won' | 'lost';
};

/** https://docs.stripe.com/api/radar/reviews/object, read 2026-12-01. */
export type Review = {
  id: string;
  object: 'review';
  billing_zip: string | null;
  charge: string;
  closed_reason: 'approved' | 'canceled' | 'disputed' | 'refunded' | null;
  created: number;
  ip_address: null;
  ip_address_location: null;
  livemode: false;
  open: boolean;
  opened_reason: 'rule' | 'manual';
  payment_intent: string;
  reason: string;
  session: null;
};

/** https://docs.stripe.com/api/radar/early_fraud_warnings/object, read 2026-12-01. */
export type EarlyFraudWarning = {
  id: string;
  object: 'radar.early_fraud_warning';
  actionable: boolean;
  charge: string;
  created: number;
  fraud_type: string;
  livemode: false;
  payment_intent: string;
};

export type BalanceTransaction = {
  id: string;
  object: 'balance_transaction';
  amount: number;
  available_on: number;
  created: number;
  currency: string;
  description: string;
  exchange_rate: null;
  fee: number;
  fee_details: [];
  net: number;
  reporting_category: 'dispute' | 'dispute_reversal';
  source: string;
  status: 'available';
  type: 'adjustment';
};

export type Customer = {
  id: string;
  object: 'customer';
  address: Address | null;
  balance: 0;
  created: number;
  currency: null;
  default_source: null;
  delinquent: false;
  description: string | null;
  discount: null;
  email: string | null;
  invoice_settings: Record<
    'custom_fields' | 'default_payment_method' | 'footer' | 'rendering_options',
    null
  >;
  livemode: false;
  metadata: Metadata;
  name: string | null;
  phone: string | null;
  preferred_locales: [];
  shipping: unknown;
  tax_exempt: 'none';
  test_clock: null;
};

export type PaymentMethod = {
  id: string;
  object: 'payment_method';
  billing_details: BillingDetails;
  created: number;
  customer: string | null;
  livemode: false;
  metadata: Metadata;
  type: 'card' | 'us_bank_account';
  card?: { brand: string; country: string; exp_month: number; exp_year: number; last4: string };
  us_bank_account?: { bank_name: string; last4: string; routing_number: string };
};

export type StripeEvent = {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: unknown; previous_attributes?: Record<string, unknown> };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
};

/** The `error` of an answer. Source: https://docs.stripe.com/api/errors, read 2026-11-21. */
export type StripeErrorObject = {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  advice_code?: string;
  network_decline_code?: string;
  charge?: string;
  doc_url?: string;
  request_log_url?: string;
  payment_intent?: PaymentIntent;
  payment_method?: PaymentMethod;
};

/** Keys merge, an empty value unsets one, an empty map unsets all: https://docs.stripe.com/api/metadata. */
export function metadataOf(held: Metadata, given: Metadata | null | undefined): Metadata {
  if (given === null) return {};
  const merged = { ...held, ...given };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}
