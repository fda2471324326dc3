/**
 * A card payment on a virtual clock, with a provider that keeps its holds by the book: time jumps to
 * whatever is due next, effects are answered with facts, and all of it takes microseconds.
 */
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import type {
  CardEffect,
  CardInput,
  CardOperationEffect,
  CardPicture,
  CardPolicy,
  HoldAction,
} from '../../../machines/card/card.types.ts';
import {
  type CommandRequest,
  isRefusal,
  type Refusal,
} from '../../../machines/shared/lifecycle.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** When every payment here is asked for. */
export const START = Date.UTC(2026, 10, 21, 10);
export const TOTAL = 10_500;

type Hold = {
  readonly amountMinor: number;
  readonly endsAt: number;
  capturedMinor: number;
  /** What let go of the rest. */
  endedBy: 'void' | 'time' | 'capture' | null;
};

/** What the provider says instead of what it would have said; it may take its time about it. */
export type Answer = (effect: CardEffect, at: number) => CardEvent | undefined;

type Terms = {
  readonly policy?: Partial<CardPolicy>;
  /** How long each hold lasts, the first one first; the last one repeats. */
  readonly holdsMs: readonly number[];
  readonly captureAt?: number;
  /** Asked before the provider is; the first one that answers is used up. */
  readonly answers?: Answer[];
};

const POLICY: CardPolicy = {
  startWithinMs: HOUR / 4,
  inquireWithinMs: DAY,
  buyerWithinMs: HOUR,
  reviewWithinMs: 7 * DAY,
  warnBeforeMs: DAY,
  actBeforeMs: HOUR,
  onHoldEnding: 'nothing',
  onLateMoney: 'adopt',
};

export class Clock {
  state: CardState;
  now = START;
  /** All that happened: the fact, and how long after the start. */
  readonly story: [type: string, afterMs: number][] = [];
  readonly holds = new Map<string, Hold>();
  readonly refunds: { readonly providerRef: string; readonly amountMinor: number }[] = [];
  readonly effects: CardEffect[] = [];
  readonly #holdsMs: number[];
  readonly #answers: Answer[];

  constructor({ policy = {}, holdsMs, captureAt, answers = [] }: Terms) {
    const input: CardInput = {
      paymentId: 'pay_clock',
      total: { amountMinor: TOTAL, currency: 'EUR' },
      captureMode: 'manual',
      captureAt: captureAt ?? null,
      provider: 'Stripe',
      policy: { ...POLICY, ...policy },
      at: START,
    };
    this.state = cardLifecycle.open(input);
    this.#holdsMs = [...holdsMs];
    this.#answers = [...answers];
  }

