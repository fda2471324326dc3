/**
 * What holds of every payment, whatever its family. Written against the contract that the driver,
 * the journal and the API know: `Lifecycle` and `PaymentView`. Each answers with what is wrong, or
 * null.
 */
import { foldBy } from '../../../db/journal/fold.ts';
import { canonicalJson } from '../../../machines/shared/canonical-json.ts';
import { type Frozen, isRefusal, type PaymentView } from '../../../machines/shared/lifecycle.ts';
import type { Moment } from './configuration.ts';
import type { Step } from './explore.ts';
import { type AnyFamily, insideOf, type Receipts, requestFor, TOTAL } from './family.ts';

type Found = string | null;

const isWhole = (minor: number): boolean => Number.isSafeInteger(minor) && minor >= 0;

/** What people record of the outside world: offered wherever the payment is. */
const OF_THE_OUTSIDE: ReadonlySet<string> = new Set(['receive', 'bounce', 'refund']);

/** Of every configuration. */
export const OF_CONFIGURATIONS = {
  'amounts are whole, not negative, and within each other': (family, { state }): Found => {
    const { amounts: a } = family.lifecycle.view(state);
    const { taking, giving } = family.inFlight(insideOf(state).context);
    const { currency: _currency, ...minors } = a;
    for (const [name, minor] of Object.entries(minors)) {
      if (!isWhole(minor)) return `${name} is ${minor}`;
    }
    if (a.captured + taking + a.voided > a.authorized) {
      return `captured ${a.captured} + in flight ${taking} + voided ${a.voided} > authorized ${a.authorized}`;
    }
    // What people recorded may bounce after it was given back: then it was there all the same.
    const receipts = family.recorded?.(insideOf(state).context);
    const came = receipts === undefined ? a.captured : everReceived(receipts);
    if (a.refunded + giving > came) {
      return `refunded ${a.refunded} + in flight ${giving} > ${came} that ever came`;
    }
    return family.mayExceed === null && a.captured + taking > a.requested
      ? `captured ${a.captured} + in flight ${taking} > requested ${a.requested}`
      : null;
  },

  'the status is the state, and the chart has it': (family, { state }): Found => {
    const { value } = insideOf(state);
    const says = [family.lifecycle.view(state).status, family.lifecycle.freeze(state).status];
    if (says.some((said) => said !== value)) return `${value} says ${says.join(' and ')}`;
    return family.machine.states[value] === undefined ? `no state ${value}` : null;
  },

  'at most one operation is unanswered, and the effect is its own': (family, { state }): Found => {
    const effect = family.lifecycle.pendingEffect(state);
    const { operationInFlight } = family.lifecycle.view(state);
    const { context } = insideOf(state);
    const operation = context.operation ?? null;
    const isAwaited =
      operation === null
        ? (context.refused ?? null) !== null
        : (context.givenUp ?? null) === null || operation.verb !== 'authorize';
    if (isAwaited !== (operationInFlight !== null)) {
      return `in flight is ${operation?.verb ?? 'nothing'}, and people read ${operationInFlight}`;
    }
    if (effect === null) return null;
    if (effect.operationId !== (operation?.id ?? null)) {
      return `${effect.type} is for ${effect.operationId}, in flight is ${operation?.id ?? 'nothing'}`;
    }
    const asked = (effect as { amountMinor?: number }).amountMinor;
    return asked !== undefined && asked !== operation?.amountMinor
      ? `${effect.type} asks for ${asked}, in flight is ${operation?.amountMinor}`
      : null;
  },

  'something comes next: an effect, a date, a command, or a known end': (
    family,
    { state },
  ): Found => {
    const { lifecycle } = family;
    if (lifecycle.pendingEffect(state) !== null || lifecycle.deadline(state) !== null) return null;
    const { context, value } = insideOf(state);
    const isUnanswered = (context.operation ?? null) !== null;
    // That money may come at any time ends no operation.
    const ways = lifecycle
      .commands(state)
      .filter(({ verb }) => !isUnanswered || !OF_THE_OUTSIDE.has(verb));
    if (ways.length > 0) return null;
    if (isUnanswered) return 'an operation waits for nothing';
    return family.ends[value] === undefined ? `${value} waits for nothing` : null;
  },

  'whoever has a question asks it when it is due': (family, { state }): Found => {
    const asking = insideOf(state).context.asking ?? null;
    if (asking === null) return null;
    const isAsked = family.lifecycle.pendingEffect(state) !== null;
    if (asking.phase === 'ask') return isAsked ? null : 'a question is due and is not asked';
    if (isAsked) return 'an effect is owed before the question is due';
    const due = family.lifecycle.deadline(state);
    if (due === null) return 'the next question has no date';
    return due.at > asking.askAt ? `due at ${asking.askAt}, waited till ${due.at}` : null;
  },

  'a date is an instant, and its event comes at it and is legal': (family, { state }): Found => {
    const due = family.lifecycle.deadline(state);
    if (due === null || family.lifecycle.pendingEffect(state) !== null) return null;
    if (due.event.at !== due.at || !Number.isSafeInteger(due.at))
      return `${due.event.type} at ${due.at}`;
    const next = family.lifecycle.applyEvent(state, due.event);
    return next === null ? `${due.event.type} is refused when it is due` : null;
  },

  'what people are told will happen by itself is waited for': (family, now): Found => {
    const { lifecycle } = family;
    const { deadlines, deadline } = lifecycle.view(now.state);
    const isSorted = deadlines.every(({ at }, i) => i === 0 || at >= (deadlines[i - 1]?.at ?? at));
    if (!isSorted) return 'the dates are not in their order';
    if (deadline !== null && !deadlines.some(({ at }) => at === deadline.at)) {
      return `${deadline.event} is shown and not among the dates`;
    }
    const soonest = deadlines.find(({ at }) => at > now.at);
    if (soonest === undefined || lifecycle.pendingEffect(now.state) !== null) return null;
    const due = lifecycle.deadline(now.state);
    if (due === null) return `nobody waits for ${soonest.event}`;
    return due.at > soonest.at
      ? `${soonest.event} is told for ${soonest.at}, waited till ${due.at}`
      : null;
  },

  'an effect without an answer is a legal fact': (family, { at, state }): Found => {
    const effect = family.lifecycle.pendingEffect(state);
    if (effect === null) return null;
    const event = family.lifecycle.withoutAnswer(effect, at, 'no answer');
    return family.lifecycle.applyEvent(state, event) === null ? `${event.type} is refused` : null;
  },

  'what is offered is accepted, up to its largest amount and no further': (family, now): Found => {
    for (const command of family.lifecycle.commands(now.state)) {
      const wrong = offered(family, now, command);
      if (wrong !== null) return `${command.verb}: ${wrong}`;
    }
    return null;
  },

  'what happened outside is recorded: each receipt, each bounce, each refund of what is there': (
    family,
    now,
  ): Found => {
    const receipts = family.recorded?.(insideOf(now.state).context);
    return receipts === undefined ? null : unrecordable(family, now, receipts);
  },

  'what is not offered is refused, with what is': (family, { at, state }): Found => {
    const now = family.lifecycle.commands(state);
    for (const verb of family.lifecycle.verbs) {
      if (now.some((command) => command.verb === verb) || verb in family.unoffered) continue;
      const { context } = insideOf(state);
      const said = family.lifecycle.decide(state, requestFor(family, { verb }, context), at);
      if (!isRefusal(said)) return `${verb} is not offered, and is taken as ${said.type}`;
      if (said.allowed.length !== now.length) return `${verb} is refused and not told what may be`;
    }
    return null;
  },

  'frozen, written, read and thawed it is the same state': (family, { state }): Found => {
    const { lifecycle } = family;
    const frozen = JSON.parse(JSON.stringify(lifecycle.freeze(state))) as Frozen;
    const thawed = lifecycle.thaw(frozen);
    const [was, is] = [insideOf(state), insideOf(thawed)];
    if (was.value !== is.value) return `${was.value} is thawed as ${is.value}`;
    const lost = Object.keys({ ...was.context, ...is.context }).filter(
      (name) => canonicalJson(was.context[name]) !== canonicalJson(is.context[name]),
    );
    if (lost.length > 0) return `not the same: ${lost.join(', ')}`;
    const shows = (of: PaymentView): string => canonicalJson(of);
    return shows(lifecycle.view(state)) === shows(lifecycle.view(thawed)) ? null : 'seen otherwise';
  },
} satisfies Record<string, (family: AnyFamily, now: Moment) => Found>;

