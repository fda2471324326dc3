/** Everything that a network does between Holdfast and InfinitePay, on every operation. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, type FaultName } from '../../activities/providers/shared/simulator-faults.ts';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const CAPTURED = [`reserve ${TOTAL}`, `capture ${TOTAL}`];
const GUARANTEED = [...CAPTURED, `activate ${TOTAL}`];

/** What precedes the operation, how it is asked for, and what it leaves at InfinitePay, once. */
const CASES = [
  {
    operation: 'reserve',
    call: 'reserveOrder',
    before: [],
    body: {},
    status: 'reserved',
    moved: [`reserve ${TOTAL}`],
    blocked: TOTAL,
  },
  {
    operation: 'modify',
    call: 'modifyReservedOrder',
    before: [],
    body: { amountMinor: 90_000 },
    status: 'reserved',
    moved: [`reserve ${TOTAL}`, `release ${TOTAL - 90_000}`],
    blocked: 90_000,
  },
  {
    operation: 'capture',
    call: 'captureOrder',
    before: [],
    body: {},
    status: 'captured',
    moved: CAPTURED,
    blocked: TOTAL,
  },
  {
    operation: 'activate',
    call: 'activateOrder',
    before: ['capture'],
    body: {},
    status: 'guaranteed',
    moved: GUARANTEED,
    blocked: TOTAL,
  },
  {
    operation: 'cancel',
    call: 'cancelOrder',
    before: ['capture'],
    body: {},
    status: 'cancelled',
    moved: [...CAPTURED, `cancel ${TOTAL}`, `release ${TOTAL}`],
    blocked: 0,
  },
  {
    operation: 'apply',
    call: 'applyTransactionOnActivatedOrder',
    before: ['capture', 'activate'],
    body: { amountMinor: 40_000 },
    status: 'guaranteed',
    moved: [...GUARANTEED, 'paid 40000', 'release 40000'],
    blocked: TOTAL - 40_000,
  },
] as const;
type Case = (typeof CASES)[number];

const FAULTY = CASES.flatMap((each) =>
  FAULTS.map((fault) => ({ ...each, fault, name: `${fault} on ${each.operation}` })),
);

/** Longer than the integration waits for an answer, shorter than its patience. */
const DELAY_MS = 700;
const SETTINGS = { timeoutMs: 350, policy: { inquireWithinMs: 20_000 } };

/** Told twice it would count twice, and InfinitePay shows the same as before: a person has to say. */
const cannotBeTold = ({ operation }: Case, fault: FaultName): boolean =>
  operation === 'apply' && (fault === 'drop-before' || fault === 'status-500-before');

let holdfast: Holdfast;
let count = 0;
beforeAll(async () => {
  holdfast = await createHoldfast();
});
afterAll(() => holdfast.close());

/** An InfinitePay of its own for one payment, so that each meets its own fault. */
async function withOwn(
  settings: Record<string, unknown>,
  act: (infinitepay: Guarantees) => Promise<void>,
): Promise<void> {
  count += 1;
  const infinitepay = await createGuarantees(holdfast, settings, `infinitepay_${count}`);
  await act(infinitepay);
  await infinitepay.close();
}

const pathOf = (operation: Case['operation']): string =>
  operation === 'apply' ? 'receipts' : operation;

/** Brings an order to where the operation begins, arms what `arm` says, and asks for it. */
async function ask(
  infinitepay: Guarantees,
  { before, body: terms, operation }: Case,
  arm: () => Promise<unknown>,
): Promise<PaymentResource> {
  if (operation === 'reserve') {
    await arm();
    return (await infinitepay.start()).body;
  }
  const { body } = await infinitepay.start();
  for (const verb of before) await holdfast.command(body.id, verb);
  await arm();
  await holdfast.command(body.id, pathOf(operation), terms, { prefer: 'wait=1' });
  return body;
}

/** How often InfinitePay received the call. */
async function received(infinitepay: Guarantees, call: string): Promise<number> {
  const all = (await infinitepay.simulate('requests')) as { body: string }[];
  return all.filter(({ body }) => body.includes(`${call}>`)).length;
}

