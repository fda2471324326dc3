import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  addressProblem,
  type CatalogEntry,
  PROVIDERS,
  settingsOf,
} from '../../activities/providers/catalog.ts';
import {
  type Integration,
  IntegrationTaken,
} from '../../db/repositories/integration.repository.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { allow } from '../middleware/authenticate.ts';
import { httpUrl } from '../payments/fields.ts';
import { Problem } from '../problem.ts';
import { validationProblem } from '../validation.ts';
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
      .openapi({ description: 'Encrypted at rest, never given back.' }),
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

const present = (
  { id, version, provider, mode, baseUrl, settings, enabled }: Integration,
  publicUrl: string,
) => ({
  webhookUrl: webhookUrlOf(provider, `${publicUrl}/webhooks/${provider}/${id}`),
  id,
  version,
  provider,
  mode,
  baseUrl,
  settings,
  enabled,
});

/** Links to providers. Saving makes a new version; running payments keep theirs. */
export function addIntegrationRoutes(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/payment-methods',
      tags: ['Integrations'],
      summary: 'What `method` may say when a payment is started',
      middleware: [allow(deps, 'methods:read')] as const,
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
      middleware: [allow(deps, 'integrations:read')] as const,
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
  addSave(app, deps);
}

function baseUrlProblem(entry: CatalogEntry, mode: string, baseUrl?: string): string | null {
  if (!entry.hasServer) return baseUrl === undefined ? null : 'has no server and takes none';
  return baseUrl === undefined ? 'is needed' : addressProblem(entry, mode, baseUrl);
}

function addSave(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'put',
      path: '/v1/integrations/{id}',
      tags: ['Integrations'],
      summary: 'Save an integration as its next version',
      description: 'New payments use the new version; a running payment keeps its own.',
      middleware: [allow(deps, 'integrations:write')] as const,
      request: { params: idParam, body: json(integrationBody, true) },
      responses: { 200: answers('The version in force', integrationSchema) },
    }),
    async (c) => {
      const { accountId, mode } = c.get('caller');
      const { id } = c.req.valid('param');
      const body = c.req.valid('json');
      if (body.mode !== mode) {
        throw new Problem(
          'invalid-request',
          `This API key saves integrations of mode ${mode} only.`,
        );
      }
      const before = await deps.integrations.current(accountId, id);
      if (before !== null && (before.mode !== mode || before.provider !== body.provider)) {
        throw new Problem(
          'invalid-request',
          'An integration keeps its provider and mode. Save another one under a new id.',
        );
      }
      const entry = PROVIDERS[body.provider];
      if (entry === undefined) throw new Error(`no provider ${body.provider}`);
      const settings = settingsOf(entry).safeParse(body.settings);
      if (!settings.success) throw validationProblem('json', settings.error);
      const credentials = entry.credentials(mode).safeParse(body.credentials);
      if (!credentials.success) throw validationProblem('json', credentials.error);
      const what = baseUrlProblem(entry, mode, body.baseUrl);
      if (what !== null) {
        throw new Problem('invalid-request', `baseUrl: ${what}`, {
          errors: [{ path: 'baseUrl', message: what }],
        });
      }
      const next = { ...body, baseUrl: body.baseUrl ?? '', id, accountId };
      try {
        const saved = await deps.integrations.save({
          ...next,
          settings: settings.data,
          credentials: credentials.data,
        });
        return c.json(present(saved, deps.publicUrl), 200);
      } catch (error) {
        if (!(error instanceof IntegrationTaken)) throw error;
        throw new Problem(
          'integration-taken',
          'Somebody saved this integration at the same moment, or its id is in use elsewhere. Look at it and save again, or choose another id.',
        );
      }
    },
  );
}
