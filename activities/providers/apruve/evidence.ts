/** What is kept of a call: ids, numbers, amounts, statuses. No key, and no address of a buyer. */
import { maskCardNumbers } from '../../../machines/shared/card-number.ts';
import { errorBody } from './mapping.ts';
import type { ApruveRequest } from './requests.ts';

const KEPT: ReadonlySet<string> = new Set([
  'id',
  'order_id',
  'invoice_id',
  'corporate_account_id',
  'merchant_order_id',
  'merchant_invoice_id',
  'merchant_shipment_id',
  'merchant_notes',
  'status',
  'amount_cents',
  'amount_due',
  'currency',
  'issue_on_create',
  'finalize_on_create',
  'expire_at',
  'due_at',
  'shipped_at',
  'created_at',
]);
const ENTRIES_MAX = 25;

export function requestEvidence({ method, path, body }: ApruveRequest): string {
  const terms = body?.['payment_term'];
  const kept = body === undefined ? '' : JSON.stringify({ ...pick(body), ...pick(terms) });
  return maskCardNumbers(`${method} /api/v4/${path} ${kept}`.trim());
}

export function answerEvidence(json: unknown): unknown {
  const errors = errorBody.safeParse(json);
  if (errors.success) {
    return errors.data.errors.slice(0, ENTRIES_MAX).map(({ title, detail, source }) => ({
      title: title ?? null,
      detail:
        detail === null || detail === undefined
          ? null
          : maskCardNumbers(detail.slice(0, 200)).replace(/\S+@\S+/g, '…'),
      parameter: source?.parameter ?? null,
    }));
  }
  if (!Array.isArray(json)) return json === null ? 'not readable' : pick(json);
  return json.slice(0, ENTRIES_MAX).map(pick);
}

function pick(thing: unknown): Record<string, unknown> {
  if (thing === null || typeof thing !== 'object') return {};
  return Object.fromEntries(
    Object.entries(thing)
      .filter(([name, value]) => KEPT.has(name) && (typeof value !== 'object' || value === null))
      .map(([name, value]) => [name, typeof value === 'string' ? maskCardNumbers(value) : value]),
  );
}
