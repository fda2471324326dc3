/** What is going to be done to each payment, drawn from the seed before anything starts. */
import {
  FAULTS,
  type FaultName,
  type Operation,
} from '../../../activities/providers/shared/simulator-faults.ts';
import { BUYER } from '../../support/guarantees.ts';
import { createDice, type Dice } from './random.ts';

export type Family = 'card' | 'guarantee' | 'credit' | 'promise';
export type ProviderName = 'stripe' | 'infinitepay' | 'apruve';

/** How often a request is sent, always under one key: again when it was answered, or at once. */
export type Manner = 'once' | 'twice' | 'together';

export type Ask = {
  readonly verb: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly manner: Manner;
};

/** What the buyer does when asked to confirm: and whether the browser comes back to say so. */
export type BuyerDoes =
  'comes back' | 'comes back twice' | 'closes the browser' | 'fails' | 'stays away';

export type ArmedFault = {
  readonly provider: ProviderName;
  readonly operation: Operation;
  readonly fault: FaultName;
  readonly delayMs: number;
};

export type Script = {
  readonly index: number;
  readonly family: Family;
  readonly start: Ask;
  readonly buyer: BuyerDoes;
  /** Somebody refunds a part in the provider's dashboard before the last of the asks. */
  readonly isOvertaken: boolean;
  readonly asks: readonly Ask[];
  /** All asks are sent at the same instant, by people who know nothing of each other. */
  readonly atOnce: boolean;
  /** `before`: the request that it is armed before, 0 is the start. */
  readonly faults: readonly (ArmedFault & { readonly before: number })[];
};

/** By when a call is given up, by the integrations' settings: some delays are longer. */
export const TIMEOUT_MS = 1_500;
const FAULTY = 0.4;
const DISORDERLY = 0.12;
const OVERTAKEN = 0.1;
export const BUYER_ACCOUNT = 'a1'.padEnd(32, '0');
const SMALL_ACCOUNT = 'a2'.padEnd(32, '0');
const REVIEW_ACCOUNT = 'a4'.padEnd(32, '0');
/** Above every limit that the simulators are given. */
const TOO_MUCH = 2_000_000_000;

export function createPlan(seed: number, payments: number): readonly Script[] {
  const dice = createDice(seed);
  let faults = dice.between(0, FAULTS.length - 1);
  return Array.from({ length: payments }, (_, index): Script => {
    const family = dice.weighed<Family>({ card: 5, guarantee: 2, credit: 2, promise: 1 });
    const part = SCRIPTS[family](dice, index);
    const asks = dice.chance(DISORDERLY) ? shuffled(dice, part.asks) : part.asks;
    const isOvertaken = family === 'card' && dice.chance(OVERTAKEN);
    const atOnce = dice.chance(DISORDERLY);
    const script = { index, family, ...part, asks, isOvertaken, atOnce };
    if (family === 'promise' || !dice.chance(FAULTY)) return { ...script, faults: [] };
    // In turns, so that few payments already meet each kind.
    const fault = FAULTS[(faults += 1) % FAULTS.length] ?? 'delay';
    return { ...script, faults: [armed(dice, family, fault, script.asks.length)] };
  });
}

type Part = Pick<Script, 'start' | 'buyer' | 'asks'>;

const SCRIPTS: Readonly<Record<Family, (dice: Dice, index: number) => Part>> = {
  card,
  guarantee,
  credit,
  promise,
};

const PROVIDER_OF = { card: 'stripe', guarantee: 'infinitepay', credit: 'apruve' } as const;
const OPERATIONS_OF = {
  card: ['authorize', 'sale', 'capture', 'void', 'refund', 'inquire', '*'],
  guarantee: ['reserve', 'capture', 'activate', 'cancel', 'apply', 'inquire', '*'],
  credit: ['authorize', 'capture', 'ship', 'refund', 'void', 'inquire', '*'],
} as const satisfies Record<string, readonly Operation[]>;

function armed(dice: Dice, family: keyof typeof PROVIDER_OF, fault: FaultName, asks: number) {
  return {
    provider: PROVIDER_OF[family],
    operation: dice.oneOf<Operation>(OPERATIONS_OF[family]),
    fault,
    delayMs: dice.between(200, fault === 'delay' ? 2 * TIMEOUT_MS : 4_000),
    before: dice.between(0, asks),
  };
}

