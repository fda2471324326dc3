import { createMiddleware } from 'hono/factory';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { mayDo, type Permission, rolesWith } from '../permissions.ts';
import { Problem } from '../problem.ts';

/** Who calls, by `Authorization: Bearer hf_…`, and whether its role has `permission`. */
export const allow = (deps: ApiDeps, permission: Permission) =>
  createMiddleware<ApiContext>(async (c, next) => {
    const key = /^Bearer (hf_(?:test|live)_[\w-]{1,64})$/.exec(c.req.header('authorization') ?? '');
    const caller = key?.[1] === undefined ? null : await deps.apiKeys.find(key[1]);
    if (caller === null) {
      c.header('WWW-Authenticate', 'Bearer');
      throw new Problem(
        'unauthenticated',
        'Send an API key that is in force: Authorization: Bearer hf_…',
      );
    }
    if (!mayDo(caller.role, permission)) {
      throw new Problem(
        'forbidden',
        `A key of role ${caller.role} lacks the permission ${permission}; these roles have it: ${rolesWith(permission).join(', ')}.`,
      );
    }
    c.set('caller', caller);
    await next();
  });
