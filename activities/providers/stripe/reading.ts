/** Lists and objects of Stripe's that are read whole, or not at all. */
import type { z } from 'zod';
import type { Call } from '../provider.ts';
import { callStripe, type StripeAccount, type StripeAnswer } from './client.ts';
import { unread } from './inquiries.ts';
import { listOf } from './mapping.ts';

const PAGE = 100;
const PAGES_MAX = 1_000;

export class Unreadable extends Error {
  override name = 'Unreadable';
}

/** Stripe's own word that there is no such PaymentIntent in this account.
 *  Source: https://docs.stripe.com/error-codes#resource-missing, read 2026-11-21. */
export class Absent extends Unreadable {
  readonly ref: string;
  constructor(ref: string) {
    super(`Stripe has no ${ref}`);
    this.ref = ref;
  }
}

export async function all<T extends z.ZodType<{ id: string }>>(
  account: StripeAccount,
  path: string,
  query: string,
  item: T,
  call: Call,
): Promise<z.infer<T>[]> {
  const found: z.infer<T>[] = [];
  for await (const page of pages(account, path, query, item, call)) found.push(...page);
  return found;
}

/** Lists are consistent at once, unlike search. @throws Unreadable */
export async function* pages<T extends z.ZodType<{ id: string }>>(
  account: StripeAccount,
  path: string,
  query: string,
  item: T,
  call: Call,
): AsyncIterable<z.infer<T>[]> {
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const request = { method: 'GET', path: `${path}?${query}&limit=${PAGE}${after}` } as const;
    const { data, has_more: hasMore } = okOf(
      await callStripe(account.connection, request, listOf(item), call),
    );
    yield data;
    const last = data.at(-1);
    if (!hasMore || last === undefined) return;
    after = `&starting_after=${last.id}`;
  }
  throw new Unreadable(`${path} has more than ${PAGE * PAGES_MAX} entries`);
}

export function okOf<Body>(answer: StripeAnswer<Body>): Body {
  if (answer.kind !== 'ok') throw new Unreadable(unread(answer));
  return answer.body;
}
