/**
 * Every order of up to five pieces of news of one payment, each also doubled, against the chart: at
 * each delivery the payment looks at what a provider shows at that moment, as the driver and its
 * activity do.
 */
import { describe, expect, it } from 'vitest';
import { fold } from '../../../db/journal/fold.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardClaim, CardPicture } from '../../../machines/card/card.types.ts';
import { INPUT } from './card.states.ts';

const HOLD = 1_050;
const DAY = 86_400_000;

/** What happened at the provider one after the other, and what it said of each. */
type Happening = { readonly act: (hold: CardPicture) => CardPicture; readonly said: CardClaim };
type Story = {
  readonly name: string;
  /** How the journal stands before; `authorized` unless it says otherwise. */
  readonly base?: 'expired' | 'renewed';
  readonly happenings: readonly Happening[];
};

const UPON = 'pi_1';
const untouched: CardPicture = {
  providerRef: UPON,
  authorizedMinor: HOLD,
  capturedMinor: 0,
  heldMinor: HOLD,
  holdEndsAt: 7 * DAY,
  multicapture: true,
  endedBy: null,
  refunds: [],
  disputes: [],
};

const authorized: Happening = { act: (hold) => hold, said: { says: 'authorized' } };
const somehow: Happening = { act: (hold) => hold, said: { says: 'changed' } };
const capture = (amountMinor: number, total: number, isOver: boolean): Happening => ({
  act: (hold) => ({
    ...hold,
    capturedMinor: hold.capturedMinor + amountMinor,
    heldMinor: isOver ? 0 : hold.heldMinor - amountMinor,
  }),
  said: { says: 'captured', upon: UPON, amountMinor: total, isOver },
});
const ended = (endedBy: 'void' | 'time'): Happening => ({
  act: (hold) => ({ ...hold, heldMinor: 0, endedBy }),
  said: { says: 'released', upon: UPON },
});
const refund = (providerRef: string, amountMinor: number): Happening => ({
  act: (hold) => ({
    ...hold,
    refunds: [
      { providerRef, operationId: null, amountMinor, status: 'succeeded', reason: null },
      ...hold.refunds,
    ],
  }),
  said: { says: 'refund', providerRef, status: 'succeeded' },
});
const refundSum = (amountMinor: number): Happening => ({
  act: (hold) => hold,
  said: { says: 'refunded', upon: UPON, amountMinor },
});
const refundFails = (ref: string): Happening => ({
  act: (hold) => ({
    ...hold,
    refunds: hold.refunds.map((each) =>
      each.providerRef === ref ? { ...each, status: 'failed' } : each,
    ),
  }),
  said: { says: 'refund', providerRef: ref, status: 'failed' },
});
const dispute = (providerRef: string, amountMinor: number): Happening => ({
  act: (hold) => ({
    ...hold,
    disputes: [
      { providerRef, amountMinor, status: 'open', reason: 'fraudulent', respondBy: 9 * DAY },
      ...hold.disputes,
    ],
  }),
  said: { says: 'dispute', providerRef, status: 'open' },
});
const closes = (ref: string, status: 'won' | 'lost'): Happening => ({
  act: (hold) => ({
    ...hold,
    disputes: hold.disputes.map((each) => (each.providerRef === ref ? { ...each, status } : each)),
  }),
  said: { says: 'dispute', providerRef: ref, status },
});

