import { createMiddleware } from 'hono/factory';
import type { Caller } from '../../db/repositories/api-key.repository.ts';
import type { ApiContext } from '../context.ts';
import { unauthenticated } from './authenticate.ts';
import { nameProblem } from '../json-names.ts';
import { Problem } from '../problem.ts';
import { readBody } from '../read-body.ts';

/** 500 items whose texts are as long as they may be, each character written as an escape of six
 *  bytes, come to 2.5 MB; the rest of a start is far smaller. */
export const BODY_MIB_MAX = 3;

/** Enough to see that there is a card number in it, which is worth knowing without a key, too. */
const STRANGERS_BYTES_MAX = 64 * 1024;

const tooLarge = (): Problem =>
  new Problem('body-too-large', `A request may have ${BODY_MIB_MAX} MiB.`);

const hasBody = (method: string): boolean => method !== 'GET' && method !== 'HEAD';

/** Reads the body once, for all that come after. */
export const limitBody = createMiddleware<ApiContext>(async (c, next) => {
  if (hasBody(c.req.method)) {
    const caller: Caller | undefined = c.get('caller');
    const body =
      caller === undefined
        ? await readBody(c.req.raw, STRANGERS_BYTES_MAX, unauthenticated())
        : await readBody(c.req.raw, BODY_MIB_MAX * 1024 * 1024, tooLarge());
    c.req.raw = new Request(c.req.raw, { method: c.req.method, body });
  }
  await next();
});

/** A body is JSON that says everything once: of two values under one name, readers differ in which
 *  they take. */
export const checkJson = createMiddleware<ApiContext>(async (c, next) => {
  // Without this a body of another type would count as no body at all.
  const text = hasBody(c.req.method) ? await c.req.text() : '';
  const type = c.req.header('content-type') ?? '';
  if (text !== '' && !/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    throw new Problem('unsupported-media-type', 'Send JSON with Content-Type: application/json.');
  }
  const problem = nameProblem(text);
  if (problem !== null) throw new Problem('invalid-json', problem);
  await next();
});
