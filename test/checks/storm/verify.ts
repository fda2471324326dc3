/** What has to be true when the storm is over. Each broken guarantee is a sentence. */
import type pg from 'pg';
import { tellStory } from '../../../api/payments/present.ts';
import type { LifecycleEvent } from '../../../machines/shared/lifecycle.ts';
import { assertBooks } from '../../support/books.ts';
import { type Booked, readBooks, readPayments } from './books.ts';
import { COMPARE, doubled } from './compare.ts';
import { type Asked, type Carried, PENDING } from './drive.ts';
import type { ProviderName } from './plan.ts';
import type { Movement, Simulators } from './simulated.ts';

export type Broken = { readonly paymentId: string | null; readonly what: string };

export type Verdict = {
  readonly broken: readonly Broken[];
  /** Of payments whose last operation nobody knows: differences that this explains. */
  readonly inDoubt: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unanswered: number;
  /** family → status → payments. */
  readonly statuses: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly story: (paymentId: string) => string;
};

/** Payments whose books and ledgers differ; a doubt that is parked explains that. */
export async function countDiffering(pool: pg.Pool, simulators: Simulators): Promise<number> {
  const books = await readPayments(pool);
  const ledgers = await sortLedgers(books, simulators);
  return [...books].filter(([id, booked]) => {
    const { provider } = booked.record;
    if (!isSimulated(provider) || booked.view.status === 'parked') return false;
    const compared = COMPARE[provider](booked, ledgers.of.get(id) ?? []);
    return compared.some(({ ours, theirs }) => ours !== theirs);
  }).length;
}

/** The sweep wakes what is overdue each minute, a grace after its time. */
const OVERDUE_MS = 180_000;

export async function verify(
  carried: readonly Carried[],
  pool: pg.Pool,
  simulators: Simulators,
): Promise<Verdict> {
  const books = await readBooks(pool);
  const ledgers = await sortLedgers(books, simulators);
  const broken: Broken[] = [];
  const tell = (paymentId: string | null, what: string): void => {
    broken.push({ paymentId, what });
  };
  let inDoubt = 0;
  await assertBooks(pool).catch((error: unknown) => tell(null, String(error)));
  for (const { what } of ledgers.strangers) tell(null, what);
  for (const [id, booked] of books) {
    for (const what of unsettled(booked)) tell(id, what);
    const provider = booked.record.provider;
    if (!isSimulated(provider)) continue;
    const moved = ledgers.of.get(id) ?? [];
    for (const what of doubled(provider, moved)) tell(id, `done twice: ${what}`);
    const differing = COMPARE[provider](booked, moved).filter(
      ({ ours, theirs }) => ours !== theirs,
    );
    if (booked.view.status === 'parked' && differing.length > 0) {
      inDoubt += 1;
      continue;
    }
    for (const { what, ours, theirs } of differing) {
      tell(id, `${what}: ${ours} in our books, ${theirs} in the simulator's`);
    }
    if (provider === 'apruve') {
      for (const what of bookedTooSoon(booked, moved)) tell(id, what);
    }
    if (provider === 'stripe') {
      for (const what of unlikeLedger(booked, moved)) tell(id, what);
    }
  }
  const numbers = new Map<string, number>();
  for (const { record } of books.values()) {
    numbers.set(record.source.number, (numbers.get(record.source.number) ?? 0) + 1);
  }
  const asked = carried.flatMap((one) => one.asked.map((each) => ({ one, each })));
  for (const { one, each } of asked) {
    for (const what of brokenPromises(one, each, books, numbers)) tell(one.id, what);
  }
  const outcomes = (outcome: Asked['outcome']) =>
    asked.filter(({ each }) => each.outcome === outcome).length;
  return {
    broken,
    inDoubt,
    acknowledged: outcomes('acknowledged'),
    refused: outcomes('refused'),
    unanswered: outcomes('open'),
    statuses: countStatuses(books),
    story: (id) => storyOf(id, books, ledgers.of, carried),
  };
}

/** Apruve shows its payments nowhere, so they are believed when they are told: by whom matters. */
function* bookedTooSoon({ facts }: Booked, moved: readonly Movement[]): Generator<string> {
  const paid = moved.filter(({ kind }) => kind === 'fund').map(({ at }) => Date.parse(at));
  const booked = facts.filter(({ type }) => type === 'invoice.funded');
  for (const [index, { at }] of booked.entries()) {
    const soonest = paid.toSorted((a, b) => a - b)[index];
    if (soonest === undefined || at.getTime() < soonest) {
      yield 'funding was booked before Apruve had paid';
    }
  }
}

