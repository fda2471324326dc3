import { cardLifecycle } from '../../../machines/card/card.lifecycle.ts';
import { creditLifecycle } from '../../../machines/credit/credit.lifecycle.ts';
import { guaranteeLifecycle } from '../../../machines/guarantee/guarantee.lifecycle.ts';
import { promiseLifecycle } from '../../../machines/promise/promise.lifecycle.ts';
import type { Family } from '../families.ts';

const LIFECYCLES = {
  card: cardLifecycle,
  promise: promiseLifecycle,
  guarantee: guaranteeLifecycle,
  credit: creditLifecycle,
} as const;

/** The version that new payments of the family begin with. */
export const versionOf = (family: Family): number => LIFECYCLES[family].version;
