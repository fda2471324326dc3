/**
 * Every fault of the network on every operation of an order on credit. Apruve knows no idempotency
 * keys: what may have been sent is looked for, and what nobody can tell is left to a person.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, type FaultName } from '../../activities/providers/shared/simulator-faults.ts';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createCredits, type Credits, TOTAL } from '../support/credits.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

/** Longer than the integration waits for an answer. */
const DELAY_MS = 900;
const SETTINGS = { timeoutMs: 400, policy: { inquireWithinMs: 3_000 } };
/** The request never arrived, and nothing proves that it will not. */
const LOST: ReadonlySet<FaultName> = new Set(['drop-before', 'status-500-before']);

type World = { readonly holdfast: Holdfast; readonly apruve: Credits };
type Operation = {
  readonly verb: string;
  /** Of the simulator's plane. */
  readonly faulty: string;
  /** What is there before, and the operation itself, which is asked for twice where it was lost. */
  readonly prepare: (world: World) => Promise<PaymentResource | null>;
  readonly ask: (world: World, id: string) => Promise<{ readonly body: PaymentResource }>;
  readonly status: string;
  readonly moved: readonly string[];
  /** Where a person leads the payment by saying that the operation did not take place; null: it is
   *  sent again without one, for it cannot act twice. */
  readonly without: { readonly status: string; readonly moved: readonly string[] } | null;
};

const ORDERED = [`order ${TOTAL}`];
const INVOICED = [...ORDERED, `invoice ${TOTAL}`];
const SHIPPED = [...INVOICED, `ship ${TOTAL}`];
const invoice = ({ holdfast }: World, id: string) =>
  holdfast.command(id, 'invoices', { invoiceNumber: 'R-1' });
const authorized = ({ apruve }: World) => apruve.authorized();
const invoiced = async (world: World) => (await invoice(world, (await authorized(world)).id)).body;

const OPERATIONS: readonly Operation[] = [
  {
    verb: 'a question',
    faulty: 'inquire',
    prepare: async ({ apruve }) => {
      const { body } = await apruve.start();
      await apruve.decide(body);
      return body;
    },
    ask: async ({ apruve, holdfast }, id) => {
      const [order] = apruve.ordersOf(await holdfast.get(id));
      return apruve.accept(id, order?.id ?? null);
    },
    status: 'authorized',
    moved: ORDERED,
    without: null,
  },
  {
    verb: 'order',
    faulty: 'authorize',
    prepare: async () => null,
    ask: ({ apruve }) => apruve.place(),
    status: 'authorized',
    moved: ORDERED,
    without: { status: 'expired', moved: [] },
  },
  {
    verb: 'invoice',
    faulty: 'capture',
    prepare: authorized,
    ask: invoice,
    status: 'invoiced',
    moved: SHIPPED,
    without: { status: 'authorized', moved: ORDERED },
  },
  {
    verb: 'ship',
    faulty: 'ship',
    prepare: async (world) => {
      world.apruve.refuse(/shipments$/);
      const failed = await invoiced(world);
      world.apruve.refuse(null);
      return failed;
    },
    ask: ({ holdfast }, id) => holdfast.command(id, 'ship'),
    status: 'invoiced',
    moved: SHIPPED,
    without: { status: 'ship_failed', moved: INVOICED },
  },
  {
    verb: 'cancel',
    faulty: 'void',
    prepare: authorized,
    ask: ({ holdfast }, id) => holdfast.command(id, 'cancel'),
    status: 'cancelled',
    moved: [...ORDERED, `cancel ${TOTAL}`],
    without: null,
  },
  {
    verb: 'cancel-invoice',
    faulty: 'void',
    prepare: invoiced,
    ask: ({ holdfast }, id) => holdfast.command(id, 'cancel-invoice'),
    status: 'authorized',
    moved: [...SHIPPED, `cancel-invoice ${TOTAL}`],
    without: null,
  },
  {
    verb: 'return',
    faulty: 'refund',
    prepare: invoiced,
    ask: ({ holdfast }, id) => holdfast.command(id, 'refund', { amountMinor: 30_000 }),
    status: 'invoiced',
    moved: [...SHIPPED, 'return 30000'],
    without: { status: 'invoiced', moved: SHIPPED },
  },
];

const CASES = FAULTS.flatMap((fault) => OPERATIONS.map((operation) => ({ fault, ...operation })));
const isLost = ({ fault, without }: (typeof CASES)[number]): boolean =>
  LOST.has(fault) && without !== null;

describe.concurrent('a fault at Apruve', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  /** Meets the fault, and waits until nothing more happens by itself. */
  async function met(each: (typeof CASES)[number], end: string) {
    const integrationId = `apruve_${randomUUID().replaceAll('-', '')}`;
    const apruve = await createCredits(holdfast, { integrationId, settings: SETTINGS });
    const world = { holdfast, apruve };
    const before = await each.prepare(world);
    const { fault, faulty: operation } = each;
    const delayMs = fault === 'acts-late' ? DELAY_MS / 3 : DELAY_MS;
    await apruve.fault({ operation, fault, times: 1, delayMs });
    const { body } = await each.ask(world, before?.id ?? '');
    const id = before?.id ?? body.id;
    const isDone = ({ commands, status }: PaymentResource): boolean =>
      status === end && (end === 'parked' || commands.length > 0 || status === 'cancelled');
    const payment = await holdfast.until(id, isDone);
    expect(await apruve.simulate('faults'), 'the fault was met').toEqual([]);
    return { apruve, payment, world };
  }

  it.each(CASES.filter((each) => !isLost(each)))(
    '$fault on $verb ends where Apruve says, with one of each',
    async (each) => {
      const { apruve, payment } = await met(each, each.status);
      expect(await apruve.moved(payment)).toEqual(each.moved);
      const facts = await holdfast.facts(payment.id);
      expect(facts.filter((type) => /refused|absent/.test(type))).toEqual([]);
      await apruve.close();
    },
  );

  it.each(CASES.filter(isLost))(
    '$fault on $verb waits for a person, and is done once when it is asked for again',
    async (each) => {
      const { apruve, payment, world } = await met(each, 'parked');
      const { without } = each;
      expect(payment.needsAttention).toContain('Nobody knows');
      expect(await apruve.moved(payment)).toEqual(without?.moved);
      const resolved = await holdfast.request<PaymentResource>(
        'POST',
        `/v1/payments/${payment.id}/resolve`,
        {
          key: holdfast.keys.operator,
          body: { outcome: 'failed', reason: 'Not in the list at Apruve.' },
          headers: { 'idempotency-key': randomUUID() },
        },
      );
      expect([resolved.status, resolved.body.status]).toEqual([200, without?.status]);
      const again = await each.ask(world, payment.id);
      const done = await holdfast.until(again.body.id, ({ status }) => status === each.status);
      expect(await apruve.moved(done)).toEqual(each.moved);
      await apruve.close();
    },
  );
});
