/** Charges: what an attempt to pay leaves behind. https://docs.stripe.com/api/charges/object, read 2026-11-21. */
import type { Decline } from './cards.ts';
import type { Charge } from './objects.ts';
import { newId, seconds, type Account, type IntentRecord, type MethodRecord } from './store.ts';

const DAY_MS = 86_400_000;
/** https://docs.stripe.com/payments/place-a-hold-on-a-payment-method, read 2026-11-21: 7 days online; a Visa payment
 *  without the customer has 4 days and 18 hours. */
export const HOLD_MS = 7 * DAY_MS;
export const VISA_MIT_HOLD_MS = 4 * DAY_MS + 18 * 3_600_000;
/** Up to four business days: https://docs.stripe.com/payments/ach-direct-debit, read 2026-11-21. */
export const DEBIT_SETTLES_MS = 4 * DAY_MS;

type ChargeFate = { captureBefore?: number | null; decline?: Decline; pending?: boolean };

export function insertCharge(
  account: Account,
  { wire }: IntentRecord,
  method: MethodRecord,
  { captureBefore = null, decline, pending = false }: ChargeFate,
): Charge {
  const failed = decline !== undefined;
  const taken = !failed && captureBefore === null;
  const charge: Charge = {
    id: newId('ch'),
    object: 'charge',
    amount: wire.amount,
    amount_captured: taken ? wire.amount : 0,
    amount_refunded: 0,
    balance_transaction: taken && !pending ? newId('txn') : null,
    captured: taken,
    created: seconds(account.plane.now()),
    currency: wire.currency,
    customer: wire.customer,
    description: wire.description,
    disputed: false,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    livemode: false,
    metadata: { ...wire.metadata },
    outcome: failed
      ? {
          network_status: 'declined_by_network',
          reason: decline.decline_code ?? decline.code,
          type: 'issuer_declined',
          advice_code: decline.advice_code ?? null,
        }
      : { network_status: 'approved_by_network', reason: null, type: 'authorized' },
    paid: !failed && !pending,
    payment_intent: wire.id,
    payment_method: method.wire.id,
    payment_method_details: methodDetails(account, wire, method, captureBefore),
    receipt_email: wire.receipt_email,
    refunded: false,
    statement_descriptor_suffix: wire.statement_descriptor_suffix,
    status: failed ? 'failed' : pending ? 'pending' : 'succeeded',
  };
  account.state.charges.set(charge.id, charge);
  return charge;
}

function methodDetails(
  account: Account,
  wire: IntentRecord['wire'],
  { wire: method, test }: MethodRecord,
  captureBefore: number | null,
): Charge['payment_method_details'] {
  if (test.type === 'us_bank_account') {
    return { type: 'us_bank_account', us_bank_account: { ...method.us_bank_account } };
  }
  const asked = wire.payment_method_options['card']?.['request_multicapture'] === 'if_available';
  const multicapture = asked && account.multicapture && test.multicapture;
  return {
    type: 'card',
    card: {
      ...method.card,
      amount_authorized: wire.amount,
      ...(captureBefore === null ? {} : { capture_before: seconds(captureBefore) }),
      funding: 'credit',
      network: test.brand,
      extended_authorization: { status: 'disabled' },
      incremental_authorization: { status: 'unavailable' },
      multicapture: { status: multicapture ? 'available' : 'unavailable' },
      overcapture: { maximum_amount_capturable: wire.amount, status: 'unavailable' },
      three_d_secure:
        test.authentication !== 'always' ? null : { result: 'authenticated', version: '2.2.0' },
      wallet: null,
    },
  };
}

/** Reported on the charge, as a client would have to read it. */
export function hasMulticapture(charge: Charge): boolean {
  const card = charge.payment_method_details['card'] as
    { multicapture?: { status?: string } } | undefined;
  return card?.multicapture?.status === 'available';
}
