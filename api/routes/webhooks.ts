import { createHash } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { PROVIDERS } from '../../activities/providers/catalog.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { receiveNews } from '../news/receive.ts';
import { Problem } from '../problem.ts';
import { readBody } from '../read-body.ts';

/** Far above any provider's event; what is larger is not one. */
const BODY_BYTES_MAX = 1024 * 1024;

const INTEGRATION_ID = /^[a-z][a-z0-9_]{1,39}$/;

/** Where providers send their news. 2xx means kept, whatever it proves: nothing that was sent is lost,
 *  and nobody who guesses learns more. Not part of the API for merchants. */
export function addWebhookRoute(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.post('/webhooks/:provider/:integrationId/:token?', async (c) => {
    const provider = c.req.param('provider');
    const id = c.req.param('integrationId');
    const integration = INTEGRATION_ID.test(id) ? await deps.integrations.newest(id) : null;
    const webhook = PROVIDERS[provider]?.webhook;
    if (integration === null || integration.provider !== provider || webhook === undefined) {
      throw new Problem('not-found', 'There is no such integration.');
    }
    const headers = Object.fromEntries(
      webhook.headers.flatMap((name) => {
        const value = c.req.header(name);
        return value === undefined ? [] : [[name, value.slice(0, 2_000)]];
      }),
    );
    const body = Buffer.from(
      await readBody(
        c.req.raw,
        BODY_BYTES_MAX,
        new Problem('body-too-large', 'A message may have 1 MiB.'),
      ),
    );
    const token = c.req.param('token');
    const tokenHash = token === undefined ? null : createHash('sha256').update(token).digest('hex');
    await receiveNews(deps, integration, { body, headers, tokenHash });
    return c.json({ received: true });
  });
}
