import { CARD } from './alphabet/card.family.ts';
import { CREDIT } from './alphabet/credit.family.ts';
import { GUARANTEE } from './alphabet/guarantee.ts';
import { PROMISE } from './alphabet/promise.ts';
import type { AnyFamily } from './family.ts';

/** Every family of `machines/lifecycles.ts`. */
export const FAMILIES: readonly AnyFamily[] = [CARD, PROMISE, GUARANTEE, CREDIT];
