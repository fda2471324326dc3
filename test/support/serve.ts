import type { AddressInfo } from 'node:net';
import { type HttpBindings, serve } from '@hono/node-server';

export type Listening = { readonly url: string; stop(): Promise<void> };

/** An app on a free port of the loopback. */
export async function listen(
  answer: (request: Request, env: HttpBindings) => Response | Promise<Response>,
  port = 0,
): Promise<Listening> {
  const fetch = (request: Request, env: unknown) => answer(request, env as HttpBindings);
  const server = serve({ fetch, hostname: '127.0.0.1', port });
  if (!server.listening) await new Promise((resolve) => server.once('listening', resolve));
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
