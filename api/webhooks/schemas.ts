/** Shapes of webhook endpoints and of what is delivered to them. */
import { z } from '@hono/zod-openapi';
import { httpUrl, searchText } from '../payments/fields.ts';
import { paymentSchema } from '../payments/schemas.ts';
import { EVENT_TYPE_NAMES } from './event-types.ts';

export const endpointIdParam = z.object({
  id: z.string().max(64).openapi({ example: 'whe_0123456789abcdefghjkmnpqrs' }),
});

export const deliveryParams = endpointIdParam.extend({
  eventId: z.string().max(64).openapi({ example: 'evt_0123456789abcdefghjkmnpqrs_2' }),
});

/** Whoever reads the list would read a password in it, and no request can be made with one. */
const hasNoCredentials = (url: string): boolean => {
  const parsed = URL.parse(url);
  // What is no address is said by the check before this one, which does not end the checking.
  return parsed === null || (parsed.username === '' && parsed.password === '');
};

export const createBody = z
  .strictObject({
    url: httpUrl
      .refine(hasNoCredentials, 'must not contain a user name or password')
      .openapi({ description: 'https; in mode test http as well.' }),
    events: z
      .array(z.enum(EVENT_TYPE_NAMES))
      .min(1)
      .optional()
      .openapi({ description: 'What it hears of. All events, also future ones, when left out.' }),
    description: searchText(200).default(''),
  })
  .openapi('CreateWebhookEndpoint');
export type CreateBody = z.infer<typeof createBody>;

export const noBody = z.strictObject({});

const instant = z.string();

export const endpointSchema = z
  .object({
    id: z.string(),
    mode: z.enum(['test', 'live']),
    url: z.string(),
    description: z.string(),
    events: z.array(z.string()).nullable().openapi({ description: 'null: all events.' }),
    enabled: z.boolean(),
    disabledAt: instant.nullable(),
    disabledReason: z
      .string()
      .nullable()
      .openapi({ description: 'Who switched it off; also the endpoint itself, by a 410.' }),
    previousSecretUntil: instant
      .nullable()
      .openapi({ description: 'Until then the secret before the present one signs too.' }),
    createdAt: instant,
    links: z.record(z.string(), z.string()),
  })
  .openapi('WebhookEndpoint');
export type EndpointResource = z.infer<typeof endpointSchema>;

export const endpointWithSecretSchema = endpointSchema
  .extend({
    secret: z
      .string()
      .nullable()
      .openapi({
        description:
          'Shown in the first answer and never again: null when the request is a repeat. One that ' +
          'got lost is replaced by rotating.',
        example: 'whsec_…',
      }),
  })
  .openapi('WebhookEndpointWithSecret');

/** What a merchant gets: the body of each POST to its endpoint. */
export const eventSchema = z
  .object({
    type: z.enum(EVENT_TYPE_NAMES),
    timestamp: instant.openapi({ description: 'When the fact happened.' }),
    data: z.object({
      paymentId: z.string(),
      status: z.string().openapi({ description: 'After the fact.' }),
      amounts: paymentSchema.shape.amounts,
      deadlines: paymentSchema.shape.deadlines,
      decline: paymentSchema.shape.decline,
      needsAttention: paymentSchema.shape.needsAttention,
      sequence: z.int().openapi({ description: 'The number of the fact; not every fact is told.' }),
      links: z.object({ payment: z.string() }),
    }),
  })
  .openapi('WebhookEvent');

const answerSchema = z.object({
  at: instant,
  status: z.int().nullable(),
  error: z.string().nullable().openapi({ description: 'Why there was no status.' }),
  body: z.string().openapi({ description: 'The first 500 characters of what it answered.' }),
  durationMs: z.int(),
});

export const DELIVERY_STATES = ['pending', 'delivered', 'failed', 'skipped'] as const;

export const deliverySchema = z
  .object({
    eventId: z.string().openapi({ description: 'The header `webhook-id` of every attempt.' }),
    type: z.string(),
    paymentId: z.string().nullable(),
    sequence: z.int().nullable(),
    state: z.enum(DELIVERY_STATES).openapi({
      description:
        'failed: not taken within three days, or answered with 410. skipped: the endpoint was ' +
        'switched off, before or while it waited; asked for again, it is sent once that is on.',
    }),
    attempts: z.int().openapi({ description: 'Since it was last asked for.' }),
    answers: z.array(answerSchema).openapi({ description: 'The last 20, oldest first.' }),
    dueAt: instant.nullable().openapi({
      description:
        'When the next attempt is expected. In the past: it waits for an earlier event of its ' +
        'payment, or for a free worker.',
    }),
    createdAt: instant,
    finishedAt: instant.nullable(),
  })
  .openapi('WebhookDelivery');
export type DeliveryResource = z.infer<typeof deliverySchema>;
