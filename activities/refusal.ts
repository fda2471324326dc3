import type { RefusedRequest } from '../machines/shared/operation.ts';

/** What a fact keeps of a refused request: the parts that are there, and nothing else of the answer. */
export const refusal = ({ code, fault, reason }: RefusedRequest): RefusedRequest => ({
  reason,
  ...(code === undefined ? {} : { code }),
  ...(fault === undefined ? {} : { fault }),
});