const shuffled = <T>(dice: Dice, items: readonly T[]): readonly T[] =>
  items
    .map((item) => ({ item, place: dice.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);

const mannerOf = (dice: Dice): Manner => dice.weighed({ once: 6, twice: 2, together: 2 });

const ask = (dice: Dice, verb: string, body: Ask['body'] = {}): Ask => ({
  verb,
  body,
  manner: mannerOf(dice),
});

const start = (dice: Dice, index: number, method: string, body: Ask['body']): Ask =>
  ask(dice, 'start', { method, source: { kind: 'order', number: `storm-${index}` }, ...body });

const GOOD_CARDS = [
  'pm_card_visa',
  'pm_card_mastercard',
  'pm_card_amex',
  'pm_card_credit_disableEnterpriseCardFeatures',
];
const BAD_CARDS = [
  'pm_card_chargeDeclined',
  'pm_card_chargeDeclinedInsufficientFunds',
  'pm_card_chargeDeclinedExpiredCard',
  'pm_card_chargeDeclinedFraudulent',
];
const ASKING_CARDS = ['pm_card_authenticationRequired', 'pm_card_threeDSecure2Required'];

function card(dice: Dice, index: number): Part {
  const total = dice.between(100, 50_000);
  const kind = dice.weighed({ good: 6, challenged: 3, declined: 1, refundFails: 0.5, late: 1 });
  const paymentToken = {
    good: () => dice.oneOf(GOOD_CARDS),
    challenged: () => dice.oneOf(ASKING_CARDS),
    declined: () => dice.oneOf(BAD_CARDS),
    refundFails: () => 'pm_card_refundFail',
    late: () => 'pm_card_pendingRefund',
  }[kind]();
  const capture = dice.chance(0.3) ? 'automatic' : 'manual';
  const currency = dice.oneOf(['EUR', 'USD', 'JPY']);
  return {
    start: start(dice, index, 'stripe_test.card', {
      amount: { amountMinor: total, currency },
      capture,
      paymentToken,
      ...(dice.chance(0.5) ? { returnUrl: 'https://shop.example/thanks' } : {}),
    }),
    buyer: dice.weighed<BuyerDoes>({
      'comes back': 4,
      'comes back twice': 3,
      'closes the browser': 2,
      fails: 1,
      'stays away': 1,
    }),
    asks: [
      ...(capture === 'automatic' ? [] : holdAsks(dice, total)),
      ...(dice.chance(0.5) ? refunds(dice, total) : []),
    ],
  };
}

/** What staff do with held money; now and then what is not possible, which has to be refused. */
function holdAsks(dice: Dice, total: number): Ask[] {
  const part = Math.max(1, Math.floor(total / 3));
  switch (dice.weighed({ all: 5, part: 2, parts: 2, void: 2, tooMuch: 1, nothing: 1 })) {
    case 'all':
      return [ask(dice, 'capture')];
    case 'part':
      return [ask(dice, 'capture', { amountMinor: part })];
    case 'parts':
      return [
        ask(dice, 'capture', { amountMinor: part, final: false }),
        dice.chance(0.5) ? ask(dice, 'capture') : ask(dice, 'void'),
      ];
    case 'void':
      return [ask(dice, 'void')];
    case 'tooMuch':
      return [ask(dice, 'capture', { amountMinor: total + 1 }), ask(dice, 'capture')];
    case 'nothing':
      return [];
  }
}

function refunds(dice: Dice, total: number): Ask[] {
  const part = Math.max(1, Math.floor(total / 5));
  const one = ask(dice, 'refund', { amountMinor: part, reason: 'one item came back' });
  return dice.chance(0.5) ? [one] : [one, ask(dice, 'refund')];
}

function guarantee(dice: Dice, index: number): Part {
  const wish = dice.weighed({
    none: 10,
    'reserve-denied': 1,
    'activation-denied': 1,
    'activation-denied-once': 1,
    'half-guaranteed': 1,
    'cancel-denied': 1,
    'capture-denied': 1,
  });
  const tooMuch = dice.chance(0.05);
  const total = tooMuch ? TOO_MUCH : dice.between(1_000, 100_000);
  const email = `buyer${wish === 'none' ? '' : `+${wish}`}@example.com`;
  return {
    start: start(dice, index, 'infinitepay_test.guarantee', {
      amount: { amountMinor: total, currency: 'EUR' },
      term: 'net30',
      buyer: { ...BUYER, email },
    }),
    buyer: 'stays away',
    asks: guaranteeAsks(dice, total),
  };
}

function guaranteeAsks(dice: Dice, total: number): Ask[] {
  const modify = dice.chance(0.2) ? [ask(dice, 'modify', { amountMinor: total - 100 })] : [];
  const captured = [...modify, ask(dice, 'capture'), ask(dice, 'activate')];
  switch (dice.weighed({ paid: 4, parts: 2, guaranteed: 2, cancelled: 2, reserved: 1 })) {
    case 'paid':
      return [...captured, ask(dice, 'receipts', { reference: 'transfer' })];
    case 'parts':
      return [
        ...captured,
        ask(dice, 'receipts', { amountMinor: 500, reference: 'transfer 1' }),
        ask(dice, 'receipts', { reference: 'transfer 2' }),
      ];
    case 'guaranteed':
      return [...captured, ...(dice.chance(0.5) ? [ask(dice, 'activate')] : [])];
    case 'cancelled':
      return [...(dice.chance(0.5) ? [ask(dice, 'capture')] : modify), ask(dice, 'cancel')];
    case 'reserved':
      return modify;
  }
}

function credit(dice: Dice, index: number): Part {
  const unit = dice.between(100, 2_000);
  const total = unit * 10;
  const how = dice.weighed({ lightbox: 4, account: 5, small: 1, review: 0.5 });
  const account = {
    lightbox: null,
    account: BUYER_ACCOUNT,
    small: SMALL_ACCOUNT,
    review: REVIEW_ACCOUNT,
  };
  const corporateAccountId = account[how];
  const amountMinor = how === 'small' ? total * 100 : total;
  const name = how === 'account' || how === 'lightbox' ? 'buyer' : how;
  return {
    start: start(dice, index, 'apruve_test.credit', {
      amount: { amountMinor, currency: 'USD' },
      items: [{ title: 'Steel pipe', sku: 'P-1', quantity: 10, unitPriceMinor: amountMinor / 10 }],
      buyer: { email: `${name}@example.com`, name: 'Sam Buyer' },
      ...(corporateAccountId === null ? {} : { corporateAccountId }),
    }),
    buyer: dice.weighed({
      'comes back': 5,
      'closes the browser': 2,
      fails: 1,
      'stays away': 1,
    }),
    asks: creditAsks(dice, total),
  };
}

function creditAsks(dice: Dice, total: number): Ask[] {
  const part = Math.floor(total / 2);
  const shipped = { shipper: 'UPS', trackingNumber: '1Z999' };
  const whole = ask(dice, 'invoices', shipped);
  switch (
    dice.weighed({ whole: 4, parts: 2, returned: 2, cancelled: 2, withdrawn: 1, nothing: 1 })
  ) {
    case 'whole':
      return [whole];
    case 'parts':
      return [
        ask(dice, 'invoices', { ...shipped, amountMinor: part }),
        ask(dice, 'invoices', shipped),
      ];
    case 'returned':
      return [whole, ask(dice, 'refund', { amountMinor: part, reason: 'DAMAGED' })];
    case 'cancelled':
      return [ask(dice, 'cancel', { reason: 'not wanted any more' })];
    case 'withdrawn':
      return [whole, ask(dice, 'cancel-invoice')];
    case 'nothing':
      return [];
  }
}

function promise(dice: Dice, index: number): Part {
  const total = dice.between(100, 50_000);
  const half = Math.floor(total / 2);
  const asks = {
    paid: () => [ask(dice, 'receipts', { reference: 'check 1' })],
    parts: () => [
      ask(dice, 'receipts', { amountMinor: half }),
      ask(dice, 'receipts'),
      ask(dice, 'refund', { amountMinor: half }),
    ],
    takenBack: () => [
      ask(dice, 'receipts', { amountMinor: total + half }),
      ask(dice, 'refund', { amountMinor: half }),
      ask(dice, 'bounce', { reason: 'no funds' }),
    ],
    reduced: () => [ask(dice, 'reduce', { amountMinor: half }), ask(dice, 'receipts')],
    bounced: () => [ask(dice, 'receipts'), ask(dice, 'bounce', { reason: 'no funds' })],
    cancelled: () => [ask(dice, 'cancel')],
    writtenOff: () => [ask(dice, 'write-off', { reason: 'insolvent' })],
  }[
    dice.weighed({
      paid: 3,
      parts: 2,
      takenBack: 1,
      reduced: 1,
      bounced: 1,
      cancelled: 1,
      writtenOff: 1,
    })
  ]();
  return {
    start: start(dice, index, dice.oneOf(['offline.terms', 'offline.check']), {
      amount: { amountMinor: total, currency: 'EUR' },
      ...(dice.chance(0.5) ? { dueOn: '2027-06-30' } : { buyer: { customerGroup: 'wholesale' } }),
    }),
    buyer: 'stays away',
    asks,
  };
}
