/** Pieces that route definitions share. */
import { z } from '@hono/zod-openapi';
import { problemSchema } from '../problem.ts';

export const idParam = z.object({
  id: z.string().max(64).openapi({ example: 'pay_0123456789abcdefghjkmnpqrs' }),
});

export const keyHeaders = z.object({
  'idempotency-key': z
    .string({ error: 'missing' })
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
    .openapi({ description: 'The same key and request have one effect, whenever repeated.' }),
  prefer: z
    .string()
    .max(200)
    .optional()
    .openapi({ description: '`wait=N`: answer after at most N seconds (default 10, at most 30).' }),
});

export const json = <T extends z.ZodType>(schema: T, required: boolean) => ({
  content: { 'application/json': { schema } },
  required,
});

/** One success; the problems are the same everywhere and are added to the document as a whole. */
export const answers = <T extends z.ZodType>(description: string, schema: T) => ({
  description,
  content: { 'application/json': { schema } },
});

export const problemAnswer = {
  description: 'What is wrong, and what to do (RFC 9457)',
  content: { 'application/problem+json': { schema: problemSchema } },
};