const STORIES: readonly Story[] = [
  {
    name: 'captured in parts, refunded, and the refund fails',
    happenings: [
      authorized,
      capture(400, 400, false),
      capture(500, 900, true),
      refund('re_1', 200),
      refundFails('re_1'),
    ],
  },
  { name: 'cancelled', happenings: [authorized, ended('void'), somehow] },
  { name: 'lapsed before its date', happenings: [authorized, ended('time'), somehow] },
  {
    name: 'cancelled after a part was captured',
    happenings: [authorized, capture(400, 400, false), ended('void'), capture(0, 400, true)],
  },
  {
    name: 'disputed and won',
    happenings: [
      authorized,
      capture(HOLD, HOLD, true),
      dispute('dp_1', HOLD),
      closes('dp_1', 'won'),
      somehow,
    ],
  },
  {
    name: 'disputed and lost after a part was refunded',
    happenings: [
      capture(HOLD, HOLD, true),
      refund('re_1', 300),
      dispute('dp_1', 700),
      closes('dp_1', 'lost'),
      refundSum(300),
    ],
  },
  {
    name: 'disputed twice, won and lost',
    happenings: [
      capture(HOLD, HOLD, true),
      dispute('dp_1', 500),
      closes('dp_1', 'won'),
      dispute('dp_2', 400),
      closes('dp_2', 'lost'),
    ],
  },
  {
    name: 'refunded twice',
    happenings: [
      capture(HOLD, HOLD, true),
      refund('re_1', 300),
      refundSum(300),
      refund('re_2', 650),
      refundSum(950),
    ],
  },
  {
    name: 'refunded, failed, refunded again',
    happenings: [
      capture(800, 800, true),
      refund('re_1', 800),
      refundFails('re_1'),
      refund('re_2', 700),
      refundSum(700),
    ],
  },
  {
    name: 'paid after it had ended, captured and refunded',
    base: 'expired',
    happenings: [
      authorized,
      capture(300, 300, false),
      capture(750, HOLD, true),
      refund('re_1', 400),
      somehow,
    ],
  },
  {
    name: 'renewed, then captured, refunded and disputed',
    base: 'renewed',
    happenings: [
      capture(100, 100, false),
      capture(200, 300, true),
      refund('re_1', 150),
      dispute('dp_1', 100),
      closes('dp_1', 'won'),
    ],
  },
];

const FORMER: CardPicture = {
  ...untouched,
  providerRef: 'pi_0',
  capturedMinor: 400,
  heldMinor: 0,
  endedBy: 'void',
};

const approved = (providerRef: string, at: number): CardEvent => ({
  type: 'authorization.approved',
  at,
  operationId: 'op_sample_authorize_1',
  providerRef,
  amountMinor: HOLD,
  holdEndsAt: 7 * DAY,
  multicapture: true,
});

/** The facts that the journal has before. */
const BASES: Readonly<Record<'authorized' | 'expired' | 'renewed', readonly CardEvent[]>> = {
  authorized: [approved(UPON, 1)],
  expired: [
    {
      type: 'buyer.action_required',
      at: 1,
      operationId: 'op_sample_authorize_1',
      providerRef: UPON,
      nextAction: { type: 'redirect', url: 'https://bank.example/' },
    },
    { type: 'buyer.timed_out', at: 2 },
    { type: 'void.succeeded', at: 3, operationId: 'op_sample_void_1', releasedMinor: 0 },
  ],
  renewed: [
    approved('pi_0', 1),
    { type: 'capture.requested', at: 2, amountMinor: 400, final: false },
    {
      type: 'capture.succeeded',
      at: 3,
      operationId: 'op_sample_capture_1',
      amountMinor: 400,
      releasedMinor: 0,
    },
    { type: 'hold.policy_due', at: 4, action: 'reauthorize' },
    {
      type: 'reauthorization.approved',
      at: 5,
      operationId: 'op_sample_reauthorize_1',
      providerRef: UPON,
      amountMinor: 650,
      holdEndsAt: 7 * DAY,
      multicapture: true,
    },
    { type: 'void.succeeded', at: 6, operationId: 'op_sample_void_1', releasedMinor: 650 },
  ],
};

type Moment = 'after all' | 'as soon as said' | 'between two answers';
type Own = { readonly after: number; readonly answer: 'known' | 'unknown' } | null;
type Case = {
  readonly story: Story;
  /** Which happenings are told, in this order. */
  readonly order: readonly number[];
  readonly moment: Moment;
  /** The first of them come while the authorization is still on its way. */
  readonly early: number;
  readonly at: number;
  /** A refund of 50 by Holdfast itself, after so many deliveries. */
  readonly own: Own;
};

const OWN_REFUND = 50;

/** The payment's run, its journal and its provider, without any of their machinery. */
class Desk {
  #state: CardState;
  readonly #ledger = new Map<string, number>();
  readonly #waiting: CardClaim[] = [];
  #reached = -1;
  #own: Happening | null = null;
  questions = 0;
  readonly case: Case;

  constructor(given: Case) {
    this.case = given;
    this.#state = cardLifecycle.open(INPUT);
    if (given.early === 0) this.#append(BASES[given.story.base ?? 'authorized']);
    if (given.moment !== 'as soon as said') this.#reached = given.story.happenings.length - 1;
  }

