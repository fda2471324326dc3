import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { allow } from '../middleware/authenticate.ts';
import {
  createEndpoint,
  findEndpoint,
  rotateSecret,
  switchEndpoint,
  type WithSecret,
} from '../webhooks/endpoints.ts';
import { EVENT_TYPE_LIST } from '../webhooks/event-types.ts';
import { presentEndpoint } from '../webhooks/present.ts';
import {
  createBody,
  endpointIdParam,
  endpointSchema,
  endpointWithSecretSchema,
  eventSchema,
  noBody,
} from '../webhooks/schemas.ts';
import { noQuery } from './list-query.ts';
import { answers, json, keyHeaders } from './shapes.ts';

export const WEBHOOK_TAGS = ['Webhook endpoints'];

/** These answer at once, so there is nothing to prefer. */
export const keyHeader = keyHeaders.pick({ 'idempotency-key': true });

const signatureHeaders = z.object({
  'webhook-id': z.string(),
  'webhook-timestamp': z.string().openapi({ description: 'Of this attempt, in seconds.' }),
  'webhook-signature': z.string().openapi({ example: 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9…' }),
});

const ABOUT = `Each event is a POST of \`{ type, timestamp, data }\`, signed as
[Standard Webhooks](https://www.standardwebhooks.com) says: \`webhook-id\` is the event and the same in
every attempt, \`webhook-signature\` holds one signature for each secret in force. \`data\` has the
payment's \`paymentId\`, its \`status\` and \`amounts\` after the fact, the fact's \`sequence\`, and a link.

Any 2xx within 10 seconds is taken for received. Everything else is repeated for three days at
growing intervals; redirects are not followed; 410 switches the endpoint off. The events of one
payment come in the order of \`sequence\`: the next one waits until the one before was received or
given up. Expect repeats.

${EVENT_TYPE_LIST}`;

export function addWebhookEndpointRoutes(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openAPIRegistry.registerWebhook({
    method: 'post',
    path: 'event',
    tags: WEBHOOK_TAGS,
    summary: 'An event, as an endpoint gets it',
    request: { headers: signatureHeaders, body: json(eventSchema, true) },
    responses: { '2XX': { description: 'Received' } },
  });
  const withSecret = ({ endpoint, secret }: WithSecret) => ({
    ...presentEndpoint(endpoint, deps.publicUrl),
    secret,
  });
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/webhook-endpoints',
      tags: WEBHOOK_TAGS,
      summary: 'Create an endpoint that hears of events from now on',
      description: ABOUT,
      middleware: [allow('webhooks:manage')] as const,
      request: { headers: keyHeader, body: json(createBody, true) },
      responses: { 201: answers('The endpoint, with its secret', endpointWithSecretSchema) },
    }),
    async (c) => {
      const created = await createEndpoint(deps, c.get('caller'), {
        idempotencyKey: c.req.valid('header')['idempotency-key'],
        body: c.req.valid('json'),
      });
      const body = withSecret(created);
      c.header('Location', body.links['self']);
      return c.json(body, 201);
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/webhook-endpoints',
      tags: WEBHOOK_TAGS,
      summary: 'List the endpoints, oldest first',
      middleware: [allow('webhooks:read')] as const,
      request: { query: noQuery },
      responses: {
        200: answers('All of this key’s mode', z.object({ data: z.array(endpointSchema) })),
      },
    }),
    async (c) => {
      const { accountId, mode } = c.get('caller');
      const all = await deps.webhookEndpoints.list(accountId, mode);
      return c.json({ data: all.map((each) => presentEndpoint(each, deps.publicUrl)) });
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/webhook-endpoints/{id}',
      tags: WEBHOOK_TAGS,
      summary: 'One endpoint as it stands',
      middleware: [allow('webhooks:read')] as const,
      request: { params: endpointIdParam, query: noQuery },
      responses: { 200: answers('The endpoint', endpointSchema) },
    }),
    async (c) => {
      const endpoint = await findEndpoint(deps, c.get('caller'), c.req.valid('param').id);
      return c.json(presentEndpoint(endpoint, deps.publicUrl));
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/webhook-endpoints/{id}/rotate-secret',
      tags: WEBHOOK_TAGS,
      summary: 'Replace the secret',
      description:
        'For 24 hours the old secret signs too, so that receivers can change over. Rotating again ' +
        'within that time stops the oldest secret at once: after a leak, rotate twice.',
      middleware: [allow('webhooks:manage')] as const,
      request: { params: endpointIdParam, headers: keyHeader, body: json(noBody, false) },
      responses: { 200: answers('The endpoint, with its new secret', endpointWithSecretSchema) },
    }),
    async (c) => {
      const { id } = c.req.valid('param');
      const key = c.req.valid('header')['idempotency-key'];
      return c.json(withSecret(await rotateSecret(deps, c.get('caller'), id, key)), 200);
    },
  );
  addSwitches(app, deps);
}

const SWITCHES = [
  {
    verb: 'disable',
    summary: 'Switch it off',
    description: 'What is still on its way to it is skipped, and can be asked for again later.',
  },
  {
    verb: 'enable',
    summary: 'Switch it on again',
    description: 'It hears of what happens from now on. What was skipped is not sent by itself.',
  },
] as const;

function addSwitches(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  for (const { verb, summary, description } of SWITCHES) {
    const route = createRoute({
      method: 'post',
      path: `/v1/webhook-endpoints/{id}/${verb}`,
      tags: WEBHOOK_TAGS,
      summary,
      description,
      middleware: [allow('webhooks:manage')] as const,
      request: { params: endpointIdParam, headers: keyHeader, body: json(noBody, false) },
      responses: { 200: answers('The endpoint', endpointSchema) },
    });
    app.openapi(route, async (c) => {
      const idempotencyKey = c.req.valid('header')['idempotency-key'];
      const { id } = c.req.valid('param');
      const endpoint = await switchEndpoint(deps, c.get('caller'), id, { verb, idempotencyKey });
      return c.json(presentEndpoint(endpoint, deps.publicUrl), 200);
    });
  }
}
