/**
 * Apruve's error answers. The statuses are those its SDK knows, and the body is the one it reads (`errors[]` with `title`,
 * `detail` and `source.parameter`): https://github.com/apruve/apruve-ruby/blob/master/lib/apruve/error.rb, read
 * 2026-11-21. Which refusal has which status is not documented: wrong data is 400, a wrong moment is 409.
 */

export type ApruveError = {
  readonly title: string;
  readonly detail: string;
  readonly source?: { readonly parameter: string };
};

export class ApruveFailure extends Error {
  readonly status: number;
  readonly errors: readonly ApruveError[];

  constructor(status: number, errors: readonly ApruveError[]) {
    super(errors.map(({ detail }) => detail).join(' '));
    this.status = status;
    this.errors = errors;
  }
}

export function invalid(parameter: string, detail: string): ApruveFailure {
  return new ApruveFailure(400, [{ title: 'Bad Request', detail, source: { parameter } }]);
}

export function conflict(detail: string): ApruveFailure {
  return new ApruveFailure(409, [{ title: 'Conflict', detail }]);
}

export function missing(what: string, id: string): ApruveFailure {
  return new ApruveFailure(404, [{ title: 'Not Found', detail: `No ${what} ${id}.` }]);
}

export function forbidden(detail: string): ApruveFailure {
  return new ApruveFailure(403, [{ title: 'Forbidden', detail }]);
}

export function errorResponse({ status, errors }: ApruveFailure): Response {
  return Response.json({ errors }, { status });
}

export function unauthorized(): Response {
  const detail = 'The header Apruve-Api-Key names no key of a merchant.';
  return errorResponse(new ApruveFailure(401, [{ title: 'Unauthorized', detail }]));
}

export function serverError(): Response {
  const detail = 'This is the simulator: an armed fault.';
  return errorResponse(new ApruveFailure(500, [{ title: 'Internal Server Error', detail }]));
}

/** Apruve documents no limit of its rate; 429 is what anything in front of it would say. */
export function rateLimited(): Response {
  const detail = 'This is the simulator: an armed fault.';
  const response = errorResponse(new ApruveFailure(429, [{ title: 'Too Many Requests', detail }]));
  response.headers.set('retry-after', '1');
  return response;
}
