/** One run's memory: the state, what the journal does not have yet, and who asked for what. */
import type { ApplicationFailure } from '@temporalio/common';
import { canonicalJson } from '../machines/shared/canonical-json.ts';
import type { Fact } from '../machines/shared/fact.ts';
import type { Frozen, PaymentView } from '../machines/shared/lifecycle.ts';
import { type AnyLifecycle, type AnyState, lifecycleOf } from '../machines/lifecycles.ts';
import type { LoadedRun, Unjournaled } from '../activities/journal.contract.ts';

/** What became of one command: the fact that it is, and the fact that answered it. */
export type CommandRecord = {
  readonly requestHash: string;
  requested: number;
  /** The operation that answers it; `AT_ONCE` for one that needs none, which is answered when it is
   *  journaled; null for a command of an earlier run, unless its operation is still in flight. */
  operationId: string | null;
  answered: number | null;
  /** It was not journaled, so it never happened. */
  dropped: boolean;
  /** Why, where the journal's writer said more than that it came too late. */
  refusal: ApplicationFailure | null;
};

const AT_ONCE = '';

/** Actor of a command that came as a signal: its sender hears no answer. */
export const SIGNAL = 'signal';

export class PaymentRun {
  readonly paymentId: string;
  lifecycle: AnyLifecycle;
  state: AnyState;
  firstOutcomeAt: number | null = null;
  /** The last signal that was refused, in words; nobody else would hear of it. */
  refusedSignal: string | null = null;
  readonly commands = new Map<string, CommandRecord>();
  #base: Frozen;
  #journaled: number;
  #facts: Fact[] = [];

  constructor(paymentId: string, loaded: LoadedRun) {
    this.paymentId = paymentId;
    this.lifecycle = lifecycleOf(loaded.frozen);
    this.#base = loaded.frozen;
    this.#journaled = loaded.sequence;
    this.state = this.lifecycle.thaw(loaded.frozen);
    this.#adoptCommands(loaded);
  }

  get view(): PaymentView {
    return this.lifecycle.view(this.state);
  }

  /** The sequence of the last fact, journaled or not. */
  get sequence(): number {
    return this.#journaled + this.#facts.length;
  }

  hasJournaled(sequence: number): boolean {
    return sequence <= this.#journaled;
  }

  get unjournaled(): Unjournaled {
    return {
      paymentId: this.paymentId,
      base: this.#base,
      sequence: this.#journaled,
      facts: this.#facts,
    };
  }

  /** False when `fact` is not legal now: nothing changes. */
  accept(fact: Fact): boolean {
    const next = this.lifecycle.applyEvent(this.state, fact.event);
    if (next === null) return false;
    this.state = next;
    this.#facts.push(fact);
    if (fact.idempotencyKey !== undefined) {
      this.commands.set(fact.idempotencyKey, {
        requestHash: fact.requestHash ?? '',
        requested: this.sequence,
        operationId: this.view.operationInFlight ?? AT_ONCE,
        answered: null,
        dropped: false,
        refusal: null,
      });
    }
    this.#noteAnswers();
    return true;
  }

  /** Everything up to the present state lies in the journal. */
  journaled(): void {
    this.#journaled = this.sequence;
    this.#facts = [];
    this.#base = this.lifecycle.freeze(this.state);
    for (const command of this.commands.values()) {
      if (command.operationId === AT_ONCE) command.answered ??= command.requested;
    }
  }

  /** Forgets what was not journaled: back to the state that the journal holds. */
  rewind(refusal: ApplicationFailure | null = null): void {
    this.#drop(this.#facts, refusal);
    this.#facts = [];
    this.state = this.lifecycle.thaw(this.#base);
  }

  /** Takes over what the journal has, when it is not what this run believes that it has. */
  adopt(loaded: LoadedRun): void {
    const { sequence, frozen } = loaded;
    const isKnown =
      sequence === this.#journaled && canonicalJson(frozen) === canonicalJson(this.#base);
    if (sequence < this.#journaled || isKnown) return;
    if (sequence === this.#journaled) this.rewind();
    // What was asked for here and is not among the journal's commands never happened.
    const theirs = new Set(loaded.commands.map(({ idempotencyKey }) => idempotencyKey));
    this.#drop(this.#facts.filter(({ idempotencyKey: key }) => !theirs.has(key ?? '')));
    this.#base = loaded.frozen;
    this.#journaled = loaded.sequence;
    this.#facts = [];
    this.lifecycle = lifecycleOf(loaded.frozen);
    this.state = this.lifecycle.thaw(loaded.frozen);
    this.#adoptCommands(loaded);
    // Which of the journal's facts answered whom, its readers can tell; this run has not seen it.
    for (const command of this.commands.values()) {
      if (command.operationId !== this.view.operationInFlight) command.operationId = null;
    }
  }

  #drop(facts: readonly Fact[], refusal: ApplicationFailure | null = null): void {
    for (const { actor, event, idempotencyKey } of facts) {
      if (refusal !== null && actor === SIGNAL) {
        this.refusedSignal = `${event.type} was refused: ${refusal.message}`;
      }
      const command = idempotencyKey === undefined ? undefined : this.commands.get(idempotencyKey);
      if (idempotencyKey === undefined || command === undefined) continue;
      command.dropped = true;
      command.refusal = refusal;
      this.commands.delete(idempotencyKey);
    }
  }

  #adoptCommands(loaded: LoadedRun): void {
    const last = loaded.commands.reduce(
      (max, each) => (each.sequence > max ? each.sequence : max),
      0,
    );
    for (const { idempotencyKey, requestHash, sequence } of loaded.commands) {
      const mine = this.commands.get(idempotencyKey);
      // A run that was set back numbered it anew; the journal has had it for longer.
      if (mine !== undefined) mine.requested = sequence;
      if (mine !== undefined) continue;
      // One operation is in flight at a time, so it can only be the last command's.
      const operationId = sequence === last ? this.view.operationInFlight : null;
      this.commands.set(idempotencyKey, {
        requestHash,
        requested: sequence,
        operationId,
        answered: null,
        dropped: false,
        refusal: null,
      });
    }
  }

  #noteAnswers(): void {
    const { firstOutcomeKnown, operationInFlight } = this.view;
    if (firstOutcomeKnown) this.firstOutcomeAt ??= this.sequence;
    for (const command of this.commands.values()) {
      const { operationId } = command;
      if (operationId === null || operationId === AT_ONCE || operationId === operationInFlight)
        continue;
      command.answered ??= this.sequence;
    }
  }
}

/** The run of a request that was journaled a moment ago, as its first fact. */
export function openRun(paymentId: string, opening: Frozen): PaymentRun {
  const run = new PaymentRun(paymentId, { frozen: opening, sequence: 1, commands: [] });
  // What is only promised has its outcome with the request.
  if (run.view.firstOutcomeKnown) run.firstOutcomeAt = 1;
  return run;
}
