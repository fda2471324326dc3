/**
 * What each of Stripe's error codes means for us. All of its published list are here, so that a new one
 * is noticed; one that is not here says nothing of whose fault it is. Pure.
 * Source: https://docs.stripe.com/error-codes, read 2026-12-01, and the list of API version
 * 2026-10-28.endive in the types of its package `stripe` 23.1.0.
 */

/**
 * `buyer`: another card, amount, currency or address may be taken.
 * `credentials`, `account`: who has to mend something.
 * `state`: the payment is not where the request takes it to be.
 * `lapsed`: the hold is gone. `later`: nothing was done, and it may be sent again.
 * `doubt`: the same request is or was under way. `request`: anything else that is wrong with it.
 */
export type CodeClass = keyof typeof CODES;

const CODES = {
  buyer: words(`
    account_closed account_number_invalid amount_too_large amount_too_small authentication_failure
    authentication_required bank_account_bad_routing_numbers bank_account_declined
    bank_account_restricted bank_account_unusable bank_account_unverified
    bank_account_verification_failed billing_invalid_mandate card_decline_rate_limit_exceeded
    card_declined cardholder_phone_number_required charge_exceeds_transaction_limit
    clearing_code_unsupported country_code_invalid debit_not_authorized email_invalid expired_card
    expired_payment_method incorrect_address incorrect_cvc incorrect_number incorrect_postal_code
    incorrect_zip india_recurring_payment_mandate_canceled insufficient_funds
    intent_verification_method_missing invalid_card_type invalid_characters invalid_charge_amount
    invalid_cvc invalid_expiry_month invalid_expiry_year invalid_number invalid_source_usage missing
    no_account payment_intent_action_required payment_intent_authentication_failure
    payment_intent_incompatible_payment_method payment_intent_konbini_rejected_confirmation_number
    payment_intent_mandate_invalid payment_intent_payment_attempt_expired
    payment_intent_payment_attempt_failed payment_method_bank_account_blocked
    payment_method_billing_details_address_missing payment_method_currency_mismatch
    payment_method_customer_decline payment_method_invalid_parameter
    payment_method_invalid_parameter_testmode payment_method_not_available
    payment_method_provider_decline payment_method_provider_timeout payment_method_restricted
    payment_method_unexpected_state payment_method_unsupported_type postal_code_invalid
    processing_error refer_to_customer routing_number_invalid setup_intent_authentication_failure
    setup_intent_mandate_invalid setup_intent_mobile_wallet_unsupported shipping_address_invalid
    state_unsupported three_d_secure_authentication_not_supported
    three_d_secure_authentication_upstream_error token_already_used token_card_network_invalid
    token_in_use
  `),
  credentials: words(`
    api_key_expired livemode_mismatch platform_api_key_expired secret_key_required
  `),
  account: words(`
    account_country_invalid_address account_error_country_change_requires_additional_steps
    account_information_mismatch account_invalid balance_insufficient capability_not_active
    charge_exceeds_source_limit country_unsupported financial_account_capability_not_enabled
    financial_account_capability_restricted forwarding_api_inactive not_allowed_on_standard_account
    payment_method_configuration_failures payment_method_unactivated payouts_not_allowed
    platform_account_required progressive_onboarding_limit_exceeded sepa_unsupported_account
    storer_capability_missing storer_capability_not_active stripe_tax_inactive testmode_charges_only
    transfers_not_allowed
  `),
  state: words(`
    capture_unauthorized_payment charge_already_captured charge_already_refunded charge_disputed
    charge_not_refundable intent_invalid_state payment_intent_unexpected_state
    refund_disputed_payment resource_missing return_intent_already_processed
    setup_intent_unexpected_state status_transition_invalid
  `),
  lapsed: words('capture_charge_authorization_expired charge_expired_for_capture'),
  later: words('lock_timeout payment_intent_rate_limit_exceeded rate_limit'),
  doubt: words('idempotency_key_in_use'),
  /** Most are of parts of Stripe that Holdfast does not use. */
  request: words(`
    account_token_required_for_v2_account acss_debit_session_incomplete action_blocked
    alipay_upgrade_required anomalous_money_movement_request application_fees_not_allowed
    approval_required balance_invalid_parameter bank_account_exists bitcoin_upgrade_required
    charge_invalid_parameter coupon_expired customer_max_payment_methods customer_max_subscriptions
    customer_session_expired customer_tax_location_invalid dispute_evidence_page_limit_exceeded
    failed_tax_calculation financial_account_balance_does_not_support_currency
    financial_connections_account_inactive
    financial_connections_account_pending_account_numbers
    financial_connections_account_unavailable_account_numbers
    financial_connections_consent_locale_invalid financial_connections_consent_locale_unsupported
    financial_connections_no_successful_transaction_refresh forwarding_api_invalid_parameter
    forwarding_api_retryable_upstream_error forwarding_api_upstream_connection_error
    forwarding_api_upstream_connection_timeout forwarding_api_upstream_error
    instant_payouts_config_disabled instant_payouts_currency_disabled
    instant_payouts_limit_exceeded instant_payouts_unsupported
    invalid_canceled_subscription_fields invalid_mandate_reference_prefix_format
    invalid_tax_location invoice_no_customer_line_items invoice_no_payment_method_types
    invoice_no_subscription_line_items invoice_not_editable invoice_on_behalf_of_not_editable
    invoice_payment_intent_requires_action invoice_upcoming_none out_of_inventory
    ownership_declaration_not_allowed parameter_invalid_empty parameter_invalid_integer
    parameter_invalid_string_blank parameter_invalid_string_empty parameter_missing
    parameter_unknown parameters_exclusive payment_evaluation_on_api_version_not_supported
    payment_intent_invalid_parameter payment_method_bank_account_already_verified
    payment_method_microdeposit_failed payment_method_microdeposit_processing_error
    payment_method_microdeposit_verification_amounts_invalid
    payment_method_microdeposit_verification_amounts_mismatch
    payment_method_microdeposit_verification_attempts_exceeded
    payment_method_microdeposit_verification_descriptor_code_mismatch
    payment_method_microdeposit_verification_timeout payout_reconciliation_not_ready
    payouts_limit_exceeded product_inactive request_blocked resource_already_exists
    service_period_coupon_with_metered_tiered_item_unsupported setup_attempt_failed
    setup_intent_invalid_parameter setup_intent_setup_attempt_expired shipping_calculation_failed
    siret_invalid sku_inactive smart_disputes_not_available
    subscription_update_trial_after_billing_cycle_anchor tax_id_invalid tax_id_prohibited
    taxes_calculation_failed terminal_location_country_unsupported terminal_reader_busy
    terminal_reader_hardware_fault terminal_reader_invalid_location_for_activation
    terminal_reader_invalid_location_for_payment terminal_reader_offline terminal_reader_timeout
    tls_version_unsupported transfer_source_balance_parameters_mismatch url_invalid
  `),
} as const;

const CLASS_OF: ReadonlyMap<string, CodeClass> = new Map(
  (Object.keys(CODES) as CodeClass[]).flatMap((name) =>
    CODES[name].map((code): [string, CodeClass] => [code, name]),
  ),
);

/** Null: not on Stripe's list, or no code at all. */
export const classOf = (code: string | null): CodeClass | null =>
  code === null ? null : (CLASS_OF.get(code) ?? null);

/** In words for a merchant, where the code says more than that the request was refused. */
export const MEANING: Readonly<Record<string, string>> = {
  amount_too_large: 'the amount is more than there is',
  balance_insufficient: 'the account’s balance does not cover it',
  charge_already_captured: 'the money was taken before',
  charge_already_refunded: 'the money was given back before',
  charge_disputed: 'the buyer’s bank has taken the money back',
  charge_not_refundable: 'the money cannot be given back',
  payment_intent_unexpected_state: 'the payment’s state there does not allow it',
  refund_disputed_payment: 'the payment is disputed',
  resource_missing: 'Stripe has no such object',
  testmode_charges_only: 'the account is not activated',
};

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