const everReceived = (receipts: Receipts): number =>
  Object.values(receipts).reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** The first thing that may have happened outside and cannot be recorded. */
function unrecordable(family: AnyFamily, { at, state }: Moment, receipts: Receipts): string | null {
  const { lifecycle } = family;
  const good = Object.entries(receipts).filter(([, { bounced }]) => !bounced);
  const there =
    good.reduce((sum, [, { amountMinor }]) => sum + amountMinor, 0) -
    lifecycle.view(state).amounts.refunded;
  const happened = [
    ...[1, TOTAL, TOTAL + 1].map((amountMinor) => ({ verb: 'receive', amountMinor })),
    ...good.map(([receiptId]) => ({ verb: 'bounce', receiptId })),
    ...[1, there]
      .filter((each) => each <= there && each > 0)
      .map((amountMinor) => ({ verb: 'refund', amountMinor })),
  ];
  for (const request of happened) {
    const said = lifecycle.decide(state, request, at);
    if (isRefusal(said)) return `${JSON.stringify(request)}: ${said.detail}`;
    if (lifecycle.applyEvent(state, said) === null) return `${said.type} is refused`;
  }
  return null;
}

/** Asks for `command` as it is offered, and for one minor unit more. */
function offered(
  family: AnyFamily,
  { at, state }: Moment,
  command: { readonly verb: string; readonly maxMinor?: number },
): Found {
  const { context } = insideOf(state);
  const { maxMinor } = command;
  if (maxMinor !== undefined && (!isWhole(maxMinor) || maxMinor === 0)) return `up to ${maxMinor}`;
  const said = family.lifecycle.decide(state, requestFor(family, command, context), at);
  if (isRefusal(said)) return `${said.code}, ${said.detail}`;
  if (family.lifecycle.applyEvent(state, said) === null) return `${said.type} is refused`;
  if (maxMinor === undefined) return null;
  const asked = (said as { amountMinor?: number }).amountMinor;
  if (asked !== undefined && asked !== maxMinor) return `offers ${maxMinor} and takes ${asked}`;
  if (family.wholes.includes(command.verb)) return null;
  const more = { ...requestFor(family, command, context), amountMinor: maxMinor + 1 };
  return isRefusal(family.lifecycle.decide(state, more, at)) ? null : `takes ${maxMinor + 1}, too`;
}

