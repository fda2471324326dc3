/**
 * When two states are the same for every decision. The status, the amounts, the operation in flight
 * and every flag count; what only grows or names something does not: ordinals, ids, how often and
 * why was asked, sentences. An instant counts as passed or to come.
 */
import type { AnyState } from '../../../machines/lifecycles.ts';
import { canonicalJson } from '../../../machines/shared/canonical-json.ts';
import { type AnyFamily, insideOf } from './family.ts';

/** A state, and the instant at which it is looked at. */
export type Moment = { readonly state: AnyState; readonly at: number };

const FORGOTTEN: ReadonlySet<string> = new Set([
  'id',
  'operationId',
  'asked',
  'ordinals',
  'policy',
  'paymentId',
  'provider',
  'currency',
  'notes',
  'message',
  'advice',
  'code',
  'attention',
  'disagreement',
  'news',
  'requestedAt',
  'since',
  'askAt',
]);
/** Documents of which only matters that they are there. */
const PRESENCE: ReadonlySet<string> = new Set(['offer', 'follows', 'applying', 'nextAction']);
const INSTANT = /(At|By)$/;

export function keyOf(family: AnyFamily, { at, state }: Moment): string {
  const { context, value } = insideOf(state);
  const forgets = family.forgets?.(context) ?? {};
  const kept: Record<string, unknown> = {};
  for (const [name, part] of Object.entries({ ...context, ...forgets })) {
    if (FORGOTTEN.has(name)) continue;
    kept[name] = family.bags.includes(name) ? bag(part, at) : simplified(name, part, at);
  }
  const due = family.lifecycle.deadline(state);
  return `${value} ${JSON.stringify([kept, due?.event.type ?? null])}`;
}

function simplified(name: string, part: unknown, at: number): unknown {
  if (PRESENCE.has(name)) return part !== null;
  if (typeof part === 'number' && INSTANT.test(name)) return part > at ? 'later' : 'passed';
  if (Array.isArray(part)) return part.map((each) => simplified('', each, at));
  if (part === null || typeof part !== 'object') return part;
  return Object.fromEntries(
    Object.entries(part)
      .filter(([inner]) => !FORGOTTEN.has(inner))
      .map(([inner, value]) => [inner, simplified(inner, value, at)]),
  );
}

const bag = (part: unknown, at: number): string[] =>
  Object.values((part ?? {}) as Record<string, unknown>)
    .map((value) => canonicalJson(simplified('', value, at)))
    .toSorted();
