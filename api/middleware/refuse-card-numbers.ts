import { createMiddleware } from 'hono/factory';
import { containsCardNumber } from '../../machines/shared/card-number.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';

/** Before anything reads, logs or keeps a request: is there something like a card number in it? */
export const refuseCardNumbers = createMiddleware<ApiContext>(async (c, next) => {
  const { path, search } = splitUrl(c.req.url);
  const written = [
    path,
    search,
    c.req.header('idempotency-key') ?? '',
    c.req.header('prefer') ?? '',
  ];
  const hasBody = c.req.method !== 'GET' && c.req.method !== 'HEAD';
  const body = hasBody ? await c.req.text() : '';
  if ([...written, body, ...stringsIn(body)].some(containsCardNumber)) {
    throw new Problem(
      'card-number-refused',
      'Something in this request looks like a card number. Card data goes from the browser to the provider; send the token that it gives back.',
    );
  }
  await next();
});

function splitUrl(url: string): { path: string; search: string } {
  const { pathname, search } = new URL(url);
  return { path: decode(pathname), search: decode(search) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

/** Strings, names and numbers of a JSON text, unescaped; and the parts of each list put together,
 *  so that a number that is split over them is seen too. */
function stringsIn(body: string): string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string' || typeof value === 'number') found.push(String(value));
    if (value === null || typeof value !== 'object') return;
    for (const [name, part] of Object.entries(value)) {
      found.push(name);
      visit(part);
    }
    if (Array.isArray(value)) found.push(value.filter(isScalar).join(' '));
  };
  try {
    visit(JSON.parse(body));
  } catch {
    // Not JSON: the text itself was looked at, and the route will refuse it.
  }
  return found;
}

const isScalar = (value: unknown): boolean =>
  typeof value === 'string' || typeof value === 'number';
