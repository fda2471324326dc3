/**
 * A payment's life before your eyes, through the public API alone: EUR 105.00 authorized, 60.00
 * captured and the rest released, 10.00 refunded. Reads `.holdfast/stack.json`.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { formatMoney } from '../../machines/shared/money.ts';

const stackSchema = z.object({
  api: z.string(),
  temporalUi: z.string().nullable(),
  keys: z.object({ checkout: z.string(), sales: z.string() }),
});
const amountsSchema = z.object({
  currency: z.string(),
  authorized: z.number(),
  captured: z.number(),
  voided: z.number(),
  refunded: z.number(),
});
const paymentSchema = z.object({ id: z.string(), status: z.string(), amounts: amountsSchema });
const eventsSchema = z.object({
  data: z.array(
    z.object({ sequence: z.number(), type: z.string(), at: z.string(), actor: z.string() }),
  ),
});
type Payment = z.infer<typeof paymentSchema>;

const stack = stackSchema.parse(JSON.parse(readFileSync('.holdfast/stack.json', 'utf8')));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function request(
  method: string,
  path: string,
  key: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${stack.api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      ...(body === undefined
        ? {}
        : {
            'content-type': 'application/json',
            'idempotency-key': `demo-${randomBytes(8).toString('hex')}`,
          }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as unknown;
}

let told = 0;

/** Prints the facts that are new since the last call, then where the money is. */
async function tell({ id }: Payment): Promise<void> {
  const { data } = eventsSchema.parse(
    await request('GET', `/v1/payments/${id}/events`, stack.keys.sales),
  );
  for (const { at, type, actor } of data.slice(told)) {
    say(`    ${at.slice(11, 23)}  ${type.padEnd(24)} ${actor.split(':').slice(0, 2).join(':')}`);
  }
  told = data.length;
}

function showMoney({ status, amounts }: Payment): void {
  const money = (minor: number): string => formatMoney(minor, amounts.currency);
  const parts = (['authorized', 'captured', 'voided', 'refunded'] as const)
    .filter((name) => amounts[name] > 0)
    .map((name) => `${name} ${money(amounts[name])}`);
  say(`    → ${status.replaceAll('_', ' ')}: ${parts.join(' · ')}\n`);
}

async function step(title: string, act: () => Promise<unknown>): Promise<Payment> {
  say(`  ${title}`);
  const startedAt = performance.now();
  const payment = paymentSchema.parse(await act());
  const ms = Math.round(performance.now() - startedAt);
  await tell(payment);
  say(`    answered in ${ms} ms`);
  showMoney(payment);
  return payment;
}

const { checkout, sales } = stack.keys;
const orderNumber = String(4000 + Math.floor(Math.random() * 6000));
say('');
const { id } = await step(`Checkout starts a payment of EUR 105.00 for order ${orderNumber}`, () =>
  request('POST', '/v1/payments', checkout, {
    amount: { amountMinor: 10_500, currency: 'EUR' },
    method: 'stripe_test.card',
    source: { kind: 'order', number: orderNumber },
    capture: 'manual',
    paymentToken: 'pm_card_visa',
  }),
);
await step('Sales captures EUR 60.00 and releases the rest', () =>
  request('POST', `/v1/payments/${id}/capture`, sales, { amountMinor: 6_000, final: true }),
);
await step('Sales refunds EUR 10.00', () =>
  request('POST', `/v1/payments/${id}/refund`, sales, {
    amountMinor: 1_000,
    reason: 'one item came back',
  }),
);
say(`  The payment: ${stack.api}/v1/payments/${id}`);
if (stack.temporalUi !== null) {
  say(`  Its history: ${stack.temporalUi}/namespaces/default/workflows/${id}`);
}
say('');