describe.concurrent('a fault at InfinitePay', () => {
  it.each(FAULTY)('$name: once there, and Holdfast says what is there', async (each) => {
    const { fault, operation } = each;
    const isParked = cannotBeTold(each, fault);
    const policy = { inquireWithinMs: isParked ? 1_200 : 20_000 };
    await withOwn({ ...SETTINGS, policy }, async (infinitepay) => {
      const payment = await ask(infinitepay, each, () =>
        infinitepay.fault({ operation, fault, times: 1, delayMs: DELAY_MS }),
      );
      const isDone = (p: PaymentResource) =>
        isParked
          ? p.status === 'parked'
          : p.status === each.status &&
            (operation !== 'modify' || p.amounts.authorized === 90_000) &&
            (operation !== 'apply' || p.amounts.captured === 40_000);
      const done = await holdfast.until(payment.id, isDone);
      if (fault === 'acts-late') {
        // It comes after all: what was sent again, and then itself.
        const times = operation === 'apply' ? 1 : 2;
        await expect.poll(() => received(infinitepay, each.call), { timeout: 10_000 }).toBe(times);
      }
      expect(await infinitepay.simulate('faults'), 'the fault was met').toEqual([]);
      const moved = isParked ? GUARANTEED : each.moved;
      expect(await infinitepay.moved(payment)).toEqual(moved);
      expect(await infinitepay.blocked(payment)).toBe(isParked ? TOTAL : each.blocked);
      const { authorized, captured, voided } = done.amounts;
      expect(authorized - captured - voided).toBe(each.blocked);
      // Nobody was told of a no that nobody had said.
      const facts = await holdfast.facts(payment.id);
      expect(facts.filter((type) => /declined|refused|absent/.test(type))).toEqual([]);
      expect(done.needsAttention === null).toBe(!isParked);
    });
  });

  it.each(FAULTS)(
    '%s on the question about a capture changes nothing but the time',
    async (fault) => {
      const capture = CASES[2];
      await withOwn(SETTINGS, async (infinitepay) => {
        const payment = await ask(infinitepay, capture, async () => {
          await infinitepay.fault({ operation: 'capture', fault: 'drop-after', times: 1 });
          await infinitepay.fault({ operation: 'inquire', fault, times: 1, delayMs: DELAY_MS });
        });
        await holdfast.until(payment.id, ({ status }) => status === 'captured');
        expect(await infinitepay.simulate('faults'), 'the fault was met').toEqual([]);
        expect(await infinitepay.moved(payment)).toEqual(CAPTURED);
        expect(await received(infinitepay, capture.call)).toBe(1);
      });
    },
  );

  it.each(CASES)('that never ends parks the $operation, and wrong is nothing', async (each) => {
    const policy = { inquireWithinMs: 1_200 };
    await withOwn({ ...SETTINGS, policy }, async (infinitepay) => {
      const { operation } = each;
      const payment = await ask(infinitepay, each, async () => {
        await infinitepay.fault({ operation, fault: 'garbage-after', times: 1 });
        await infinitepay.fault({ operation: 'inquire', fault: 'status-500-before', times: 99 });
      });
      const parked = await holdfast.until(payment.id, ({ status }) => status === 'parked');
      expect(parked.decline).toBeNull();
      expect(parked.needsAttention).toContain('Nobody knows whether');
      expect(parked.commands).toEqual(
        expect.arrayContaining([{ verb: 'recheck' }, { verb: 'resolve' }]),
      );
      expect(await infinitepay.moved(payment)).toEqual(each.moved);
      await infinitepay.clearFaults();
      expect((await infinitepay.operate(payment, 'recheck')).status).toBe(200);
      const found = await holdfast.until(payment.id, ({ status }) => status === each.status);
      const { authorized, captured, voided } = found.amounts;
      expect([authorized - captured - voided, found.needsAttention]).toEqual([each.blocked, null]);
      expect(await infinitepay.moved(payment)).toEqual(each.moved);
    });
  });
});
