/** What payments of every family do, as scripts that use the HTTP API: cut by `check:crashes`, and
 *  recorded by `record:histories`. */
import { BUYER, buyerWho, TOTAL } from '../support/guarantees.ts';
import { ITEMS, TOTAL as CREDIT } from '../support/credits.ts';
import { ORDER } from '../support/holdfast.ts';
import type { Family } from './families.ts';
import type { Stage } from './stage.ts';

export type Behaviour = {
  readonly name: string;
  readonly family: Family;
  /** What the integration sets apart from the defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Answers with the payment's id when all was done. */
  run(stage: Stage): Promise<string>;
};

type Script = Behaviour['run'];

const { amount, source } = ORDER;
const PROMISE = { amount, source, method: 'offline.terms', term: 'net30' };
const GUARANTEE = {
  amount: { amountMinor: TOTAL, currency: 'EUR' },
  source,
  method: 'infinitepay.guarantee',
  buyer: BUYER,
};

const card = (name: string, run: Script): Behaviour => ({
  name: `card-${name}`,
  family: 'card',
  settings: { timeoutMs: 2_000 },
  run,
});
const promise = (name: string, run: Script): Behaviour => ({
  name: `promise-${name}`,
  family: 'promise',
  settings: {},
  run,
});
const guarantee = (name: string, run: Script, settings: Behaviour['settings'] = {}): Behaviour => ({
  name: `guarantee-${name}`,
  family: 'guarantee',
  settings: { timeoutMs: 2_000, invoiceDueDays: 30, ...settings },
  run,
});
const credit = (name: string, run: Script): Behaviour => ({
  name: `credit-${name}`,
  family: 'credit',
  settings: { timeoutMs: 2_000 },
  run,
});

const AUTOMATIC = { autoCapture: true, autoActivate: true };

/** Ordered server to server, for the account that the buyer buys for. */
function order(stage: Stage): Promise<string> {
  const accounts = [...(stage.credits?.simulator.state.accounts.values() ?? [])];
  const email = 'buyer@example.com';
  const account = accounts.find(({ authorized_buyers: buyers }) =>
    buyers.some((buyer) => buyer.email === email),
  );
  return stage.start(
    {
      amount: { amountMinor: CREDIT, currency: 'USD' },
      source,
      method: 'apruve.credit',
      items: ITEMS,
      buyer: { email },
      corporateAccountId: account?.id ?? '',
    },
    'authorized',
  );
}

const INVOICE = { invoiceNumber: 'R-17', shipper: 'UPS', trackingNumber: '1Z' };

/** Apruve pays the merchant, and says so. */
async function fund(stage: Stage, id: string): Promise<void> {
  const payment = await stage.holdfast.get(id);
  const ref = stage.credits?.ordersOf(payment)[0]?.id ?? '';
  await stage.aside(() => stage.simulate('dashboard/fund', { ref }));
  await stage.until(id, 'funded');
}

