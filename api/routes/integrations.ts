import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { PROVIDERS } from '../../activities/providers/catalog.ts';
import type { Integration } from '../../db/repositories/integration.repository.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { saveIntegration } from '../integrations/save.ts';
import { allow } from '../middleware/authenticate.ts';
import { httpUrl } from '../payments/fields.ts';
import { Problem } from '../problem.ts';
import { noQuery } from './list-query.ts';
import { answers, json } from './shapes.ts';

const idParam = z.object({ id: z.string().regex(/^[a-z][a-z0-9_]{1,39}$/) });

const integrationBody = z
  .strictObject({
    provider: z.enum(Object.keys(PROVIDERS) as [string, ...string[]]),
    mode: z.enum(['test', 'live']),
    baseUrl: httpUrl
      .optional()
      .openapi({ description: 'Of the provider’s API; not for what is paid offline.' }),
    settings: z.record(z.string(), z.unknown()).default({}),
    credentials: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({
        description:
          'Encrypted at rest, never given back. Left out, those in force stay. New ones are used by ' +
          'all payments, also by those that run, so they have to be of the same account.',
      }),
    enabled: z.boolean().default(true),
  })
  .openapi('SaveIntegration');

const integrationSchema = z
  .object({
    id: z.string(),
    version: z.int(),
    provider: z.string(),
    mode: z.enum(['test', 'live']),
    baseUrl: z.string(),
    settings: z.unknown(),
    enabled: z.boolean(),
    credentialsGeneration: z.int().openapi({
      description: 'How often credentials were saved; the newest are in force for all payments.',
    }),
    credentialsUpdatedAt: z.string(),
    webhookUrl: z
      .string()
      .nullable()
      .openapi({ description: 'Where the provider is to send its messages; set it there.' }),
  })
  .openapi('Integration');

/** The secret at the end of an address is not shown: it is one of the integration's tokens. */
function webhookUrlOf(provider: string, url: string): string | null {
  const webhook = PROVIDERS[provider]?.webhook;
  if (webhook === undefined) return null;
  return webhook.isProvenByAddress === true ? `${url}/<token>` : url;
}

const present = (one: Integration, publicUrl: string) => ({
  webhookUrl: webhookUrlOf(one.provider, `${publicUrl}/webhooks/${one.provider}/${one.id}`),
  id: one.id,
  version: one.version,
  provider: one.provider,
  mode: one.mode,
  baseUrl: one.baseUrl,
  settings: one.settings,
  enabled: one.enabled,
  credentialsGeneration: one.credentialsGeneration,
  credentialsUpdatedAt: one.credentialsUpdatedAt.toISOString(),
});

/** Links to providers. Saved settings are a new version, and running payments keep theirs; saved
 *  credentials are for all. */
export function addIntegrationRoutes(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/payment-methods',
      tags: ['Integrations'],
      summary: 'What `method` may say when a payment is started',
      middleware: [allow('methods:read')] as const,
      request: { query: noQuery },
      responses: {
        200: answers(
          'The methods of this key’s mode',
          z.object({ data: z.array(z.object({ method: z.string(), provider: z.string() })) }),
        ),
      },
    }),
    async (c) => {
      const { accountId, mode } = c.get('caller');
      const integrations = await deps.integrations.list(accountId);
      const data = integrations
        .filter((each) => each.enabled && each.mode === mode)
        .flatMap(({ id, provider }) =>
          Object.keys(PROVIDERS[provider]?.methods ?? {}).map((name) => ({
            method: `${id}.${name}`,
            provider,
          })),
        );
      return c.json({ data });
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/integrations',
      tags: ['Integrations'],
      summary: 'Integrations, each in its newest version',
      middleware: [allow('integrations:read')] as const,
      request: { query: noQuery },
      responses: { 200: answers('All', z.object({ data: z.array(integrationSchema) })) },
    }),
    async (c) => {
      const { accountId, mode } = c.get('caller');
      const all = await deps.integrations.list(accountId);
      return c.json({
        data: all.filter((each) => each.mode === mode).map((each) => present(each, deps.publicUrl)),
      });
    },
  );
  addOne(app, deps);
  addSave(app, deps);
}

function addOne(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/integrations/{id}',
      tags: ['Integrations'],
      summary:
        'One integration: its newest version, and the generation of its credentials in force',
      middleware: [allow('integrations:read')] as const,
      request: { params: idParam, query: noQuery },
      responses: { 200: answers('The integration', integrationSchema) },
    }),
    async (c) => {
      const { accountId, mode } = c.get('caller');
      const found = await deps.integrations.current(accountId, c.req.valid('param').id);
      if (found === null || found.mode !== mode) {
        throw new Problem('not-found', 'There is no such integration for this API key.');
      }
      return c.json(present(found, deps.publicUrl), 200);
    },
  );
}

function addSave(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'put',
      path: '/v1/integrations/{id}',
      tags: ['Integrations'],
      summary: 'Save an integration',
      description:
        'Settings that differ are its next version: new payments use it, a running payment keeps its ' +
        'own. Credentials that differ are their next generation and no version: all payments use it ' +
        'within five seconds. Credentials of another account are a 409 `another-account` while ' +
        'payments of the integration run.',
      middleware: [allow('integrations:write')] as const,
      request: { params: idParam, body: json(integrationBody, true) },
      responses: { 200: answers('What is in force now', integrationSchema) },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const saved = await saveIntegration(deps, c.get('caller'), id, c.req.valid('json'));
      return c.json(present(saved, deps.publicUrl), 200);
    },
  );
}
