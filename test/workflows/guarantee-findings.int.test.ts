/** What went wrong with guaranteed invoices elsewhere, each as the guarantee that it does not here. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  SIMULATED_CREDENTIALS,
  type InfinitePaySimulator,
} from '../../activities/providers/infinitepay/simulator.ts';
import { buyerWho, createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const DAY = 86_400_000;

let holdfast: Holdfast;
let count = 0;
beforeAll(async () => {
  holdfast = await createHoldfast();
});
afterAll(() => holdfast.close());

/** Asked at once and after 1, 3 and 8 seconds: three answers that say nothing take longer than the
 *  four seconds that a payment may take to start. */
const UNTIL_LATE = { operation: 'inquire', fault: 'status-500-before', times: 3 };

/** An InfinitePay of its own for each test: faults strike whoever comes next. */
async function withOwn(
  settings: Record<string, unknown>,
  act: (infinitepay: Guarantees, id: string) => Promise<void>,
): Promise<void> {
  count += 1;
  const id = `infinitepay_${count}`;
  const infinitepay = await createGuarantees(holdfast, settings, id);
  await act(infinitepay, id);
  await infinitepay.close();
}

const calls = async ({ simulate }: Guarantees, name: string): Promise<number> =>
  ((await simulate('requests')) as { body: string }[]).filter(({ body }) => body.includes(name))
    .length;

const only = ({ state }: InfinitePaySimulator) => [...state.orders.values()];

describe.concurrent('a guaranteed payment', () => {
  it('a timed-out reservation is not a decline: InfinitePay is asked, and it goes on', async () =>
    withOwn({ timeoutMs: 300 }, async (infinitepay) => {
      await infinitepay.fault({ operation: 'reserve', fault: 'delay', times: 1, delayMs: 900 });
      const { body } = await infinitepay.start();
      expect([body.status, body.decline]).toEqual(['reserved', null]);
      expect(await calls(infinitepay, 'checkStatusOrder>')).toBeGreaterThan(0);
      expect(await infinitepay.moved(body)).toEqual([`reserve ${TOTAL}`]);
    }));

  it('a reservation that is found too late is cancelled, and blocks no limit', async () => {
    const policy = { startWithinMs: 4_000, inquireWithinMs: 20_000, onLateMoney: 'void' };
    await withOwn({ policy, autoCapture: true }, async (infinitepay) => {
      await infinitepay.fault({ operation: 'reserve', fault: 'drop-after', times: 1 });
      await infinitepay.fault(UNTIL_LATE);
      const { body } = await infinitepay.start();
      const over = await holdfast.until(body.id, ({ status }) => status === 'cancelled');
      expect(over.amounts).toMatchObject({ authorized: TOTAL, voided: TOTAL });
      expect(await infinitepay.blocked(body)).toBe(0);
      expect(await infinitepay.moved(body)).not.toContain(`capture ${TOTAL}`);
    });
  });

  it('a reservation that nobody waits for any more is not begun, and not forgotten', async () => {
    const policy = { startWithinMs: 4_000, inquireWithinMs: 10_000 };
    await withOwn({ policy, timeoutMs: 800 }, async (infinitepay) => {
      await infinitepay.fault({ operation: 'reserve', fault: 'drop-before', times: 1 });
      await infinitepay.fault(UNTIL_LATE);
      const { body } = await infinitepay.start();
      const parked = await holdfast.until(body.id, ({ status }) => status === 'parked');
      expect(parked.needsAttention).toContain("it may block the buyer's limit");
      expect(only(infinitepay.simulator)).toEqual([]);
    });
  });

  it('a wrong password is a no that operators are told of, and nothing moves', async () =>
    withOwn({}, async (infinitepay, id) => {
      const { settings } = await holdfast.deps.integrations.version(id, 1);
      await holdfast.deps.integrations.save({
        id,
        accountId: 'main',
        provider: 'infinitepay',
        mode: 'test',
        baseUrl: infinitepay.url,
        settings,
        credentials: { ...SIMULATED_CREDENTIALS, password: 'another' },
        enabled: true,
      });
      const { body } = await infinitepay.start();
      expect([body.status, body.decline?.verb]).toEqual(['declined', 'reserve']);
      expect(body.needsAttention).toContain("does not accept the integration's credentials");
      expect(only(infinitepay.simulator)).toEqual([]);
    }));

  it('an order goes on to the end when its integration is disabled', async () =>
    withOwn({}, async (infinitepay, id) => {
      const { body } = await infinitepay.start();
      const { settings } = await holdfast.deps.integrations.version(id, 1);
      await holdfast.deps.integrations.save({
        id,
        accountId: 'main',
        provider: 'infinitepay',
        mode: 'test',
        baseUrl: 'http://127.0.0.1:9',
        settings,
        credentials: SIMULATED_CREDENTIALS,
        enabled: false,
      });
      expect((await infinitepay.start()).status).toBeGreaterThanOrEqual(400);
      await holdfast.command(body.id, 'capture');
      expect((await holdfast.command(body.id, 'activate')).body.status).toBe('guaranteed');
    }));

  it('an order that stays reserved has a date on which somebody is told', async () =>
    withOwn({ activateWithinDays: 5 }, async (infinitepay) => {
      const { body } = await infinitepay.start();
      const inMs = Date.parse(body.deadline?.at ?? '') - Date.parse(body.createdAt);
      expect([body.deadline?.event, Math.round(inMs / DAY)]).toEqual(['reservation.aged', 5]);
    }));

  it('a capture that InfinitePay never manages is parked, with the limit on the books', async () => {
    const policy = { inquireWithinMs: 1_500 };
    await withOwn({ policy }, async (infinitepay) => {
      const { body } = await infinitepay.start({ buyer: buyerWho('fault-capture') });
      await holdfast.command(body.id, 'capture', {}, { prefer: 'wait=0' });
      const parked = await holdfast.until(body.id, ({ status }) => status === 'parked');
      expect(parked.decline).toBeNull();
      expect(parked.amounts).toMatchObject({ authorized: TOTAL, captured: 0, voided: 0 });
      expect(await infinitepay.blocked(body)).toBe(TOTAL);
    });
  });

  it('a change that arrives after the one that followed it is seen at the capture', async () =>
    withOwn({ timeoutMs: 300 }, async (infinitepay) => {
      const { body } = await infinitepay.start();
      const late = { operation: 'modify', fault: 'acts-late', times: 1, delayMs: 1_500 };
      await infinitepay.fault(late);
      await holdfast.command(body.id, 'modify', { amountMinor: 80_000 });
      await holdfast.command(body.id, 'modify', { amountMinor: 90_000 });
      expect((await holdfast.get(body.id)).amounts.authorized).toBe(90_000);
      const overtaken = () => expect(only(infinitepay.simulator)[0]?.amountMinor).toBe(80_000);
      await vi.waitFor(overtaken, { timeout: 10_000 });
      const { body: refused } = await holdfast.command(body.id, 'capture');
      expect([refused.status, refused.decline?.code]).toEqual(['reserved', 'SIM_AMOUNT']);
      await holdfast.command(body.id, 'modify', { amountMinor: 90_000 });
      expect((await holdfast.command(body.id, 'capture')).body.status).toBe('captured');
      expect(await infinitepay.blocked(body)).toBe(90_000);
    }));
});
