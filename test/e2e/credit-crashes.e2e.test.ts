import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill, type Point, startCrashWorker } from '../support/crash.ts';
import { createCredits, TOTAL } from '../support/credits.ts';
import { createHoldfast } from '../support/holdfast.ts';

const POINTS = {
  'after-call': 'after Apruve acted and before its answer is journaled',
  'after-journal': 'after the answer is journaled and before Temporal knows',
} as const;
const PLAN = Object.entries(POINTS).flatMap(([point, when]) =>
  (['invoice', 'ship'] as const).map((verb) => ({ verb, point: point as Point, when })),
);

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-crash-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Each starts two processes, side by side with the others. */
const TIMEOUT_MS = 120_000;

describe.concurrent('a worker that is killed while it invoices an order on credit', () => {
  it.each(PLAN)(
    'leaves one invoice and one shipment: $verb, $when',
    async ({ point, verb }) => {
      const holdfast = await createHoldfast({ workerless: true });
      const apruve = await createCredits(holdfast);
      const mark = join(dir, randomUUID());
      const doomed = await startCrashWorker(holdfast, point, verb, mark);
      const workers = [doomed];
      try {
        const died = once(doomed, 'exit');
        const { id } = await apruve.authorized();
        const key = randomUUID();
        const ask = () => holdfast.command(id, 'invoices', { invoiceNumber: 'R-1' }, { key });
        const asked = ask();
        await died;
        workers.push(await startCrashWorker(holdfast, 'never', verb, mark));
        await asked;
        const payment = await holdfast.until(id, ({ status }) => status === 'invoiced');
        expect(await apruve.moved(payment)).toEqual([
          `order ${TOTAL}`,
          `invoice ${TOTAL}`,
          `ship ${TOTAL}`,
        ]);
        const again = await ask();
        expect([again.status, again.body]).toEqual([200, payment]);
        const facts = await holdfast.facts(id);
        expect(facts.filter((type) => type === 'invoice.approved')).toHaveLength(1);
        expect(facts.filter((type) => type === 'shipment.approved')).toHaveLength(1);
        expect(await apruve.moved(payment)).toHaveLength(3);
      } finally {
        await Promise.all(workers.map(kill));
        await holdfast.close();
        await apruve.close();
      }
    },
    TIMEOUT_MS,
  );
});