const isSimulated = (provider: string): provider is ProviderName => provider in COMPARE;

/** Whose movement each is: by reference, by our number, or by the key that we sent. */
async function sortLedgers(books: ReadonlyMap<string, Booked>, simulators: Simulators) {
  const owner = new Map<string, string>();
  for (const [id, { context, providerRef, record }] of books) {
    const holds = (context['formerHolds'] ?? []) as { providerRef: string }[];
    for (const ref of [providerRef, ...holds.map((hold) => hold.providerRef)]) {
      if (ref !== null) owner.set(`${record.provider} ${ref}`, id);
    }
    const orderId = context['orderId'];
    if (typeof orderId === 'string') owner.set(`${record.provider} ${orderId}`, id);
    owner.set(`stripe op ${id.replace('pay_', '')}`, id);
  }
  const orders = (await simulators.ask('infinitepay', 'portal/orders')) as {
    orderId: string;
    refNo: string;
  }[];
  for (const { orderId, refNo } of orders) {
    const id = owner.get(`infinitepay ${orderId}`);
    if (id !== undefined) owner.set(`infinitepay ${refNo}`, id);
  }
  const of = new Map<string, Movement[]>();
  const strangers: { what: string }[] = [];
  for (const provider of ['stripe', 'infinitepay', 'apruve'] as const) {
    for (const movement of await simulators.ledger(provider)) {
      const { key, kind, ref } = movement;
      const marked = /op_([a-z0-9]+)_/.exec(key ?? '')?.[1];
      const id =
        owner.get(`${provider} ${ref}`) ??
        owner.get(`${provider} ${key}`) ??
        owner.get(`stripe op ${marked}`);
      if (id === undefined) {
        strangers.push({ what: `${provider}: ${kind} of ${ref} belongs to no payment` });
        continue;
      }
      // An order's later movements are found by its reference.
      owner.set(`${provider} ${ref}`, id);
      const known = of.get(id);
      if (known === undefined) of.set(id, [movement]);
      else known.push(movement);
    }
  }
  return { of, strangers };
}

/** Final, at rest, waiting with a deadline, or parked with a reason. */
function* unsettled({ view, wakeAt }: Booked): Generator<string> {
  const { status, operationInFlight, needsAttention, deadlines } = view;
  if (status === 'parked') {
    if (needsAttention === null) yield 'it is parked without a reason';
    return;
  }
  if (operationInFlight !== null && deadlines.length === 0)
    yield `it is ${status} without a deadline`;
  if (operationInFlight !== null) yield `it is still ${status}`;
  if (wakeAt !== null && wakeAt.getTime() < Date.now() - OVERDUE_MS) {
    yield `it is ${status}, and nobody woke it at ${wakeAt.toISOString()}`;
  }
}

const MOVES: Readonly<Record<string, string>> = {
  'authorization.approved': 'authorize',
  'sale.approved': 'capture',
  'capture.succeeded': 'capture',
  'refund.succeeded': 'refund',
};

/** Each operation that succeeded moved its amount once, under its key; one that did not, nothing. */
function* unlikeLedger({ facts }: Booked, moved: readonly Movement[]): Generator<string> {
  const succeeded = new Map<string, number>();
  for (const { type, data } of facts) {
    const kind = MOVES[type];
    if (kind === undefined) continue;
    succeeded.set(`${kind} ${String(data['operationId'])}`, Number(data['amountMinor']));
  }
  for (const { kind, key, amountMinor } of moved) {
    if (key === null || !['capture', 'refund'].includes(kind)) continue;
    const [operation = ''] = /op_[a-z0-9]+_[a-z]+_\d+/.exec(key) ?? [];
    const expected = succeeded.get(`${kind} ${operation}`);
    if (expected === undefined)
      yield `${kind} of ${amountMinor} under ${key}, which never succeeded`;
    else if (expected !== amountMinor)
      yield `${kind} ${key}: ${expected} here, ${amountMinor} there`;
    succeeded.delete(`${kind} ${operation}`);
  }
  for (const [what, amountMinor] of succeeded) {
    // A hold is moved by the buyer's confirmation, which has no key of ours.
    if (what.startsWith('authorize') || what.includes('_authorize_')) continue;
    yield `${what} of ${amountMinor} succeeded here, and nothing moved there`;
  }
}

