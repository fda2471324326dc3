/**
 * The test payment methods of Stripe's own sandbox and how each behaves. No other id buys anything here.
 * Sources: https://docs.stripe.com/testing (declined payments, refunds, 3D Secure, by brand),
 * https://docs.stripe.com/payments/multicapture#test-your-integration and
 * https://docs.stripe.com/payments/ach-direct-debit (test accounts), read 2026-11-21.
 */
import type { DisputeReason } from './objects.ts';

export type Decline = {
  readonly code: string;
  readonly message: string;
  readonly decline_code?: string;
  readonly advice_code?: string;
  readonly network_decline_code?: string;
};

/** `on-session` authenticates only with the customer present, `until-saved` without them, too, unless the card was saved;
 *  `on-request` only if `request_three_d_secure` asks. */
export type Authentication = 'never' | 'always' | 'until-saved' | 'on-session' | 'on-request';

export type TestMethod = {
  readonly type: 'card' | 'us_bank_account';
  readonly brand: string;
  readonly last4: string;
  readonly decline: Decline | null;
  readonly authentication: Authentication;
  readonly multicapture: boolean;
  /** What becomes of a refund some time after it was made. */
  readonly refund: 'immediate' | 'pending-then-succeeds' | 'succeeds-then-fails';
  /** Why the buyer's bank takes the money back as soon as it is captured. */
  readonly dispute?: DisputeReason;
  /** Radar's rules put the payment before a person. */
  readonly isReviewed?: true;
  /** What the issuer reports as soon as it is captured. */
  readonly fraudWarning?: string;
};

const DECLINED = 'Your card was declined.';
/** Codes are the testing page's; where it says "n/a" there is no decline code. `try_again_later` with `01` is what the
 *  sandbox answers to a generic decline; the other advice and network codes are plausible and not read anywhere. */
const GENERIC: Decline = {
  code: 'card_declined',
  decline_code: 'generic_decline',
  message: DECLINED,
  advice_code: 'try_again_later',
  network_decline_code: '01',
};
const INSUFFICIENT: Decline = {
  ...GENERIC,
  decline_code: 'insufficient_funds',
  message: 'Your card has insufficient funds.',
  network_decline_code: '51',
};
const LOST: Decline = {
  ...GENERIC,
  decline_code: 'lost_card',
  advice_code: 'do_not_try_again',
  network_decline_code: '41',
};
const STOLEN: Decline = { ...LOST, decline_code: 'stolen_card', network_decline_code: '43' };
const VELOCITY: Decline = {
  ...GENERIC,
  decline_code: 'card_velocity_exceeded',
  message:
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  network_decline_code: '65',
};
const EXPIRED: Decline = {
  code: 'expired_card',
  message: 'Your card has expired.',
  advice_code: 'do_not_try_again',
  network_decline_code: '54',
};
const CVC: Decline = {
  code: 'incorrect_cvc',
  message: "Your card's security code is incorrect.",
  advice_code: 'confirm_card_data',
};
const PROCESSING: Decline = {
  code: 'processing_error',
  message: 'An error occurred while processing your card. Try again in a little bit.',
  advice_code: 'try_again_later',
};
const FRAUD: Decline = { code: 'card_declined', decline_code: 'fraudulent', message: DECLINED };
/** Off-session, or with `error_on_requires_action`: https://docs.stripe.com/error-codes#authentication-required. */
export const AUTHENTICATION_REQUIRED: Decline = {
  code: 'authentication_required',
  decline_code: 'authentication_required',
  message:
    'Your card was declined. This transaction requires authentication, and the customer is not there.',
};

function card(last4: string, behaviour: Partial<TestMethod> = {}): TestMethod {
  return {
    type: 'card',
    brand: 'visa',
    last4,
    decline: null,
    authentication: 'never',
    multicapture: true,
    refund: 'immediate',
    ...behaviour,
  };
}

function bankAccount(last4: string, decline: Decline | null = null): TestMethod {
  return card(last4, { type: 'us_bank_account', brand: 'none', multicapture: false, decline });
}

/** A debit fails days later, with the failure as code. */
function returned(code: string, message: string): Decline {
  return { code, message };
}

