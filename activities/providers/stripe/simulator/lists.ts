/**
 * Lists and search. Sources: https://docs.stripe.com/api/pagination, https://docs.stripe.com/search, read 2026-11-21.
 * Lists are newest first. Stripe's search lags behind by up to a minute;
 * this one does not, so do not lean on it.
 */
import { badParameter, missing } from './errors.ts';
import type { PaymentIntent } from './objects.ts';
import type { Page } from './parameters.ts';

type Listed = { readonly id: string; readonly created: number };
const LIMIT_DEFAULT = 10;

export function listOf<T extends Listed>(
  newestFirst: readonly T[],
  page: Page,
  about: { url: string; what: string },
) {
  const limit = page.limit ?? LIMIT_DEFAULT;
  const fits = createdFilter(page.created);
  const all = newestFirst.filter((one) => fits(one.created));
  const indexOf = (id: string, param: string) => {
    const index = all.findIndex((one) => one.id === id);
    if (index < 0) throw missing(about.what, id, param, 400);
    return index;
  };
  let from = 0;
  let to = limit;
  let more = false;
  if (page.ending_before !== undefined) {
    to = indexOf(page.ending_before, 'ending_before');
    from = Math.max(0, to - limit);
    more = from > 0;
  } else {
    if (page.starting_after !== undefined) {
      from = indexOf(page.starting_after, 'starting_after') + 1;
    }
    to = from + limit;
    more = to < all.length;
  }
  return { object: 'list', url: about.url, has_more: more, data: all.slice(from, to) };
}

function createdFilter(created: Page['created']): (at: number) => boolean {
  if (created === undefined) return () => true;
  if (typeof created === 'number') return (at) => at === created;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = created;
  return (at) => at > gt && at >= gte && at < lt && at <= lte;
}

const CLAUSE =
  /^(?:metadata\[(?:'([^']+)'|"([^"]+)")\]|(status|customer|currency)):(?:'([^']*)'|"([^"]*)")$/;

/** Understands `field:'value'` joined by `AND`: metadata, status, customer, currency. */
export function searchIntents(
  newestFirst: readonly PaymentIntent[],
  wish: { query: string; limit?: number | undefined; page?: string | undefined },
) {
  const tests = wish.query.split(/\s+AND\s+/i).map((clause) => {
    const match = CLAUSE.exec(clause.trim());
    if (match === null) {
      throw badParameter(`We were unable to parse your search query: ${clause}`, {
        param: 'query',
      });
    }
    const key = match[1] ?? match[2];
    const value = match[4] ?? match[5] ?? '';
    const named = match[3] as 'status' | 'customer' | 'currency';
    return (one: PaymentIntent) =>
      key === undefined ? one[named] === value : one.metadata[key] === value;
  });
  const found = newestFirst.filter((one) => tests.every((test) => test(one)));
  const from = Number(wish.page ?? 0) || 0;
  const to = from + (wish.limit ?? LIMIT_DEFAULT);
  const more = to < found.length;
  return {
    object: 'search_result',
    url: '/v1/payment_intents/search',
    has_more: more,
    next_page: more ? String(to) : null,
    data: found.slice(from, to),
  };
}
