/** Where a worker may die. */

/**
 * The points that every run counts: each request to a provider before it is sent, and when the
 * provider has acted and its answer was not read; each answer before it is journaled, and when it is
 * and Temporal has not heard of it; and each journaling of facts that need no provider, or that lead
 * to its call.
 */
export const POINTS = [
  'before-send',
  'after-send',
  'after-answer',
  'after-journal',
  'after-append',
] as const;
export type Point = (typeof POINTS)[number];

export type Cut =
  /** The worker dies at the n-th such point of the run, counted from 1. */
  | { readonly at: Point; readonly nth: number }
  /** It is killed before the n-th step of whoever uses the API. */
  | { readonly at: 'between-steps'; readonly nth: number }
  /** It forgets its runs after each workflow task: every task replays from the beginning. */
  | { readonly at: 'every-task' };

export const nameOf = (cut: Cut): string =>
  cut.at === 'every-task' ? 'every workflow task' : `${cut.at} ${cut.nth}`;
