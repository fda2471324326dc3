/** News that nobody sent who may: it says that money came, and proves nothing. */
import { randomUUID } from 'node:crypto';
import type { FactResource, PaymentResource } from '../../../api/payments/schemas.ts';
import type { Tally } from './tally.ts';

/** Whoever proves nothing is heard 500 times an hour. */
const LIES_MAX = 300;
const CALL_MS = 20_000;

type Invoices = { readonly invoices: readonly { readonly providerRef: string }[] };

export function createForger(api: string, salesKey: string, tally: Tally) {
  let lies = 0;

  async function orderOf(id: string): Promise<string | null> {
    const response = await fetch(`${api}/v1/payments/${id}/events`, {
      headers: { authorization: `Bearer ${salesKey}` },
      signal: AbortSignal.timeout(CALL_MS),
    });
    const { data } = (await response.json()) as { data: FactResource[] };
    return data.find(({ type }) => type.startsWith('order.'))?.providerRef ?? null;
  }

  /** Says in Apruve's words that the newest invoice was funded, with a cent. */
  return async function forge(payment: PaymentResource): Promise<void> {
    const invoice = (payment.details as Invoices | null)?.invoices.at(-1);
    if (invoice === undefined || lies >= LIES_MAX) return;
    lies += 1;
    try {
      const order = await orderOf(payment.id);
      if (order === null) return;
      const { status } = await fetch(`${api}/webhooks/apruve/apruve_test/${'0'.repeat(32)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          uuid: randomUUID(),
          event: 'invoice.funded',
          entity: { id: invoice.providerRef, order_id: order, amount_due: 1 },
        }),
        signal: AbortSignal.timeout(CALL_MS),
      });
      if (status < 500) tally.add('news forged');
    } catch {
      // The API is away: the next lie may get there.
    }
  };
}
