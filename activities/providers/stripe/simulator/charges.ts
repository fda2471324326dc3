/** Charges: what an attempt to pay leaves behind. https://docs.stripe.com/api/charges/object, read 2026-11-21. */
import type { Decline } from './cards.ts';
import { mustAuthenticate } from './methods.ts';
import type { Charge } from './objects.ts';
import { newId, seconds, type Account, type IntentRecord, type MethodRecord } from './store.ts';

const DAY_MS = 86_400_000;
/** Up to four business days: https://docs.stripe.com/payments/ach-direct-debit, read 2026-11-21. */
export const DEBIT_SETTLES_MS = 4 * DAY_MS;

type ChargeFate = { holdMs?: number | null; decline?: Decline; pending?: boolean };

export function insertCharge(
  account: Account,
  record: IntentRecord,
  method: MethodRecord,
  { holdMs = null, decline, pending = false }: ChargeFate,
): Charge {
  const { wire } = record;
  const failed = decline !== undefined;
  const taken = !failed && holdMs === null;
  const now = account.plane.now();
  const captureBefore = holdMs === null ? null : secondWhenHoldEnds(now, holdMs);
  const charge: Charge = {
    id: newId('ch'),
    object: 'charge',
    amount: wire.amount,
    amount_captured: taken ? wire.amount : 0,
    amount_refunded: 0,
    balance_transaction: taken && !pending ? newId('txn') : null,
    billing_details: structuredClone(method.wire.billing_details),
    captured: taken,
    created: seconds(now),
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
    payment_method_details: methodDetails(account, record, method, captureBefore),
    receipt_email: wire.receipt_email,
    refunded: false,
    review: null,
    shipping: wire.shipping,
    statement_descriptor_suffix: wire.statement_descriptor_suffix,
    status: failed ? 'failed' : pending ? 'pending' : 'succeeded',
  };
  account.state.charges.set(charge.id, charge);
  return charge;
}

function methodDetails(
  account: Account,
  { wire, offSession }: IntentRecord,
  record: MethodRecord,
  captureBefore: number | null,
): Charge['payment_method_details'] {
  const { wire: method, test } = record;
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
      ...(captureBefore === null ? {} : { capture_before: captureBefore }),
      funding: 'credit',
      network: test.brand,
      extended_authorization: { status: 'disabled' },
      incremental_authorization: { status: 'unavailable' },
      multicapture: { status: multicapture ? 'available' : 'unavailable' },
      overcapture: { maximum_amount_capturable: wire.amount, status: 'unavailable' },
      three_d_secure: mustAuthenticate(wire, record, offSession)
        ? { result: 'authenticated', version: '2.2.0' }
        : null,
      wallet: null,
    },
  };
}

/** Counted from `created`, which is a whole second, too; a part of a second lasts to its end. */
export function secondWhenHoldEnds(now: number, holdMs: number): number {
  return seconds(now) + Math.ceil(holdMs / 1000);
}

/** Reported on the charge, as a client would have to read it. */
export function hasMulticapture(charge: Charge): boolean {
  return cardOf(charge)?.multicapture?.status === 'available';
}

type CardDetails = { multicapture?: { status?: string }; capture_before?: number };

export function cardOf(charge: Charge): CardDetails | undefined {
  return charge.payment_method_details['card'] as CardDetails | undefined;
}
