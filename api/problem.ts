/** Errors as RFC 9457 problems. One list of codes, total by type, shared by HTTP and the docs. */
import { z } from '@hono/zod-openapi';

const CODES = {
  'invalid-json': [400, 'The body is not JSON that can be used'],
  'idempotency-key-missing': [400, 'The header Idempotency-Key is missing'],
  'idempotency-key-invalid': [400, 'The header Idempotency-Key is not usable'],
  'invalid-header': [400, 'A header is not valid'],
  unauthenticated: [401, 'The API key is missing or not valid'],
  forbidden: [403, 'This API key may not do this'],
  'not-found': [404, 'There is no such thing'],
  'illegal-transition': [409, 'The payment cannot be asked for this now'],
  'contradicts-proof': [409, 'The provider says otherwise'],
  'integration-taken': [409, 'This integration was saved by somebody else'],
  'another-account': [409, 'The credentials are of another account'],
  'endpoint-disabled': [409, 'This webhook endpoint is switched off'],
  'finding-resolved': [409, 'This finding is resolved already'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be application/json'],
  'invalid-request': [422, 'The request is not valid'],
  'idempotency-key-reused': [422, 'This Idempotency-Key was used for another request'],
  'card-number-refused': [422, 'Card numbers are never accepted'],
  'credentials-refused': [422, 'The provider does not accept these credentials'],
  'no-payment-term': [422, 'The customer has no payment term'],
  'unknown-payment-method': [422, 'There is no such payment method'],
  'amount-out-of-range': [422, 'The amount is not possible'],
  'amount-not-supported': [422, 'The provider cannot take this amount'],
  'capture-must-be-final': [422, 'This hold can be captured only once'],
  'capture-time-invalid': [422, 'A capture cannot be scheduled for this time'],
  'request-incomplete': [422, 'The request does not say enough'],
  'resolution-incomplete': [422, 'The resolution does not say enough'],
  'too-many-requests': [429, 'Too many requests'],
  'not-accepted': [503, 'The request was not accepted: ask again with the same key'],
  'not-migrated': [503, 'The database has not the schema of this version'],
  'not-ready': [503, 'This process cannot do its work now'],
  unavailable: [503, 'Holdfast cannot answer now: ask again'],
  'internal-error': [500, 'Something is wrong at our side'],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof CODES;
export type ProblemStatus = (typeof CODES)[ProblemCode][0];

/** Thrown anywhere in a request; `app.onError` answers with it. */
export class Problem extends Error {
  override name = 'Problem';
  readonly code: ProblemCode;
  readonly extensions: Readonly<Record<string, unknown>>;

  /** `detail` is for the caller: what is wrong here, and what to do. It never quotes input. */
  constructor(code: ProblemCode, detail: string, extensions: Record<string, unknown> = {}) {
    super(detail);
    this.code = code;
    this.extensions = extensions;
  }

  get status(): ProblemStatus {
    return CODES[this.code][0];
  }

  body(requestId: string): Record<string, unknown> {
    const [status, title] = CODES[this.code];
    return {
      type: `/docs/problems#${this.code}`,
      title,
      status,
      detail: this.message,
      code: this.code,
      requestId,
      ...this.extensions,
    };
  }
}

/** Every code with its status and title, for the page that the problems' `type` points to. */
export const PROBLEM_CODES = Object.entries(CODES).map(([code, [status, title]]) => ({
  code,
  status,
  title,
}));

export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(CODES) as [ProblemCode, ...ProblemCode[]]),
    requestId: z.string(),
    allowed: z
      .array(
        z.object({
          verb: z.string(),
          maxMinor: z.int().optional(),
          multiple: z.boolean().optional(),
        }),
      )
      .optional()
      .openapi({ description: 'What the payment may be asked for now.' }),
    maxMinor: z.int().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');