/** `202, 40 × cut off, 200`: a long outage is a short word. */
function shortened(answers: readonly string[]): string {
  const runs: { answer: string; times: number }[] = [];
  for (const answer of answers) {
    const last = runs.at(-1);
    if (last?.answer === answer) last.times += 1;
    else runs.push({ answer, times: 1 });
  }
  return runs.map(({ answer, times }) => (times > 1 ? `${times} × ${answer}` : answer)).join(', ');
}

/** An acknowledged request is one fact with its key, a refused one none. */
function* brokenPromises(
  { id, script }: Carried,
  asked: Asked,
  books: ReadonlyMap<string, Booked>,
  numbers: ReadonlyMap<string, number>,
): Generator<string> {
  const name = `${asked.verb} (${shortened(asked.answers)})`;
  if (asked.answers.some((answer) => answer.startsWith('A LIE'))) {
    yield `${name}: 503 said that nothing was done, and a fact has its key`;
  }
  if (asked.answers.some((answer) => /^(400|401|403|404|500)/.test(answer))) {
    yield `${name}: an answer that nobody should get`;
  }
  const status = books.get(id ?? '')?.view.status ?? 'unknown';
  // It is answered when a person has decided.
  const isPending = asked.answers.at(-1) === '202' && PENDING.has(status);
  if (asked.outcome === 'open' && !isPending) yield `${name}: no answer, although all is calm`;
  if (asked.ids.size > 1) yield `${name}: one key made ${asked.ids.size} payments`;
  if (new Set(asked.said).size > 1) yield `${name}: repeats were answered otherwise`;
  if (asked.verb === 'start') {
    const number = `storm-${script.index}`;
    const made = numbers.get(number) ?? 0;
    if (asked.outcome === 'acknowledged' && made !== 1) {
      yield `${name}: ${made} payments of order ${number}`;
    }
    if (asked.outcome === 'refused') yield `${name}: a start was refused`;
    return;
  }
  const booked = id === null ? undefined : books.get(id);
  const facts = (booked?.facts ?? []).filter(({ key }) => key === asked.key);
  if (asked.outcome === 'acknowledged' && facts.length !== 1) {
    yield `${name}: acknowledged, and ${facts.length} facts have its key`;
  }
  if (asked.outcome === 'refused' && facts.length > 0)
    yield `${name}: refused, and a fact has its key`;
}

function countStatuses(books: ReadonlyMap<string, Booked>) {
  const statuses: Record<string, Record<string, number>> = {};
  for (const { record, view } of books.values()) {
    const family = (statuses[record.frozen.lifecycle] ??= {});
    family[view.status] = (family[view.status] ?? 0) + 1;
  }
  return statuses;
}

/** All that there is to know of one payment, for whoever looks for the defect. */
function storyOf(
  id: string,
  books: ReadonlyMap<string, Booked>,
  ledgers: ReadonlyMap<string, readonly Movement[]>,
  carried: readonly Carried[],
): string {
  const booked = books.get(id);
  if (booked === undefined) return `${id}: not in the database`;
  const { facts, record, view } = booked;
  const events = facts.map(({ at, data, type, sequence }) => ({
    sequence,
    actor: '',
    event: { ...data, type, at: at.getTime() } as LifecycleEvent,
  }));
  const told = tellStory(record, events);
  const lines = facts.map(({ data, key, sequence, type }, index) => {
    const details = JSON.stringify(data).slice(0, 160);
    const asked = key === null ? '' : ` [${key}]`;
    return `    ${sequence} ${type} → ${told[index]?.view.status ?? '?'}${asked} ${details}`;
  });
  const one = carried.find((each) => each.id === id);
  return [
    `${id} (${record.frozen.lifecycle}, ${view.status}, ${JSON.stringify(view.amounts)})`,
    `  plan: ${JSON.stringify(one?.script)}`,
    '  asked:',
    ...(one?.asked ?? []).map(
      ({ answers, key, outcome, verb }) => `    ${verb} [${key}] ${outcome}: ${shortened(answers)}`,
    ),
    '  facts:',
    ...lines,
    '  at the provider:',
    ...(ledgers.get(id) ?? []).map(
      ({ amountMinor, key, kind, ref }) => `    ${kind} ${amountMinor} of ${ref} [${key}]`,
    ),
    ...(view.needsAttention === null ? [] : [`  needs attention: ${view.needsAttention}`]),
  ].join('\n');
}
