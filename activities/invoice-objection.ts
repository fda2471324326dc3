/** Dates of an invoice that cannot be: found before anything of the activation is written. */
import type { InvoiceTerms } from '../machines/guarantee/guarantee.types.ts';
import type { Refusal } from '../machines/shared/lifecycle.ts';
import { incomplete } from '../machines/shared/refusals.ts';
import { invoiceDatesProblem } from './providers/shared/invoice-dates.ts';

/** `compute` may throw: of a day that no calendar, or no clock, has. */
export function objectionToInvoice(compute: () => InvoiceTerms): Refusal | null {
  const problem = problemOf(compute);
  return problem === null ? null : incomplete(problem, []);
}

function problemOf(compute: () => InvoiceTerms): string | null {
  try {
    const terms = compute();
    return Number.isSafeInteger(terms.dueAt)
      ? invoiceDatesProblem(terms)
      : `No clock reaches the end of ${terms.dueOn}.`;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return `The invoice's dates cannot be computed: ${why}.`;
  }
}
