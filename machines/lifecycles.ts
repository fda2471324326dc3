import { cardLifecycle } from './card/card.lifecycle.ts';
import { creditLifecycle } from './credit/credit.lifecycle.ts';
import { guaranteeLifecycle } from './guarantee/guarantee.lifecycle.ts';
import { promiseLifecycle } from './promise/promise.lifecycle.ts';
import { assert } from './shared/assert.ts';
import type { Effect, Frozen, Lifecycle, LifecycleEvent } from './shared/lifecycle.ts';

declare const opaque: unique symbol;
/** A state of some lifecycle: only the lifecycle that made it can read it. */
export type AnyState = { readonly [opaque]: 'state' };
export type AnyLifecycle = Lifecycle<unknown, AnyState, LifecycleEvent, Effect>;

/** The driver and the journal hold a state only together with the lifecycle that made it, which is
 *  what makes forgetting its type here safe. */
const erase = (lifecycle: unknown): AnyLifecycle => lifecycle as AnyLifecycle;

const LIFECYCLES: readonly AnyLifecycle[] = [
  erase(cardLifecycle),
  erase(promiseLifecycle),
  erase(guaranteeLifecycle),
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