export const BEHAVIOURS: readonly Behaviour[] = [
  card('authorize-capture-refund', async (stage) => {
    const id = await stage.start(ORDER, 'authorized');
    await stage.command(id, 'capture', { amountMinor: 6_000, final: true }, 'captured');
    await stage.command(id, 'refund', { amountMinor: 1_000 }, 'partially_refunded');
    return id;
  }),
  card('sale', (stage) => stage.start({ ...ORDER, capture: 'automatic' }, 'captured')),
  card('void', async (stage) => {
    const id = await stage.start(ORDER, 'authorized');
    await stage.command(id, 'void', {}, 'voided');
    return id;
  }),
  card('captures-in-parts', async (stage) => {
    const id = await stage.start(ORDER, 'authorized');
    const part = { amountMinor: 3_000, final: false };
    await stage.command(id, 'capture', part, 'partially_captured');
    await stage.command(id, 'capture', { amountMinor: 2_000, final: true }, 'captured');
    return id;
  }),
  card('declined', (stage) =>
    stage.start({ ...ORDER, paymentToken: 'pm_card_chargeDeclined' }, 'declined'),
  ),
  card('authorize-unknown-found', async (stage) => {
    await stage.holdfast.fault({ operation: 'authorize', fault: 'drop-after', times: 1 });
    const id = await stage.start(ORDER, 'authorized');
    await stage.command(id, 'void', {}, 'voided');
    return id;
  }),
  card('capture-unknown-found', async (stage) => {
    const id = await stage.start(ORDER, 'authorized');
    await stage.holdfast.fault({ operation: 'capture', fault: 'garbage-after', times: 1 });
    await stage.command(id, 'capture', {}, 'captured');
    return id;
  }),
  card('buyer-confirms', async (stage) => {
    const paymentToken = 'pm_card_authenticationRequired';
    const id = await stage.start({ ...ORDER, paymentToken }, 'awaiting_buyer');
    const { nextAction } = await stage.holdfast.get(id);
    const url = nextAction?.type === 'redirect' ? nextAction.url : '';
    const body = new URLSearchParams({ outcome: 'complete' });
    await stage.aside(() => fetch(url, { method: 'POST', body, redirect: 'manual' }));
    await stage.until(id, 'authorized');
    await stage.command(id, 'capture', {}, 'captured');
    return id;
  }),
  promise('receipts', async (stage) => {
    const id = await stage.start(PROMISE, 'promised');
    const first = { amountMinor: 4_000, reference: 'check 17' };
    await stage.command(id, 'receipts', first, 'partially_received');
    await stage.command(id, 'receipts', {}, 'received');
    await stage.command(id, 'refund', { amountMinor: 1_000 }, 'partially_refunded');
    return id;
  }),
  promise('bounce', async (stage) => {
    const id = await stage.start(PROMISE, 'promised');
    await stage.command(id, 'receipts', { reference: 'check 18' }, 'received');
    await stage.command(id, 'bounce', { receiptId: 'receipt_1' }, 'promised');
    await stage.command(id, 'write-off', { reason: 'insolvent' }, 'written_off');
    return id;
  }),
  promise('taken-back', async (stage) => {
    const id = await stage.start(PROMISE, 'promised');
    await stage.command(id, 'receipts', { amountMinor: 12_000 }, 'received');
    await stage.command(id, 'refund', { amountMinor: 2_000 }, 'partially_refunded');
    await stage.command(id, 'bounce', { receiptId: 'receipt_1' }, 'promised');
    await stage.command(id, 'reduce', { amountMinor: 500, reason: 'credit note' }, 'promised');
    await stage.command(id, 'write-off', { reason: 'insolvent' }, 'written_off');
    await stage.command(id, 'receipts', { amountMinor: 3_000 }, 'written_off');
    return id;
  }),
  guarantee('by-staff', async (stage) => {
    const id = await stage.start(GUARANTEE, 'reserved');
    await stage.command(id, 'capture', {}, 'captured');
    await stage.command(id, 'activate', { invoiceNumber: 'R-17' }, 'guaranteed');
    await stage.command(id, 'receipts', { reference: 'transfer 3' }, 'paid');
    await stage.mend(id, 'apply');
    return id;
  }),
  guarantee('automatic', (stage) => stage.start(GUARANTEE, 'guaranteed'), AUTOMATIC),
  guarantee(
    'denied-then-corrected',
    async (stage) => {
      const buyer = buyerWho('activation-denied-once');
      const id = await stage.start({ ...GUARANTEE, buyer }, 'guarantee_denied');
      await stage.command(id, 'activate', { invoiceNumber: 'R-2' }, 'guaranteed');
      return id;
    },
    AUTOMATIC,
  ),
  guarantee(
    'taken-back',
    async (stage) => {
      const id = await stage.start(GUARANTEE, 'guaranteed');
      await stage.command(id, 'receipts', { amountMinor: TOTAL + 20_000 }, 'paid');
      await stage.mend(id, 'apply');
      await stage.command(id, 'refund', { amountMinor: 20_000 }, 'paid');
      await stage.command(id, 'bounce', { receiptId: 'receipt_1' }, 'guaranteed');
      return id;
    },
    AUTOMATIC,
  ),
  guarantee('cancelled', async (stage) => {
    const id = await stage.start(GUARANTEE, 'reserved');
    await stage.command(id, 'cancel', {}, 'cancelled');
    return id;
  }),
  credit('funded', async (stage) => {
    const id = await order(stage);
    await stage.command(id, 'invoices', INVOICE, 'invoiced');
    await fund(stage, id);
    return id;
  }),
  credit('cancelled', async (stage) => {
    const id = await order(stage);
    await stage.command(id, 'cancel', {}, 'cancelled');
    return id;
  }),
  credit('refund', async (stage) => {
    const id = await order(stage);
    await stage.command(id, 'invoices', INVOICE, 'invoiced');
    await fund(stage, id);
    await stage.command(id, 'refund', { reason: 'damaged' }, 'returned');
    return id;
  }),
];
