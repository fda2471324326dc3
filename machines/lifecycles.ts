import { cardFrom1, cardLifecycle1 } from './card/card.former.ts';
import { cardLifecycle } from './card/card.lifecycle.ts';
import { creditFrom1, creditLifecycle1 } from './credit/credit.former.ts';
import { creditLifecycle } from './credit/credit.lifecycle.ts';
import { guaranteeFrom1, guaranteeLifecycle1 } from './guarantee/guarantee.former.ts';
import { guaranteeLifecycle } from './guarantee/guarantee.lifecycle.ts';
import { promiseLifecycle } from './promise/promise.lifecycle.ts';
import {
  promiseFrom1,
  promiseFrom2,
  promiseLifecycle1,
  promiseLifecycle2,
} from './promise/promise.former.ts';
import { assert } from './shared/assert.ts';
import type { Effect, Frozen, Lifecycle, LifecycleEvent } from './shared/lifecycle.ts';
import { isMigration, type Migration, MIGRATED, type Migrated } from './shared/migration.ts';

declare const opaque: unique symbol;
/** A state of some lifecycle: only the lifecycle that made it can read it. */
export type AnyState = { readonly [opaque]: 'state' };
export type AnyLifecycle = Lifecycle<unknown, AnyState, LifecycleEvent, Effect>;

/** The driver and the journal hold a state only together with the lifecycle that made it, which is
 *  what makes forgetting its type here safe. */
const erase = (lifecycle: unknown): AnyLifecycle => lifecycle as AnyLifecycle;

/** Every version that a payment may still be of; the last of a name is what new payments begin with. */
const LIFECYCLES: readonly AnyLifecycle[] = [
  erase(cardLifecycle1),
  erase(cardLifecycle),
  erase(promiseLifecycle1),
  erase(promiseLifecycle2),
  erase(promiseLifecycle),
  erase(guaranteeLifecycle1),
  erase(guaranteeLifecycle),
  erase(creditLifecycle1),
  erase(creditLifecycle),
];

/** @throws Error when no such lifecycle and version is in this build. */
export function lifecycleNamed(name: string, version: number): AnyLifecycle {
  const found = LIFECYCLES.find((each) => each.name === name && each.version === version);
  assert(found !== undefined, `no lifecycle ${name}@${version} in this build`);
  return found;
}

export const lifecycleOf = (frozen: Frozen): AnyLifecycle =>
  lifecycleNamed(frozen.lifecycle, frozen.version);

/** The version of `family` that `frozen` is of: all versions of a family have one shape.
 *  @throws Error when it is of another family, or of a version that is not in this build. */
export function versionOf<Family extends { readonly name: string }>(
  family: Family,
  frozen: Frozen,
): Family {
  assert(frozen.lifecycle === family.name, `a payment of ${frozen.lifecycle}, not ${family.name}`);
  return lifecycleOf(frozen) as unknown as Family;
}

/** The version that new payments begin with.
 *  @throws Error when no such lifecycle is in this build. */
export function newestLifecycle(name: string): AnyLifecycle {
  const found = LIFECYCLES.findLast((each) => each.name === name);
  assert(found !== undefined, `no lifecycle ${name} in this build`);
  return found;
}

/** One step each: a payment that is two versions behind takes two. */
const MIGRATIONS: readonly Migration[] = [
  cardFrom1,
  promiseFrom1,
  promiseFrom2,
  guaranteeFrom1,
  creditFrom1,
];

/** The next version of a payment that is woken, or null: there is none, or it finishes on its own. */
function migrationOf(frozen: Frozen): Migration | null {
  const found = MIGRATIONS.find(
    ({ lifecycle, from }) => lifecycle === frozen.lifecycle && from === frozen.version,
  );
  if (found === undefined) return null;
  const lifecycle = lifecycleOf(frozen);
  // What is under way at a provider ends by the rules that it was begun with.
  return lifecycle.pendingEffect(lifecycle.thaw(frozen)) === null ? found : null;
}

/** A payment's state with the lifecycle that can read it. */
export type Reached = { readonly lifecycle: AnyLifecycle; readonly state: AnyState };

/** One fact on: by the lifecycle, or by the migration that the fact is. Null: it is not legal. */
export function advance({ lifecycle, state }: Reached, event: LifecycleEvent): Reached | null {
  if (!isMigration(event)) {
    const next = lifecycle.applyEvent(state, event);
    return next === null ? null : { lifecycle, state: next };
  }
  const frozen = lifecycle.freeze(state);
  const migration = migrationOf(frozen);
  if (migration === null || migration.from !== event.from || migration.to !== event.to) return null;
  const migrated = { ...frozen, ...migration.migrate(frozen), version: migration.to };
  const next = lifecycleOf(migrated);
  return { lifecycle: next, state: next.thaw(migrated) };
}

/** The state as a run that is woken now will see it: that is what people may ask of it. */
export function asWoken(frozen: Frozen): Reached {
  const lifecycle = lifecycleOf(frozen);
  const reached = { lifecycle, state: lifecycle.thaw(frozen) };
  // It has a run, which goes on as it began.
  if (lifecycle.deadline(reached.state) !== null) return reached;
  const event = migrationDue(frozen, 0);
  const next = event && advance(reached, event);
  return next ? asWoken(next.lifecycle.freeze(next.state)) : reached;
}

/** The fact that a payment becomes one version younger, when it is woken `at`; null when it stays. */
export function migrationDue(frozen: Frozen, at: number): Migrated | null {
  const migration = migrationOf(frozen);
  return migration && { type: MIGRATED, at, from: migration.from, to: migration.to };
}
