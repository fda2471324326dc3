/** Commands wait here for the driver; handlers only put them in and wait for their answer. */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  defineSignal,
  defineUpdate,
  log,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import { assert } from '../machines/shared/assert.ts';
import { isRefusal, type News } from '../machines/shared/lifecycle.ts';
import {
  type Answer,
  COMMAND_REFUSED,
  COMMAND_TOO_LATE,
  type CommandMessage,
  FIRST_OUTCOME,
  JOURNAL_AHEAD,
  KEY_REUSED,
  NEWS,
} from './contracts.ts';
import { assertCommandMessage, readNews, readSignal } from './signals.ts';
import { type CommandRecord, type PaymentRun, SIGNAL } from './run.ts';

type Waiting = {
  readonly message: CommandMessage;
  record: CommandRecord | null;
  failure: ApplicationFailure | null;
};

/** Signals carry no time limit: staff who type them in do not wait for an answer. */
const FOREVER = Number.MAX_SAFE_INTEGER;

export class Inbox {
  readonly #waiting: Waiting[] = [];
  readonly #news: News[] = [];
  #run: PaymentRun | null = null;
  #atRest = false;
  #refusedEarly: string | null = null;
  #hasNotice = false;
  /** The journal's last sequence, as the sweep saw it. */
  #head = 0;