  /** Lets time pass, with all that it brings. */
  runTo(at: number): this {
    for (let steps = 0; ; steps += 1) {
      if (steps > 500) throw new Error(`it never rests: ${JSON.stringify(this.story.slice(-5))}`);
      const effect = cardLifecycle.pendingEffect(this.state);
      if (effect !== null) {
        this.effects.push(effect);
        for (const event of this.#answer(effect)) this.take(event);
        continue;
      }
      const due = cardLifecycle.deadline(this.state);
      if (due === null || due.at > at) break;
      if (due.at > this.now) this.now = due.at;
      this.take({ ...(due.event as CardEvent), at: this.now });
    }
    if (at > this.now) this.now = at;
    return this;
  }

  runFor = (ms: number): this => this.runTo(this.now + ms);

  /** What a person asks for now; the answer is part of it. */
  ask(request: CommandRequest): Refusal | null {
    const decision = cardLifecycle.decide(this.state, request, this.now);
    if (isRefusal(decision)) return decision;
    this.take(decision);
    this.runFor(0);
    return null;
  }

  take(event: CardEvent): void {
    const next = cardLifecycle.applyEvent(this.state, event);
    if (next === null) throw new Error(`${event.type} is not legal in ${this.state.value}`);
    // As the journal does: a state is only what its frozen form says.
    this.state = cardLifecycle.thaw(cardLifecycle.freeze(next));
    if (event.at > this.now) this.now = event.at;
    this.story.push([event.type, event.at - START]);
  }

  get view() {
    return cardLifecycle.view(this.state);
  }

  /** When each fact of these types happened, after the start. */
  told(...types: string[]): [string, number][] {
    return this.story.filter(([type]) => types.includes(type));
  }

  /** What is held at the provider now, by reference. */
  get held(): Record<string, number> {
    const open = [...this.holds].filter(([ref]) => this.#openMinor(ref) > 0);
    return Object.fromEntries(open.map(([ref]) => [ref, this.#openMinor(ref)]));
  }

  #answer(effect: CardEffect): readonly CardEvent[] {
    for (const [index, answer] of this.#answers.entries()) {
      const event = answer(effect, this.now);
      if (event === undefined) continue;
      this.#answers.splice(index, 1);
      return [event];
    }
    if (effect.type !== 'inquire') return [this.act(effect)];
    if (effect.about.type !== 'picture') return [this.act(effect.about)];
    const pictures = effect.about.providerRefs.map((ref) => this.#picture(ref));
    return cardLifecycle.factsOf(this.state, pictures, this.now);
  }

  /** Carries an operation out at the provider. */
  act(effect: CardOperationEffect): CardEvent {
    const { operationId, amountMinor } = effect;
    const answer = { at: this.now, operationId };
    switch (effect.type) {
      case 'authorize':
        return { type: 'authorization.approved', ...answer, ...this.#place(amountMinor) };
      case 'reauthorize':
        return { type: 'reauthorization.approved', ...answer, ...this.#place(amountMinor) };
      case 'capture': {
        const hold = this.#hold(effect.providerRef);
        if (hold.endedBy !== null) return { type: 'hold.expired', at: this.now };
        hold.capturedMinor += amountMinor;
        if (effect.final) hold.endedBy = 'capture';
        const { releasedMinor } = effect;
        return { type: 'capture.succeeded', ...answer, amountMinor, releasedMinor };
      }
      case 'void': {
        const hold = this.#hold(effect.providerRef);
        if (hold.endedBy === 'time' && !effect.isReplaced) {
          return { type: 'hold.expired', at: this.now };
        }
        hold.endedBy ??= 'void';
        return { type: 'void.succeeded', ...answer, releasedMinor: amountMinor };
      }
      case 'refund': {
        this.refunds.push({ providerRef: effect.providerRef, amountMinor });
        return { type: 'refund.succeeded', ...answer, amountMinor, providerRef: operationId };
      }
    }
  }

  #place(amountMinor: number) {
    const [holdMs = 0] = this.#holdsMs;
    if (this.#holdsMs.length > 1) this.#holdsMs.shift();
    const providerRef = `pi_${this.holds.size + 1}`;
    const endsAt = this.now + holdMs;
    this.holds.set(providerRef, { amountMinor, endsAt, capturedMinor: 0, endedBy: null });
    return { providerRef, amountMinor, holdEndsAt: endsAt, multicapture: true };
  }

  #hold(ref: string): Hold {
    const hold = this.holds.get(ref);
    if (hold === undefined) throw new Error(`there is no ${ref}`);
    if (hold.endedBy === null && this.now >= hold.endsAt) hold.endedBy = 'time';
    return hold;
  }

  #openMinor(ref: string): number {
    const { amountMinor, capturedMinor, endedBy } = this.#hold(ref);
    return endedBy === null ? amountMinor - capturedMinor : 0;
  }

  #picture(providerRef: string): CardPicture {
    const hold = this.#hold(providerRef);
    const isCanceled = hold.capturedMinor === 0 && hold.endedBy !== 'capture';
    return {
      providerRef,
      authorizedMinor: hold.amountMinor,
      capturedMinor: hold.capturedMinor,
      heldMinor: this.#openMinor(providerRef),
      holdEndsAt: hold.endsAt,
      multicapture: true,
      endedBy: isCanceled && hold.endedBy !== 'capture' ? hold.endedBy : null,
      refunds: [],
      disputes: [],
    };
  }
}

/** Holds that all last as long, and what is done before they end. */
export const clock = (
  holdMs: number,
  onHoldEnding: HoldAction,
  rest: Omit<Terms, 'holdsMs'> = {},
): Clock => new Clock({ holdsMs: [holdMs], ...rest, policy: { onHoldEnding, ...rest.policy } });

/** Answers the first effect of this kind; an operation's id is filled in. */
export const once =
  (type: CardEffect['type'], event: (at: number, effect: CardEffect) => CardEvent): Answer =>
  (effect, at) =>
    effect.type === type ? event(at, effect) : undefined;

export const operationIdOf = (effect: CardEffect): string => effect.operationId ?? '';
