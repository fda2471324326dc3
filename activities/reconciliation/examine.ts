/** One payment against its provider, proven: what the list made likely is looked at before it counts. */
import { cardLifecycle } from '../../machines/card/card.lifecycle.ts';
import { thawedCard } from './thawed-card.ts';
import type { CardContext } from '../../machines/card/card.types.ts';
import { integrationVersionOf } from '../../db/queries/compared-payments.ts';
import type {
  IntegrationRepository,
  UnlockedIntegration,
} from '../../db/repositories/integration.repository.ts';
import type { PaymentRecord, PaymentRepository } from '../../db/repositories/payment.repository.ts';
import type { Call, CardProvider, Look } from '../providers/provider.ts';
import { type Difference, differencesOf, missing } from './differences.ts';
import type pg from 'pg';

export type ExamineDependencies = {
  readonly pool: pg.Pool;
  readonly payments: PaymentRepository;
  readonly integrations: IntegrationRepository;
  readonly providerOf: (integration: UnlockedIntegration) => CardProvider;
  readonly now: () => number;
  readonly signal: () => AbortSignal;
};

/** The books of one integration, and how long they have to be still to be compared. */
export type Books = {
  readonly integration: UnlockedIntegration;
  readonly provider: CardProvider;
  readonly quietMs: number;
};

export type Examined =
  /** An operation is in flight, or something has just changed. */
  | { readonly kind: 'moving' }
  | { readonly kind: 'unread'; readonly reason: string }
  | { readonly kind: 'seen'; readonly differences: readonly Difference[] };

const NOTHING: Examined = { kind: 'seen', differences: [] };

/** `listedRef` is where the provider has it, for a payment that has not learned that. */
export async function examine(
  deps: ExamineDependencies,
  books: Books,
  payment: PaymentRecord,
  listedRef: string | null,
): Promise<Examined> {
  const context = contextOf(payment);
  if (context === null) return NOTHING;
  if (isMoving(payment, books.quietMs, deps.now())) return { kind: 'moving' };
  const refs = referencesOf(payment);
  const providerRefs = refs.length > 0 || listedRef === null ? refs : [listedRef];
  if (providerRefs.length === 0) return NOTHING;
  const question = { type: 'picture', providerRefs, currency: context.currency } as const;
  const call = reading(deps);
  let looked = await books.provider.look(question, call);
  if (looked.kind === 'inconclusive' && looked.absentRef !== undefined) {
    looked = (await lookAtItsOwnServer(deps, books, payment, question, call)) ?? looked;
  }
  // What was in flight between our two readings explains any difference.
  const now = await deps.payments.find(payment.id);
  if (now?.sequence !== payment.sequence) return { kind: 'moving' };
  if (looked.kind === 'seen') {
    const differences = differencesOf(payment.frozen, looked.pictures, deps.now());
    return { kind: 'seen', differences };
  }
  return looked.absentRef === undefined
    ? { kind: 'unread', reason: looked.reason }
    : { kind: 'seen', differences: missing(context, looked.absentRef) };
}

/** Only card payments have a list to be compared with. */
export const contextOf = ({ frozen }: PaymentRecord): CardContext | null =>
  frozen.lifecycle === cardLifecycle.name ? thawedCard(frozen).context : null;

/** A reference for each hold that the payment ever had, the present one last. */
export const referencesOf = ({ frozen }: PaymentRecord): readonly string[] =>
  cardLifecycle.view(thawedCard(frozen)).providerRefs;

export const reading = (deps: Pick<ExamineDependencies, 'now' | 'signal'>): Call => ({
  paymentId: '',
  operationId: '',
  idempotencyKey: '',
  signal: deps.signal(),
  lastSentAt: null,
  now: deps.now,
  // Nothing is asked of the provider but to show: what it showed lies in the finding.
  keep: () => undefined,
});

/** What is parked about an operation stands still, and a person waits for the truth. */
export function isMoving(payment: PaymentRecord, quietMs: number, now: number): boolean {
  const state = thawedCard(payment.frozen);
  const isParked = payment.frozen.status === 'parked';
  return (
    cardLifecycle.pendingEffect(state) !== null ||
    (state.context.operation !== null && !isParked) ||
    isRecent(payment.updatedAt.getTime(), quietMs, now)
  );
}

export const isRecent = (at: number, quietMs: number, now: number): boolean =>
  quietMs > 0 && at > now - quietMs;

/** The integration may be at another server by now: a payment keeps the settings that it started with.
 *  Null when that is the server that was asked already. */
async function lookAtItsOwnServer(
  deps: ExamineDependencies,
  { integration }: Books,
  payment: PaymentRecord,
  question: Parameters<CardProvider['look']>[0],
  call: Call,
): Promise<Look | null> {
  const version = await integrationVersionOf(deps.pool, payment.id);
  if (version === integration.version) return null;
  const own = await deps.integrations.version(integration.id, version);
  if (own.baseUrl === integration.baseUrl) return null;
  return deps.providerOf(own).look(question, call);
}
