import type { z } from 'zod';
import { Problem } from './problem.ts';

type Issues = { readonly issues: readonly z.core.$ZodIssue[] };

/** A validator's complaints as a problem. Names places and rules, never the values. */
export function validationProblem(target: string, error: Issues): Problem {
  const errors = error.issues.map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message,
  }));
  if (target !== 'header') {
    const named = errors.map(({ path, message }) => `${path || 'body'}: ${message}`).join('; ');
    return new Problem('invalid-request', named, { errors });
  }
  const key = errors.find(({ path }) => path === 'idempotency-key');
  if (key?.message === 'missing') {
    return new Problem(
      'idempotency-key-missing',
      'Send an Idempotency-Key with each request that changes something, a new one for each new wish.',
    );
  }
  return key === undefined
    ? new Problem('invalid-header', 'A header is not valid.', { errors })
    : new Problem('idempotency-key-invalid', key.message);
}