  constructor(verbs: readonly string[]) {
    for (const verb of verbs) {
      setHandler(
        defineUpdate<Answer, [CommandMessage]>(verb),
        (message) => this.#ask({ ...message, verb }),
        {
          validator: assertCommandMessage,
          description: `Ask this payment to ${verb}; answers when the provider has.`,
        },
      );
      setHandler(
        defineSignal<[unknown]>(verb),
        (signal) => {
          const read = readSignal(signal);
          if (typeof read === 'string') return this.#refuseSignal(verb, read);
          const { idempotencyKey = `signal-${uuid4()}`, ...terms } = read;
          this.#enqueue({
            ...terms,
            verb,
            idempotencyKey,
            requestHash: idempotencyKey,
            actor: SIGNAL,
            validUntil: FOREVER,
          });
        },
        { description: `Ask this payment to ${verb}: { amountMinor?, final?, reason? }.` },
      );
    }
    setHandler(defineSignal<[unknown]>(NEWS), (signal) => this.#hear(signal), {
      description: 'Something may have happened to this payment at its provider: ask.',
    });
    setHandler(defineSignal<[unknown]>(JOURNAL_AHEAD), (head) => this.#noteHead(head), {
      description: 'The journal may have more than this run knows: look.',
    });
    setHandler(defineUpdate<Answer>(FIRST_OUTCOME), () => this.#awaitFirstOutcome(), {
      description: 'Answers with the first outcome: approved, declined, buyer must act, ended.',
    });
  }

  get isEmpty(): boolean {
    return (
      this.#waiting.length === 0 &&
      this.#news.length === 0 &&
      !this.#hasNotice &&
      this.#run?.hasJournaled(this.#head) !== false
    );
  }

  /** Was this run told that the journal has more than it? True once for each time. */
  takeHead(run: PaymentRun): boolean {
    const isBehind = !run.hasJournaled(this.#head);
    this.#head = 0;
    return isBehind;
  }

  /** Nobody waits for an answer either. */
  get isIdle(): boolean {
    return this.isEmpty && allHandlersFinished();
  }

  attach(run: PaymentRun): void {
    this.#run = run;
    run.refusedSignal = this.#refusedEarly;
  }

  /** Nothing moves this payment by itself any more: who still waits is told what is known. */
  async drain(): Promise<void> {
    this.#atRest = true;
    await condition(() => !this.isEmpty || allHandlersFinished());
    this.#atRest = false;
  }

  /** Would the next command be refused by what this run knows? */
  isAboutToRefuse(run: PaymentRun, now: number): boolean {
    const [next] = this.#waiting;
    if (next === undefined || run.commands.has(next.message.idempotencyKey)) return false;
    return isRefusal(run.lifecycle.decide(run.state, next.message, now));
  }

  /** Is the time of the next command over, by this run's clock? */
  isLate(now: number): boolean {
    const [next] = this.#waiting;
    return next !== undefined && now > next.message.validUntil;
  }

  /** Takes the next command: it becomes a fact, or its caller hears why not. `judgesTime`: as runs did
   *  before the journal alone judged what comes too late. */
  take(run: PaymentRun, now: number, judgesTime = false): void {
    this.#hasNotice = false;
    const entry = this.#waiting.shift();
    if (entry === undefined) return this.#takeNews(run, now);
    const { message } = entry;
    const known = run.commands.get(message.idempotencyKey);
    if (known !== undefined) {
      if (known.requestHash === message.requestHash) entry.record = known;
      else entry.failure = refused(KEY_REUSED, 'this key was used for another request');
      return;
    }
    if (judgesTime && now > message.validUntil) {
      entry.failure = tooLate();
      return;
    }
    const decision = run.lifecycle.decide(run.state, message, now);
    if (isRefusal(decision)) {
      entry.failure = refused(COMMAND_REFUSED, decision.detail, decision);
      if (message.actor === SIGNAL) this.#refuseSignal(message.verb, decision.detail);
      return;
    }
    const { actor, idempotencyKey, requestHash, validUntil } = message;
    const limit = validUntil === FOREVER ? {} : { validUntil };
    if (!run.accept({ event: decision, actor, idempotencyKey, requestHash, ...limit })) {
      throw new Error(`Invariant broken: ${decision.type} was decided but is not legal`);
    }
    entry.record = run.commands.get(idempotencyKey) ?? null;
  }

  /** News that the state knows already is no fact, and leads to no question. */
  #takeNews(run: PaymentRun, now: number): void {
    const news = this.#news.shift();
    if (news === undefined) return;
    const event = run.lifecycle.hear(run.state, news, now);
    if (event === null) return;
    assert(run.accept({ event, actor: news.source }), `${event.type} was heard but is not legal`);
  }

  #noteHead(head: unknown): void {
    if (Number.isSafeInteger(head) && Number(head) > this.#head) this.#head = Number(head);
  }

  #hear(signal: unknown): void {
    const news = readNews(signal);
    if (typeof news === 'string') return this.#refuseSignal(NEWS, news);
    // Several that only say "look" are one.
    const isThere = this.#news.some(
      ({ name, notificationId }) => name === news.name && notificationId === news.notificationId,
    );
    if (!isThere) this.#news.push(news);
  }

  /** A signal's sender gets no answer, so the refusal is shown where it can be seen. */
  #refuseSignal(verb: string, why: string): void {
    log.warn('signal refused', { verb, why });
    const notice = `The signal ${verb} was refused: ${why}`;
    // The driver passes by and shows it.
    this.#hasNotice = true;
    if (this.#run === null) this.#refusedEarly = notice;
    else this.#run.refusedSignal = notice;
  }

  #enqueue(message: CommandMessage): Waiting {
    const entry: Waiting = { message, record: null, failure: null };
    this.#waiting.push(entry);
    return entry;
  }

  async #ask(message: CommandMessage): Promise<Answer> {
    const entry = this.#enqueue(message);
    await condition(
      () => entry.failure !== null || (entry.record !== null && this.#isOver(entry.record)),
    );
    if (entry.failure !== null) throw entry.failure;
    if (entry.record?.dropped === true) throw entry.record.refusal ?? tooLate();
    return { requested: entry.record?.requested ?? 0, answered: entry.record?.answered ?? null };
  }

  #isOver(record: CommandRecord): boolean {
    const { answered, dropped, operationId } = record;
    // An answer is given when it can be read in the journal, and not before.
    const isJournaled = answered !== null && this.#run !== null && this.#run.hasJournaled(answered);
    return dropped || isJournaled || operationId === null || this.#atRest;
  }

  async #awaitFirstOutcome(): Promise<Answer> {
    await condition(() => this.#run !== null && (this.#run.view.firstOutcomeKnown || this.#atRest));
    return { requested: 1, answered: this.#run?.firstOutcomeAt ?? null };
  }
}

const tooLate = (): ApplicationFailure =>
  refused(COMMAND_TOO_LATE, 'nobody waits for this command any more');

const refused = (type: string, message: string, ...details: unknown[]): ApplicationFailure =>
  ApplicationFailure.create({ type, message, nonRetryable: true, details });
