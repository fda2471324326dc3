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
import {
  approved,
  BASES,
  DAY,
  FORMER,
  type Happening,
  refund,
  STORIES,
  type Story,
  untouched,
  UPON,
} from './card.news-stories.ts';
import { INPUT } from './card.states.ts';

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
