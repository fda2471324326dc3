/** Payments and facts as the API shows them. */
import { advance, asWoken, lifecycleNamed, type Reached } from '../../machines/lifecycles.ts';
import type { PaymentView } from '../../machines/shared/lifecycle.ts';
import { isMigration } from '../../machines/shared/migration.ts';
import type { PaymentRecord, StoredFact } from '../../db/repositories/payment.repository.ts';
import type { FactResource, PaymentResource } from './schemas.ts';

const iso = (at: number): string => new Date(at).toISOString();

export const viewOf = ({ frozen }: PaymentRecord): PaymentView => {
  const { lifecycle, state } = asWoken(frozen);
  return lifecycle.view(state);
};

export function presentPayment(
  record: PaymentRecord,
  publicUrl: string,
  view: PaymentView = viewOf(record),
  updatedAt: string = record.updatedAt.toISOString(),
): PaymentResource {
  const self = `${publicUrl}/v1/payments/${record.id}`;
  return {
    id: record.id,
    mode: record.mode,
    lifecycle: record.frozen.lifecycle,
    status: view.status,
    statusText: view.statusText,
    method: record.method,
    provider: record.provider,
    source: record.source,
    amounts: { ...view.amounts, refundPending: view.amounts.refundPending ?? 0 },
    nextAction: shown(view.nextAction),
    deadline: view.deadline && { at: iso(view.deadline.at), event: view.deadline.event },
    deadlines: view.deadlines.map(({ at, ...due }) => ({ at: iso(at), ...due })),
    scheduledCapture: view.scheduledCapture && {
      ...view.scheduledCapture,
      at: iso(view.scheduledCapture.at),
    },
    commands: view.commands.map((command) => ({ ...command })),
    decline: view.decline,
    needsAttention: view.needsAttention,
    details: view.details && { ...view.details },
    createdAt: record.createdAt.toISOString(),
    updatedAt,
    links: { self, events: `${self}/events` },
  };
}

const shown = (action: PaymentView['nextAction']): PaymentResource['nextAction'] =>
  action?.type === 'lightbox' ? { ...action, order: { ...action.order } } : action;

/** A payment's facts, each with the view that it led to. */
export type Story = readonly { readonly fact: StoredFact; readonly view: PaymentView }[];

export function tellStory(record: PaymentRecord, facts: readonly StoredFact[]): Story {
  const [first, ...rest] = facts;
  if (first === undefined) return [];
  const lifecycle = lifecycleNamed(record.frozen.lifecycle, openedWith(record, facts));
  let reached: Reached = { lifecycle, state: lifecycle.open(openingOf(first)) };
  const story = [{ fact: first, view: lifecycle.view(reached.state) }];
  for (const fact of rest) {
    const next = advance(reached, fact.event);
    if (next === null) throw new Error(`${record.id}: fact ${fact.sequence} is not legal`);
    reached = next;
    story.push({ fact, view: reached.lifecycle.view(reached.state) });
  }
  return story;
}

/** The version of the lifecycle that a payment began with. */
function openedWith({ frozen }: PaymentRecord, facts: readonly StoredFact[]): number {
  const moves = facts.map(({ event }) => event).find(isMigration);
  return moves?.from ?? frozen.version;
}

/** The first fact holds what the lifecycle was opened with. */
function openingOf({ event }: StoredFact): unknown {
  const { type: _type, ...input } = event;
  return input;
}

/** The payment as it was when `sequence` was its last fact: repeated requests get the answer that
 *  they got the first time. */
export function presentAt(
  record: PaymentRecord,
  story: Story,
  sequence: number,
  publicUrl: string,
): PaymentResource {
  const told = story.find(({ fact }) => fact.sequence === sequence);
  if (told === undefined) throw new Error(`${record.id} has no fact ${sequence}`);
  return presentPayment(record, publicUrl, told.view, iso(told.fact.event.at));
}

/** The fact that brought the first outcome, or null while there is none. */
export const firstOutcomeIn = (story: Story): number | null =>
  story.find(({ view }) => view.firstOutcomeKnown)?.fact.sequence ?? null;

/** The fact that answered the command which `requested` is, or null while it runs. */
export function answerIn(story: Story, requested: number): number | null {
  const asked = story.find(({ fact }) => fact.sequence === requested);
  const operation = asked?.view.operationInFlight ?? null;
  // A question about the hold alone is answered when it is asked: the resource shows what follows.
  if (operation === null) return asked?.fact.sequence ?? null;
  const answer = story.find(
    ({ fact, view }) => fact.sequence >= requested && view.operationInFlight !== operation,
  );
  return answer?.fact.sequence ?? null;
}

/** What people need not see of a fact: it repeats the payment, or it is ours alone. */
const HIDDEN: ReadonlySet<string> = new Set([
  'type',
  'at',
  'operationId',
  'providerRef',
  'policy',
  'paymentId',
  'provider',
]);

export function presentStory(story: Story): FactResource[] {
  return story.map(({ fact, view }) => {
    const details = Object.fromEntries(
      Object.entries(fact.event).filter(([name]) => !HIDDEN.has(name)),
    );
    const named = 'operationId' in fact.event ? String(fact.event.operationId) : null;
    const ownRef =
      'providerRef' in fact.event && typeof fact.event.providerRef === 'string'
        ? fact.event.providerRef
        : null;
    const asks = fact.event.type.endsWith('.requested');
    const operationId = named ?? (asks ? view.operationInFlight : null);
    return {
      sequence: fact.sequence,
      type: fact.event.type,
      at: iso(fact.event.at),
      actor: fact.actor,
      status: view.status,
      operationId,
      // An operation's own reference, where the provider gave it one.
      providerRef: ownRef ?? view.providerRef,
      details,
    };
  });
}