export const TEST_METHODS: ReadonlyMap<string, TestMethod> = new Map([
  ['pm_card_visa', card('4242')],
  ['pm_card_visa_debit', card('5556')],
  ['pm_card_mastercard', card('4444', { brand: 'mastercard' })],
  ['pm_card_mastercard_debit', card('8210', { brand: 'mastercard' })],
  ['pm_card_mastercard_prepaid', card('5100', { brand: 'mastercard' })],
  ['pm_card_amex', card('0005', { brand: 'amex' })],
  ['pm_card_discover', card('1117', { brand: 'discover' })],
  ['pm_card_diners', card('0004', { brand: 'diners' })],
  ['pm_card_jcb', card('0505', { brand: 'jcb' })],
  ['pm_card_unionpay', card('0005', { brand: 'unionpay' })],
  ['pm_card_visa_cartesBancaires', card('1001')],
  ['pm_card_credit_disableEnterpriseCardFeatures', card('0076', { multicapture: false })],

  // The testing page has both spellings over the years; the newer has the brand in it.
  ['pm_card_chargeDeclined', card('0002', { decline: GENERIC })],
  ['pm_card_visa_chargeDeclined', card('0002', { decline: GENERIC })],
  ['pm_card_chargeDeclinedInsufficientFunds', card('9995', { decline: INSUFFICIENT })],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', card('9995', { decline: INSUFFICIENT })],
  ['pm_card_chargeDeclinedLostCard', card('9987', { decline: LOST })],
  ['pm_card_visa_chargeDeclinedLostCard', card('9987', { decline: LOST })],
  ['pm_card_chargeDeclinedStolenCard', card('9979', { decline: STOLEN })],
  ['pm_card_visa_chargeDeclinedStolenCard', card('9979', { decline: STOLEN })],
  ['pm_card_chargeDeclinedExpiredCard', card('0069', { decline: EXPIRED })],
  ['pm_card_chargeDeclinedIncorrectCvc', card('0127', { decline: CVC })],
  ['pm_card_chargeDeclinedProcessingError', card('0119', { decline: PROCESSING })],
  ['pm_card_chargeDeclinedVelocityLimitExceeded', card('6975', { decline: VELOCITY })],
  ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', card('6975', { decline: VELOCITY })],
  ['pm_card_chargeDeclinedFraudulent', card('0019', { decline: FRAUD })],
  ['pm_card_radarBlock', card('0019', { decline: FRAUD })],
  ['pm_card_chargeCustomerFail', card('0341', { decline: GENERIC })],

  ['pm_card_authenticationRequired', card('3184', { authentication: 'always' })],
  ['pm_card_authenticationRequiredOnSetup', card('3155', { authentication: 'until-saved' })],
  [
    'pm_card_authenticationRequiredSetupForOffSession',
    card('0446', { authentication: 'on-session' }),
  ],
  [
    'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    card('3178', { authentication: 'always', decline: INSUFFICIENT }),
  ],
  ['pm_card_threeDSecure2Required', card('3220', { authentication: 'always' })],
  ['pm_card_threeDSecureRequired', card('3063', { authentication: 'always' })],
  [
    'pm_card_threeDSecureRequiredChargeDeclined',
    card('1629', { authentication: 'always', decline: GENERIC }),
  ],
  ['pm_card_threeDSecureRequiredProcessingError', card('1280', { decline: GENERIC })],
  ['pm_card_threeDSecureOptional', card('3055', { authentication: 'on-request' })],
  ['pm_card_amex_threeDSecureNotSupported', card('0005', { brand: 'amex' })],

  ['pm_card_createDispute', card('0259', { dispute: 'fraudulent' })],
  ['pm_card_createDisputeProductNotReceived', card('2685', { dispute: 'product_not_received' })],
  ['pm_card_createIssuerFraudRecord', card('5423', { fraudWarning: 'made_with_stolen_card' })],
  // What is done about an elevated risk is a rule of the account's; this one has such payments reviewed.
  ['pm_card_riskLevelElevated', card('9235', { isReviewed: true })],

  ['pm_card_pendingRefund', card('7726', { refund: 'pending-then-succeeds' })],
  ['pm_card_refundFail', card('5126', { refund: 'succeeds-then-fails' })],

  ['pm_usBankAccount_success', bankAccount('6789')],
  [
    'pm_usBankAccount_accountClosed',
    bankAccount('1113', returned('account_closed', 'The account has been closed.')),
  ],
  [
    'pm_usBankAccount_noAccount',
    bankAccount('1116', returned('no_account', 'The account could not be located.')),
  ],
  [
    'pm_usBankAccount_insufficientFunds',
    bankAccount('2227', returned('insufficient_funds', 'The account has insufficient funds.')),
  ],
  [
    'pm_usBankAccount_debitNotAuthorized',
    bankAccount('3335', returned('debit_not_authorized', 'Debits are not authorized.')),
  ],
]);
