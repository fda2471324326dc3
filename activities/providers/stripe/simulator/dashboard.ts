/**
 * What a person does in the provider's dashboard, behind the merchant's back: `POST /_sim/dashboard/{action}`, mostly with
 * `{ ref, amountMinor? }`. The same rules and the same events as over the API, without a key.
 */
import type { Hono } from 'hono';
import { z } from 'zod';
import { action, dashboardRoutes, type DashboardAction } from '../../shared/simulator-dashboard.ts';
import { finishAuthentication } from './attempt.ts';
import { cancelIntent, captureHold } from './capture.ts';
import { checkAmount, checkCurrency } from './currencies.ts';
import { changeDispute, loseDispute, openDispute, openDisputeOf, winDispute } from './disputes.ts';
import { errorResponse, missing, refused, StripeFailure } from './errors.ts';
import { moveEndOfHold } from './holds.ts';
import { createIntent } from './intents.ts';
import type { PaymentIntent } from './objects.ts';
import { closeReview, openReview, openReviewOf, warnOfFraud } from './radar.ts';
import { createRefund, failNewestRefund, settleNewestRefund } from './refunds.ts';
import { NO_CALL, type Account, type IntentRecord } from './store.ts';

type Action = DashboardAction<Account>;

const ref = z.string();
const amountMinor = z.int().min(1).optional();
const creation = z.strictObject({
  amountMinor: z.int(),
  currency: z.string(),
  capture: z.boolean().default(true),
  paymentMethod: z.string().default('pm_card_visa'),
});
const disputeShape = z.strictObject({
  ref,
  amountMinor,
  currency: z.string().toLowerCase().optional(),
});
const warningShape = z.strictObject({ ref, fraudType: z.string().min(1).optional() });

type OnIntent = (account: Account, record: IntentRecord, amountMinor?: number) => object;

function onIntent(act: OnIntent): Action {
  const shape = z.strictObject({ ref, amountMinor });
  return action('{ ref, amountMinor? }', shape, (account, wish) =>
    act(account, recordOf(account, wish.ref), wish.amountMinor),
  );
}

function recordOf(account: Account, id: string): IntentRecord {
  const record = account.state.intents.get(id);
  if (record === undefined) throw missing('payment_intent', id, 'ref', 404);
  return record;
}

const ACTIONS = new Map<string, Action>([
  [
    'capture',
    onIntent((account, record, amount) => {
      captureHold(account, NO_CALL, record, { amount_to_capture: amount });
      return record.wire;
    }),
  ],
  [
    'cancel',
    onIntent((account, record) => {
      cancelIntent(account, NO_CALL, record, {});
      return record.wire;
    }),
  ],
  [
    'refund',
    onIntent((account, { wire }, amount) =>
      createRefund(account, NO_CALL, { payment_intent: wire.id, amount }),
    ),
  ],
  // The customer completes the authentication that is asked for.
  ['pay', onIntent((account, record) => pay(account, record))],
  ['refund-fail', onIntent((account, { wire }) => failNewestRefund(account, wire.id))],
  ['refund-succeed', onIntent((account, { wire }) => settleNewestRefund(account, wire.id))],
  [
    'dispute',
    action('{ ref, amountMinor?, currency? }', disputeShape, (account, wish) => {
      const { wire } = recordOf(account, wish.ref);
      return dispute(account, wire, wish);
    }),
  ],
  [
    'dispute-change',
    action(
      '{ ref, amountMinor }',
      z.strictObject({ ref, amountMinor: z.int().min(1) }),
      (account, wish) => changeDispute(account, openDisputeOf(account, wish.ref), wish.amountMinor),
    ),
  ],
  ['dispute-win', onIntent((account, { wire }) => closeDispute(account, wire.id, winDispute))],
  ['dispute-lose', onIntent((account, { wire }) => closeDispute(account, wire.id, loseDispute))],
  ['review', onIntent((account, { wire }) => openReview(account, wire, 'manual'))],
  [
    'review-approve',
    onIntent((account, { wire }) => {
      return closeReview(account, openReviewOf(account, wire.id), 'approved');
    }),
  ],
  [
    'fraud-warning',
    action('{ ref, fraudType? }', warningShape, (account, wish) =>
      warnOfFraud(account, recordOf(account, wish.ref).wire, wish.fraudType),
    ),
  ],
  [
    'hold',
    action(
      '{ ref, endsInMs }',
      z.strictObject({ ref, endsInMs: z.int().min(0) }),
      (account, wish) => moveEndOfHold(account, recordOf(account, wish.ref), wish.endsInMs),
    ),
  ],
  ['create', action('{ amountMinor, currency, capture?, paymentMethod? }', creation, payByHand)],
]);

/** A payment typed in by a person: nothing in it says which system it belongs to. */
function payByHand(account: Account, wish: z.infer<typeof creation>): PaymentIntent {
  const currency = wish.currency.toLowerCase();
  checkCurrency(currency);
  checkAmount(wish.amountMinor, currency);
  return createIntent(account, NO_CALL, {
    amount: wish.amountMinor,
    currency,
    confirm: true,
    capture_method: wish.capture ? 'automatic' : 'manual',
    automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    payment_method: wish.paymentMethod,
  }).wire;
}

function pay(account: Account, record: IntentRecord) {
  const method = account.state.methods.get(record.wire.payment_method ?? '');
  if (record.wire.status !== 'requires_action' || method === undefined) {
    throw refused(`Nothing to pay: the status is ${record.wire.status}.`);
  }
  finishAuthentication(account, record, method, NO_CALL, true);
  return record.wire;
}

/** Not the merchant's doing either: the buyer goes to their bank. */
function dispute(
  account: Account,
  wire: PaymentIntent,
  wish: Pick<z.infer<typeof disputeShape>, 'amountMinor' | 'currency'>,
) {
  if (wish.currency !== undefined) checkCurrency(wish.currency);
  const charge = account.state.charges.get(wire.latest_charge ?? '');
  if (charge === undefined) throw refused(`Nothing to dispute: the status is ${wire.status}.`);
  return openDispute(account, charge, wish);
}

function closeDispute(account: Account, intentId: string, close: typeof winDispute) {
  const open = openDisputeOf(account, intentId);
  close(account, open);
  return open;
}

export function dashboard(account: Account, settle: () => void): Hono {
  return dashboardRoutes({
    simulated: account,
    actions: ACTIONS,
    before: settle,
    // A hold that was moved to now is over now.
    after: settle,
    refusal: (error) => (error instanceof StripeFailure ? errorResponse(error) : null),
  });
}