  run(): void {
    const { early, order, own, story } = this.case;
    let isOwnDue = own !== null;
    order.forEach((index, place) => {
      this.#reached = Math.max(this.#reached, index);
      this.#tell(story.happenings[index]!.said);
      if (place + 1 === early) this.#authorize();
      if (own !== null && isOwnDue && place + 1 >= own.after) {
        isOwnDue = !this.#refund(own.answer);
      }
    });
    this.#sweep();
    if (own !== null && isOwnDue) this.#refund(own.answer);
    this.#sweep();
  }

  get outcome() {
    const { amounts, status } = cardLifecycle.view(this.#state);
    const { refunds, disputes } = this.#state.context;
    return {
      status,
      amounts,
      ledger: [...this.#ledger]
        .flatMap(([account, minor]) => (minor === 0 ? [] : [`${account} ${minor}`]))
        .toSorted((a, b) => a.localeCompare(b)),
      refunds: Object.keys(refunds).toSorted((a, b) => a.localeCompare(b)),
      disputes: Object.entries(disputes)
        .map(([ref, { status: each }]) => `${ref} ${each}`)
        .toSorted((a, b) => a.localeCompare(b)),
      waits: this.#waiting.length,
      asks: this.#state.context.asking !== null,
    };
  }

  /** Told again until the state knows it, or until the provider was asked because of it. */
  #tell(said: CardClaim): void {
    if (cardLifecycle.knows(this.#state, said)) return;
    const news = {
      source: 'provider',
      name: said.says,
      notificationId: 'ntf_1',
      verified: true,
      providerRef: UPON,
      claim: said,
    } as const;
    const heard = cardLifecycle.hear(this.#state, news, this.case.at);
    if (heard === null) {
      this.#waiting.push(said);
      return;
    }
    const before = this.#state;
    const after = cardLifecycle.applyEvent(before, heard);
    if (after === null) throw new Error('what was heard is not legal');
    const found = this.#ask(after);
    const isNothing = found.every(({ type }) => type === 'picture.confirmed');
    if (!isNothing) this.#append([heard, ...found]);
  }

  #sweep(): void {
    for (let round = 0; round < 5; round += 1) {
      for (const said of this.#waiting.splice(0)) this.#tell(said);
      this.#askWhatIsDue();
    }
  }

  #askWhatIsDue(): void {
    this.#reached = this.case.story.happenings.length - 1;
    for (let time = 0; time < 5 && this.#state.context.asking !== null; time += 1) {
      this.#append([{ type: 'inquiry.due', at: this.case.at }]);
      this.#append(this.#ask(this.#state));
    }
  }

  /** As `inquireCard` does: what does not fit is no fact, and is asked about again. */
  #ask(state: CardState): CardEvent[] {
    this.questions += 1;
    const effect = cardLifecycle.pendingEffect(state);
    if (effect?.type !== 'inquire') throw new Error(`${state.value} asks nothing`);
    if (effect.about.type !== 'picture') return [this.#refundAnswer(effect.operationId ?? '')];
    const facts = cardLifecycle.factsOf(state, this.#look(effect.about.providerRefs), this.case.at);
    let next: CardState | null = state;
    for (const fact of facts) next = next && cardLifecycle.applyEvent(next, fact);
    if (next !== null) return [...facts];
    return [{ type: 'inquiry.inconclusive', at: this.case.at, reason: 'it does not fit' }];
  }

  #look(refs: readonly string[]): CardPicture[] {
    const at = (moment: number): CardPicture => {
      const first =
        this.case.story.base === 'renewed'
          ? { ...untouched, authorizedMinor: 650, heldMinor: 650 }
          : untouched;
      const shown = this.case.story.happenings
        .slice(0, moment + 1)
        .reduce((hold, { act }) => act(hold), first);
      return this.#own?.act(shown) ?? shown;
    };
    let picture = at(this.#reached);
    if (this.case.moment === 'between two answers' && this.questions === 1) {
      // The hold was read before the last two things happened, its refunds and disputes after.
      const { refunds, disputes } = picture;
      picture = { ...at(this.#reached - 2), refunds, disputes };
    }
    return refs.map((ref) => (ref === UPON ? picture : FORMER));
  }

  #authorize(): void {
    this.#append([approved(UPON, this.case.at)]);
  }

  /** False when it is not allowed now. What is told meanwhile waits, or makes the payment ask. */
  #refund(answer: 'known' | 'unknown'): boolean {
    const { at } = this.case;
    const request = { verb: 'refund', amountMinor: OWN_REFUND };
    const decision = cardLifecycle.decide(this.#state, request, at);
    if (!('type' in decision)) return false;
    this.#append([decision]);
    const operationId = this.#state.context.operation?.id ?? '';
    this.#own = refund('re_own', OWN_REFUND);
    const [first] = this.case.story.happenings;
    if (first !== undefined) this.#tell(first.said);
    this.#tell(this.#own.said);
    if (answer === 'known') this.#append([this.#refundAnswer(operationId)]);
    else {
      this.#append([{ type: 'refund.unknown', at, operationId, reason: 'no answer' }]);
      this.#tell(this.#own.said);
      if (this.#state.context.operation !== null) this.#append(this.#ask(this.#state));
    }
    return true;
  }

  #refundAnswer(operationId: string): CardEvent {
    const { at } = this.case;
    return {
      type: 'refund.succeeded',
      at,
      operationId,
      amountMinor: OWN_REFUND,
      providerRef: 're_own',
    };
  }

  /** `fold` throws where something is not legal, or the postings disagree with the amounts. */
  #append(events: readonly CardEvent[]): void {
    const facts = events.map((event) => ({ event, actor: 'test' }));
    const folded = fold(cardLifecycle.freeze(this.#state), 1, facts);
    for (const { account, amountMinor } of folded.facts.flatMap(({ postings }) => postings)) {
      this.#ledger.set(account, (this.#ledger.get(account) ?? 0) + amountMinor);
    }
    this.#state = cardLifecycle.thaw(folded.frozen);
  }
}

const ordersOf = (items: readonly number[]): number[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, index) =>
        ordersOf([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [
          item,
          ...rest,
        ]),
      );

/** Every order; and every order with one of them once more, at every later place. */
function sequencesOf(count: number): number[][] {
  const orders = ordersOf(Array.from({ length: count }, (_, index) => index));
  const doubled = orders.flatMap((order) =>
    order.flatMap((item, place) =>
      Array.from({ length: count - place }, (_, later) =>
        order.toSpliced(place + 1 + later, 0, item),
      ),
    ),
  );
  return [...orders, ...doubled];
}

function* casesOf(story: Story): Generator<Case> {
  const count = story.happenings.length;
  const usual = { story, moment: 'as soon as said', early: 0, at: 10, own: null } as const;
  for (const order of sequencesOf(count)) {
    yield { ...usual, order };
    yield { ...usual, order, moment: 'after all', at: 6 * DAY };
    if (order.length > count) continue;
    yield { ...usual, order, moment: 'between two answers' };
    for (let after = 0; after <= count; after += 1) {
      if (after > 0 && story.base === undefined) yield { ...usual, order, early: after };
      yield { ...usual, order, own: { after, answer: 'known' } };
      yield { ...usual, order, moment: 'after all', own: { after, answer: 'unknown' } };
    }
  }
}

const outcomeOf = (given: Case): Desk['outcome'] => {
  const desk = new Desk(given);
  desk.run();
  return desk.outcome;
};

describe('news of one payment', () => {
  let cases = 0;
  it.each(STORIES)('leads to the same end in every order: $name', (story) => {
    const order = story.happenings.map((_, index) => index);
    const ordered = { story, order, moment: 'as soon as said', early: 0, at: 10 } as const;
    const expected = outcomeOf({ ...ordered, own: null });
    expect(expected).toMatchObject({ waits: 0, asks: false });
    const withOwn = outcomeOf({ ...ordered, own: { after: order.length, answer: 'known' } });
    const before = cases;
    for (const given of casesOf(story)) {
      cases += 1;
      const actual = outcomeOf(given);
      const { story: _story, ...told } = given;
      const wanted = given.own === null ? expected : withOwn;
      // Compared as text first: this many expectations would take longer than the cases.
      if (JSON.stringify(actual) !== JSON.stringify(wanted)) {
        expect({ told, ...actual }).toEqual({ told, ...wanted });
      }
    }
    console.info(`${story.name}: ${cases - before} cases, ${cases} so far`);
  });
});