const MONEY = ['authorized', 'captured', 'voided', 'refunded', 'disputed', 'chargedBack'] as const;

const hasMoved = (before: PaymentView, after: PaymentView): boolean =>
  MONEY.some((name) => before.amounts[name] !== after.amounts[name]);

/** Of every transition. */
export const OF_TRANSITIONS = {
  'the journal folds it: ledger and amounts agree, postings sum to zero': (
    family,
    { before, event, after },
  ): Found => {
    const { lifecycle } = family;
    // What is applied is known already; thawing has an invariant of its own.
    const known = { ...lifecycle, thaw: () => before.state, applyEvent: () => after.state };
    try {
      foldBy(known, lifecycle.freeze(before.state), 1, [{ event, actor: 'check' }]);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  },

  'no operation has the id of one before it': (_family, { before, after, begun }): Found => {
    const was = insideOf(before.state).context.operation?.id;
    const is = insideOf(after.state).context.operation?.id;
    return is !== undefined && is !== was && begun.has(is)
      ? `${is} is the key of another operation: the provider would answer with that one`
      : null;
  },

  'an answer is the answer to the operation in flight': (_family, { before, event }): Found => {
    const { operationId } = event as { operationId?: string };
    const { operation, pendingRefunds = {} } = insideOf(before.state).context;
    const inFlight = operation?.id ?? null;
    return operationId === undefined || operationId === inFlight || operationId in pendingRefunds
      ? null
      : `${event.type} of ${operationId} is taken while ${inFlight} is in flight`;
  },

  'what was refused is over, and never sent again': (_family, { after, event }): Found => {
    const { operationId } = event as { operationId?: string };
    if (operationId === undefined || !event.type.endsWith('.refused')) return null;
    // No later operation has its id, as the invariant above says.
    return insideOf(after.state).context.operation?.id === operationId
      ? `${event.type} leaves ${operationId} to be asked about, and sent`
      : null;
  },

  'an operation ends with its answer before the next one begins': (family, step): Found => {
    const { was, is, event } = operations(step);
    if (was === null || is === null || was.id === is.id) return null;
    const isAnswer = (event as { operationId?: string }).operationId === was.id;
    if (isAnswer || event.type === 'resolution.applied') return null;
    const reason = family.supersedes[event.type];
    return reason === undefined
      ? `${event.type} begins ${is.verb} while ${was.verb} is open`
      : null;
  },

  'nothing is begun that was neither offered, announced nor found': (family, step): Found => {
    const { was, is, event } = operations(step);
    if (is === null || was?.id === is.id) return null;
    const { state } = step.before;
    const isAnswer = (event as { operationId?: string }).operationId === was?.id;
    if ((was !== null && isAnswer) || event.type === 'resolution.applied') return null;
    if (event.type.endsWith('.found')) return null;
    if (family.asks[event.type] !== undefined) return null;
    const dates = [
      family.lifecycle.deadline(state)?.event.type,
      ...family.lifecycle.view(state).deadlines.map((each) => each.event),
    ];
    return dates.includes(event.type) ? null : `${event.type} begins ${is.verb} unannounced`;
  },

  'a request is legal when it is offered, and for no more': (family, { before, event }): Found => {
    const verb = family.asks[event.type];
    if (verb === undefined || verb in family.unoffered) return null;
    const command = family.lifecycle.commands(before.state).find((each) => each.verb === verb);
    if (command === undefined) return `${event.type} is taken and not offered`;
    const { amountMinor } = event as { amountMinor?: number | null };
    return command.maxMinor !== undefined && (amountMinor ?? 0) > command.maxMinor
      ? `${event.type} of ${amountMinor} is taken, up to ${command.maxMinor} is offered`
      : null;
  },

  'what has ended moves no money but by what is found': (
    family,
    { before, event, after },
  ): Found => {
    const { lifecycle } = family;
    const { state } = before;
    const isOver =
      lifecycle.pendingEffect(state) === null &&
      lifecycle.deadline(state) === null &&
      lifecycle.commands(state).length === 0;
    if (family.machine.states[insideOf(state).value]?.type === 'final') {
      return `${event.type} is taken after the end`;
    }
    if (!isOver || !hasMoved(lifecycle.view(state), lifecycle.view(after.state))) return null;
    return family.movesAfterEnd[event.type] === undefined ? `${event.type} moves money` : null;
  },

  'what is captured, refunded or lost is not forgotten': (
    family,
    { before, event, after },
  ): Found => {
    const [was, is] = [before, after].map(({ state }) => family.lifecycle.view(state).amounts);
    if (was === undefined || is === undefined) return null;
    const shrinks = (['authorized', 'captured', 'refunded', 'chargedBack'] as const).filter(
      (name) => is[name] < was[name],
    );
    const isTold =
      /^(receipt\.bounced|refund\.failed|dispute\.won|modification\.approved|resolution\.applied)$/;
    return shrinks.length === 0 || isTold.test(event.type)
      ? null
      : `${event.type} lessens ${shrinks.join(', ')}`;
  },
} satisfies Record<string, (family: AnyFamily, step: Step) => Found>;

function operations({ before, event, after }: Step) {
  const [was, is] = [before, after].map(({ state }) => insideOf(state).context.operation ?? null);
  return { was: was ?? null, is: is ?? null, event };
}
