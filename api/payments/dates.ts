/** Dates that a command cannot have, told before its run is asked. What they are judged by may change
 *  until then, so what the run says counts. */
import { APRUVE_TIME_ZONE } from '../../activities/providers/apruve/config.ts';
import { invoiceTermsOf } from '../../activities/providers/infinitepay/invoice-terms.ts';
import { YEAR_MS } from '../../activities/providers/shared/durations.ts';
import { invoiceDatesProblem } from '../../activities/providers/shared/invoice-dates.ts';
import { dateIn } from '../../activities/providers/shared/zones.ts';
import { settingsOfPayment } from '../../db/queries/payment-settings.ts';
import type { PaymentRecord } from '../../db/repositories/payment.repository.ts';
import { guaranteeLifecycle } from '../../machines/guarantee/guarantee.lifecycle.ts';
import { versionOf } from '../../machines/lifecycles.ts';
import type { CommandRequest } from '../../machines/shared/lifecycle.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { viewOf } from './present.ts';

/** @throws Problem `capture-time-invalid`: no hold lasts as long */
export function assertSoon(captureAt: number, at: number): void {
  if (captureAt <= at + YEAR_MS) return;
  throw new Problem('capture-time-invalid', 'A capture is scheduled within a year.');
}

/** @throws Problem */
export async function assertDates(
  deps: ApiDeps,
  record: PaymentRecord,
  command: CommandRequest,
): Promise<void> {
  const at = deps.now();
  if (typeof command.captureAt === 'number') assertSoon(command.captureAt, at);
  const { commands: allowed } = viewOf(record);
  // What is not legal now hears that first, from its run.
  if (!allowed.some(({ verb }) => verb === command.verb)) return;
  const problem = await problemOf(deps, record, command, at);
  if (problem !== null) throw new Problem('request-incomplete', problem, { allowed });
}

async function problemOf(
  deps: ApiDeps,
  record: PaymentRecord,
  { deliveredOn, deliveryDate, dueDate, shippedOn, verb }: CommandRequest,
  at: number,
): Promise<string | null> {
  const { lifecycle } = record.frozen;
  if (lifecycle === 'guarantee' && verb === 'activate') {
    const { context } = versionOf(guaranteeLifecycle, record.frozen).thaw(record.frozen);
    const order = { sourceNumber: record.source.number, term: context.term };
    const wish = {
      invoiceNumber: null,
      dueOn: dueDate ?? null,
      deliveryOn: deliveryDate ?? null,
    };
    const settings = await settingsOfPayment(deps.pool, record.id);
    return invoiceDatesProblem(invoiceTermsOf(settings, order, { wish, requestedAt: at }));
  }
  if (lifecycle === 'credit' && verb === 'invoice' && dueDate !== undefined) {
    const deliveryOn = deliveredOn ?? shippedOn ?? null;
    const invoicedOn = dateIn(APRUVE_TIME_ZONE, at);
    return invoiceDatesProblem({ invoicedOn, dueOn: dueDate, deliveryOn });
  }
  return null;
}
