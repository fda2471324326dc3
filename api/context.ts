import type { HttpBindings } from '@hono/node-server';
import type { Caller } from '../db/repositories/api-key.repository.ts';

/** What a request carries through its middleware. */
export type ApiContext = {
  Bindings: HttpBindings;
  Variables: { requestId: string; caller: Caller };
};
