import { createMiddleware } from 'hono/factory';
import type { Caller } from '../../db/repositories/api-key.repository.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { mayDo, type Permission, rolesWith } from '../permissions.ts';
import { Problem } from '../problem.ts';

/** Who calls, by `Authorization: Bearer hf_…`; before the body is read, because nobody without a key
 *  makes the API keep a large one. */
export const identify = (deps: ApiDeps) =>
  createMiddleware<ApiContext>(async (c, next) => {
    const key = /^Bearer (hf_(?:test|live)_[\w-]{1,64})$/.exec(c.req.header('authorization') ?? '');
    const caller = key?.[1] === undefined ? null : await deps.apiKeys.find(key[1]);
    if (caller !== null) c.set('caller', caller);
    await next();
  });

export const unauthenticated = (): Problem =>
  new Problem('unauthenticated', 'Send an API key that is in force: Authorization: Bearer hf_…');

/** Whether somebody with a key calls, whose role has `permission`. */
export const allow = (permission: Permission) =>
  createMiddleware<ApiContext>(async (c, next) => {
    const caller: Caller | undefined = c.get('caller');
    if (caller === undefined) throw unauthenticated();
    if (!mayDo(caller.role, permission)) {
      throw new Problem(
        'forbidden',
        `A key of role ${caller.role} lacks the permission ${permission}; these roles have it: ${rolesWith(permission).join(', ')}.`,
      );
    }
    await next();
  });
