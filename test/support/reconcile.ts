/** A Holdfast with an integration of its own: what compares books has the integration's id, and all
 *  tests share one Temporal. */
import { randomUUID } from 'node:crypto';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import type { ReconcileInput } from '../../workflows/contracts.ts';
import { createHoldfast, type HoldfastOptions } from './holdfast.ts';

export type Finding = {
  readonly id: string;
  readonly integration: string;
  readonly kind: string;
  readonly state: string;
  readonly detail: string;
  readonly providerRef: string;
  readonly paymentId: string | null;
  readonly providerSays: Record<string, unknown>;
  readonly holdfastSays: Record<string, unknown>;
  readonly resolution: string | null;
};
export type Reconciled = Record<'listed' | 'different' | 'moving' | 'unread' | 'resolved', number>;
export type Books = Awaited<ReturnType<typeof createBooks>>;

const HOUR_MS = 3_600_000;

export async function createBooks(options: HoldfastOptions = {}) {
  const holdfast = await createHoldfast(options);
  const addIntegration = async (): Promise<string> => {
    const id = `stripe_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    await holdfast.saveIntegration(id, 'test', options.settings ?? {});
    return id;
  };
  const integration = await addIntegration();
  const findings = async (state = 'open') => {
    const path = `/v1/findings?state=${state}&limit=100`;
    return (await holdfast.request<{ data: Finding[] }>('GET', path)).body.data;
  };
  return {
    ...holdfast,
    integration,
    addIntegration,
    /** EUR 105.00 through the integration, held unless `body` says otherwise. */
    pay: async (body: Record<string, unknown> = {}): Promise<PaymentResource> =>
      (await holdfast.start({ method: `${integration}.card`, ...body })).body,
    /** The comparison from its start to its end, over the last hour. */
    reconcile: (terms: Partial<ReconcileInput> = {}): Promise<Reconciled> =>
      holdfast.temporal.workflow.execute('reconcileIntegration', {
        workflowId: `reconcile-${terms.integrationId ?? integration}`,
        taskQueue: holdfast.taskQueue,
        args: [{ integrationId: integration, windowMs: HOUR_MS, quietMs: 0, ...terms }],
      }),
    findings,
    kinds: async (state?: string) => (await findings(state)).map(({ kind }) => kind).toSorted(),
  };
}
