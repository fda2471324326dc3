/**
 * What every adapter that takes cards must do, shown against its simulator. A new provider passes
 * this suite before anything else is written about it; what only it does has tests of its own.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createStage,
  type Fault,
  HOUR,
  type ProviderUnderTest,
  type Stage,
  TOTAL,
} from './provider.stage.ts';

export function describeCardProvider(name: string, setup: () => Promise<ProviderUnderTest>): void {
  let under: ProviderUnderTest;
  let on: Stage;
  beforeEach(async () => {
    under = await setup();
    on = createStage(under);
  });
  afterEach(() => under.stop());

  describe(`${name}: an authorization`, () => {
    it('holds the whole amount and names the payment', async () => {
      expect(await on.start()).toMatchObject({
        kind: 'approved',
        providerRef: expect.stringMatching(/./),
        amountMinor: TOTAL,
        captured: false,
        multicapture: under.multicapture,
      });
      expect(await on.moved()).toEqual([`authorize ${TOTAL}`]);
    });

    it('takes the whole amount when it is a sale', async () => {
      expect(await on.start(under.tokens.good, 'automatic')).toMatchObject({
        kind: 'approved',
        amountMinor: TOTAL,
        captured: true,
      });
      expect(await on.moved()).toEqual([`authorize ${TOTAL}`, `capture ${TOTAL}`]);
    });

    it('that the issuer declines is declined with a reason, and moves nothing', async () => {
      expect(await on.start(under.tokens.declined)).toMatchObject({
        kind: 'declined',
        decline: { code: expect.stringMatching(/./), message: expect.stringMatching(/./) },
      });
      expect(await on.moved()).toEqual([]);
    });

    it.each([
      {
        passes: true,
        found: { kind: 'approved', amountMinor: TOTAL },
        ledger: [`authorize ${TOTAL}`],
      },
      { passes: false, found: { kind: 'declined' }, ledger: [] },
    ])(
      'that asks the buyer waits, and is found when the buyer has acted ($passes)',
      async (each) => {
        const asked = await on.start(under.tokens.asksBuyer);
        if (asked.kind !== 'buyer_action') throw new Error(`not asked: ${asked.kind}`);
        expect(await on.moved()).toEqual([]);
        const { providerRef } = asked;
        const waiting = { ...on.authorization(), providerRef };
        expect(await on.inquireStart(waiting, under.tokens.asksBuyer)).toMatchObject({
          kind: 'buyer_action',
          providerRef,
        });
        await under.actAsBuyer(asked.nextAction.url, each.passes);
        const found = await on.inquireStart(waiting, under.tokens.asksBuyer);
        expect(found).toMatchObject({ ...each.found, providerRef });
        expect(await on.moved()).toEqual(each.ledger);
      },
    );

    it('is refused, and nothing moves, when the credentials are wrong', async () => {
      const effect = on.authorization();
      const { withWrongCredentials } = under;
      expect(
        await withWrongCredentials.authorize(
          effect,
          on.terms(under.tokens.good),
          on.callFor(effect),
        ),
      ).toMatchObject({ kind: 'refused', fault: 'credentials' });
      expect(await on.moved()).toEqual([]);
    });

    it('is unknown when the provider answers with a status that nobody documented', async () => {
      const effect = on.authorization();
      const { withUnknownStatus } = under;
      const outcome = await withUnknownStatus.authorize(
        effect,
        on.terms(under.tokens.good),
        on.callFor(effect),
      );
      expect(outcome).toMatchObject({ kind: 'unknown' });
    });
  });

  describe(`${name}: a hold`, () => {
    it('is captured whole', async () => {
      expect(await on.capture(on.captureOf(await on.hold(), TOTAL))).toEqual({ kind: 'approved' });
      expect(await on.moved()).toEqual([`authorize ${TOTAL}`, `capture ${TOTAL}`]);
    });

    it('is captured in part, and a final capture releases the rest', async () => {
      expect(await on.capture(on.captureOf(await on.hold(), 6_000))).toEqual({ kind: 'approved' });
      expect(await on.moved()).toEqual([`authorize ${TOTAL}`, 'capture 6000', 'void 4500']);
    });

    it('is captured part by part where the provider allows it', async ({ skip }) => {
      skip(!under.multicapture);
      const ref = await on.hold();
      const first = on.captureOf(ref, 6_000, { final: false });
      const second = on.captureOf(ref, 3_000, { capturedMinor: 6_000, ordinal: 2 });
      expect(await on.capture(first)).toEqual({ kind: 'approved' });
      expect(await on.capture(second)).toEqual({ kind: 'approved' });
      expect(await on.moved()).toEqual([
        `authorize ${TOTAL}`,
        'capture 6000',
        'capture 3000',
        'void 1500',
      ]);
    });

    it('is released', async () => {
      expect(await on.release(on.voidOf(await on.hold()))).toEqual({ kind: 'approved' });
      expect(await on.moved()).toEqual([`authorize ${TOTAL}`, `void ${TOTAL}`]);
    });

    it('is released as to what a part has left', async ({ skip }) => {
      skip(!under.multicapture);
      const ref = await on.hold();
      await on.capture(on.captureOf(ref, 6_000, { final: false }));
      expect(await on.release(on.voidOf(ref, 6_000))).toEqual({ kind: 'approved' });
      expect(await on.moved()).toEqual([`authorize ${TOTAL}`, 'capture 6000', 'void 4500']);
    });

    it('is not captured above its amount', async () => {
      const outcome = await on.capture(on.captureOf(await on.hold(), TOTAL + 100));
      expect(outcome.kind).toMatch(/^(refused|declined)$/);
      expect(await on.moved()).toEqual([`authorize ${TOTAL}`]);
    });

    it('that has lapsed is known to have lapsed, and not before', async () => {
      const providerRef = await on.hold();
      const question = { type: 'picture', providerRefs: [providerRef], currency: 'EUR' } as const;
      const look = () => under.provider.look(question, on.callFor({ operationId: '' }));
      expect(await look()).toMatchObject({ kind: 'seen', pictures: [{ heldMinor: TOTAL }] });
      await on.admin('clock', { advanceMs: 60 * 24 * HOUR });
      expect(await look()).toMatchObject({
        kind: 'seen',
        pictures: [{ authorizedMinor: TOTAL, heldMinor: 0, capturedMinor: 0, endedBy: 'time' }],
      });
    });
  });

  describe(`${name}: captured money`, () => {
    it('is given back in parts, up to all of it and no further', async () => {
      const ref = await on.sale();
      expect(await on.refund(on.refundOf(ref, 1_000))).toMatchObject({ kind: 'approved' });
      expect(await on.refund(on.refundOf(ref, 9_500, 2))).toMatchObject({ kind: 'approved' });
      const more = await on.refund(on.refundOf(ref, 100, 3));
      expect(more.kind).toMatch(/^(refused|declined)$/);
      expect((await on.moved()).slice(2)).toEqual(['refund 1000', 'refund 9500']);
    });

    it('that is given back later is pending until it was', async ({ skip }) => {
      const { slowRefund } = under.tokens;
      skip(slowRefund === undefined);
      const effect = on.refundOf(await on.sale(slowRefund), 1_000);
      expect(await on.refund(effect)).toMatchObject({ kind: 'pending' });
      expect(await on.inquire(effect)).toMatchObject({ kind: 'pending' });
      await on.admin('clock', { advanceMs: 24 * HOUR });
      expect(await on.inquire(effect)).toMatchObject({ kind: 'approved' });
    });
  });

  describe(`${name}: an operation`, () => {
    /** Each operation, what went before it, and what it alone moves. */
    const OPERATIONS = {
      authorize: { moves: [`authorize ${TOTAL}`] },
      sale: { moves: [`authorize ${TOTAL}`, `capture ${TOTAL}`] },
      capture: { moves: ['capture 6000', 'void 4500'] },
      void: { moves: [`void ${TOTAL}`] },
      refund: { moves: ['refund 1000'] },
    } as const;
    const NAMES = Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[];

    /** Prepares what `operation` needs; returns ways to do it and to ask about it. */
    async function prepared(operation: keyof typeof OPERATIONS) {
      switch (operation) {
        case 'authorize':
        case 'sale': {
          const mode = operation === 'sale' ? 'automatic' : 'manual';
          const act = () => on.start(under.tokens.good, mode);
          return { act, ask: () => on.inquireStart(on.authorization(mode)) };
        }
        case 'capture': {
          const effect = on.captureOf(await on.hold(), 6_000);
          return { act: () => on.capture(effect), ask: () => on.inquire(effect) };
        }
        case 'void': {
          const effect = on.voidOf(await on.hold());
          return { act: () => on.release(effect), ask: () => on.inquire(effect) };
        }
        case 'refund': {
          const effect = on.refundOf(await on.sale(), 1_000);
          return { act: () => on.refund(effect), ask: () => on.inquire(effect) };
        }
      }
    }
    const since = async (before: readonly string[]) => (await on.moved()).slice(before.length);

    it.each(NAMES)('sent twice with its key has one effect: %s', async (operation) => {
      const { act } = await prepared(operation);
      const before = await on.moved();
      const first = await act();
      expect(await act()).toEqual(first);
      expect(first.kind).toBe('approved');
      expect(await since(before)).toEqual(OPERATIONS[operation].moves);
    });

    const LOST: Fault[] = ['drop-after', 'status-500-after', 'garbage-after'];
    it.each(NAMES.flatMap((operation) => LOST.map((fault) => [operation, fault] as const)))(
      'whose answer was lost is unknown, and is found: %s, %s',
      async (operation, fault) => {
        const { act, ask } = await prepared(operation);
        const before = await on.moved();
        await on.breakNext(operation, fault);
        expect(await act()).toMatchObject({ kind: 'unknown' });
        expect(await ask()).toMatchObject({ kind: 'approved' });
        expect(await since(before)).toEqual(OPERATIONS[operation].moves);
      },
    );

    it.each(NAMES)('that never arrived is done when asked about, once: %s', async (operation) => {
      const { act, ask } = await prepared(operation);
      const before = await on.moved();
      await on.breakNext(operation, 'drop-before');
      expect(await act()).toMatchObject({ kind: 'unknown' });
      expect(await ask()).toMatchObject({ kind: 'approved' });
      expect(await ask()).toMatchObject({ kind: 'approved' });
      expect(await since(before)).toEqual(OPERATIONS[operation].moves);
    });

    it.each(NAMES)(
      'that never was is absent when it is too late to do it: %s',
      async (operation) => {
        const { ask } = await prepared(operation);
        const before = await on.moved();
        on.later(365 * 24 * HOUR);
        expect(await ask()).toEqual({ kind: 'absent', reason: expect.any(String) });
        expect(await since(before)).toEqual([]);
      },
    );

    it.each(NAMES)('that may not be asked now was not done: %s', async (operation) => {
      const { act } = await prepared(operation);
      const before = await on.moved();
      await on.breakNext(operation, 'rate-limited');
      await expect(act()).rejects.toMatchObject({ name: 'ProviderNotReached' });
      expect(await since(before)).toEqual([]);
    });

    it.each(['capture', 'void', 'refund'] as const)(
      'is refused, and moves nothing, when the credentials are wrong: %s',
      async (operation) => {
        const ref = operation === 'refund' ? await on.sale() : await on.hold();
        const before = await on.moved();
        const { withWrongCredentials: wrong } = under;
        const effects = {
          capture: on.captureOf(ref, TOTAL),
          void: on.voidOf(ref),
          refund: on.refundOf(ref, 1),
        };
        const ask = {
          capture: () => wrong.capture(effects.capture, on.callFor(effects.capture)),
          void: () => wrong.void(effects.void, on.callFor(effects.void)),
          refund: () => wrong.refund(effects.refund, on.callFor(effects.refund)),
        };
        expect(await ask[operation]()).toMatchObject({ kind: 'refused', fault: 'credentials' });
        expect(await since(before)).toEqual([]);
      },
    );

    it('leaves one exchange per call as evidence, without the credentials', async () => {
      await on.capture(on.captureOf(await on.hold(), TOTAL));
      expect(on.kept.length).toBeGreaterThanOrEqual(2);
      for (const exchange of on.kept) {
        expect(exchange).toMatchObject({ status: 200, requestId: expect.stringMatching(/./) });
      }
      expect(JSON.stringify(on.kept)).not.toMatch(/secret|bearer/i);
    });

    it('that gives a payment up finds it when the buyer had paid before', async () => {
      const mode = 'automatic';
      const asked = await on.start(under.tokens.asksBuyer, mode);
      if (asked.kind !== 'buyer_action') throw new Error(`not asked: ${asked.kind}`);
      await under.actAsBuyer(asked.nextAction.url, true);
      const effect = on.voidOf(asked.providerRef, 0, 0);
      expect((await on.release(effect)).kind).not.toBe('approved');
      expect(await on.inquire(effect)).toEqual({
        kind: 'sale_found',
        providerRef: asked.providerRef,
        amountMinor: TOTAL,
      });
      expect(await on.moved()).toEqual([`authorize ${TOTAL}`, `capture ${TOTAL}`]);
    });
  });
}
