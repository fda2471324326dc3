/** Lists that end in the middle, providers that are down, workers that die, and the night. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CardProvider } from '../../activities/providers/provider.ts';
import { cardProviderOf } from '../../activities/providers/registry.ts';
import { type Books, createBooks } from '../support/reconcile.ts';

describe('a comparison of books that meets trouble', () => {
  let books: Books;
  let altered: (real: CardProvider) => Partial<CardProvider>;
  beforeEach(async () => {
    altered = () => ({});
    books = await createBooks({
      instead: {
        providerOf: (integration) => {
          const real = cardProviderOf(integration);
          return { ...real, ...altered(real) };
        },
      },
    });
  });
  afterEach(() => books.close());

  const create = () => books.simulate('dashboard/create', { amountMinor: 7_000, currency: 'EUR' });

  it.each(['drop-before', 'garbage-after', 'status-500-before', 'rate-limited'])(
    'reports nothing false while the provider answers with %s, and ends well after it',
    async (fault) => {
      await books.pay({ capture: 'automatic' });
      const held = await books.pay();
      await books.atDashboard('capture', held.id);
      await books.fault({ operation: 'inquire', fault, times: 2 });
      expect(await books.reconcile()).toMatchObject({ listed: 2, different: 1, unread: 0 });
      expect(await books.kinds()).toEqual(['capture_differs']);
      await books.until(held.id, ({ status }) => status === 'captured');
    },
  );

  it('says nothing of a payment that cannot be read, and keeps no other waiting for it', async () => {
    const unreadable = await books.pay();
    const held = await books.pay();
    await books.atDashboard('capture', unreadable.id);
    await books.atDashboard('capture', held.id);
    const { rows } = await books.pool.query<{ ref: string }>(
      'select provider_ref as ref from payments where id = $1',
      [unreadable.id],
    );
    const ref = rows[0]!.ref;
    altered = (real) => ({
      look: async (question, call) =>
        question.providerRefs.includes(ref)
          ? { kind: 'inconclusive', reason: 'a status that nobody knows' }
          : real.look(question, call),
    });
    expect(await books.reconcile()).toMatchObject({ unread: 1 });
    expect((await books.findings()).map(({ paymentId }) => paymentId)).toEqual([held.id]);
    altered = () => ({});
    expect(await books.reconcile()).toMatchObject({ different: 1, unread: 0, resolved: 1 });
  });

  it('reads more than a page, and begins again when its worker dies between two', async () => {
    const held = await books.pay();
    await books.atDashboard('capture', held.id);
    const strangers = 101;
    for (let count = 0; count < strangers; count += 1) await create();
    let deaths = 0;
    const pages: number[] = [];
    altered = (real) => ({
      listPayments: async function* (window, call) {
        for await (const page of real.listPayments(window, call)) {
          pages.push(page.length);
          yield page;
          if (deaths > 0) continue;
          deaths += 1;
          throw new Error('the worker died here');
        }
      },
    });
    const found = strangers + 1;
    expect(await books.reconcile()).toMatchObject({ listed: found, different: found });
    expect(pages).toEqual([100, 100, 2]);
    const count = async () =>
      (await books.pool.query<{ count: string }>('select count(*) from findings')).rows[0]?.count;
    expect(await count()).toBe(String(found));
    await books.until(held.id, ({ status }) => status === 'captured');
    expect(await books.reconcile()).toMatchObject({ different: strangers, resolved: 1 });
    expect(await count()).toBe(String(found));
  });

  it('calls nothing missing when the list breaks off', async () => {
    await books.pay({ capture: 'automatic' });
    let attempts = 0;
    altered = (real) => ({
      listPayments: async function* (window, call) {
        attempts += 1;
        if (attempts > 1) yield* real.listPayments(window, call);
        else throw new Error('no second page');
      },
      look: async () => {
        throw new Error('nothing was to be looked at');
      },
    });
    expect(await books.reconcile()).toMatchObject({ listed: 1, different: 0 });
    expect(attempts).toBe(2);
  });

  it('leaves a payment alone whose own operation ends between the two readings', async () => {
    const { id } = await books.pay();
    altered = (real) => ({
      listPayments: async function* (window, call) {
        for await (const page of real.listPayments(window, call)) {
          await books.command(id, 'capture');
          yield page;
        }
      },
      look: async (question, call) => {
        const looked = await real.look(question, call);
        await books.command(id, 'refund');
        return looked;
      },
    });
    expect(await books.reconcile()).toMatchObject({ different: 0, moving: 1 });
    expect(await books.findings()).toEqual([]);
  });

  it('leaves a payment alone while it asks what became of its operation', async () => {
    const { id } = await books.pay();
    await books.fault({ operation: 'capture', fault: 'drop-after', times: 1 });
    altered = () => ({
      inquireOperation: async () => ({ kind: 'inconclusive', reason: 'no answer' }),
    });
    await books.command(id, 'capture', {}, { prefer: 'wait=0' });
    await books.until(id, ({ status }) => status === 'inquiring');
    expect(await books.reconcile()).toMatchObject({ different: 0, moving: 1 });
    altered = () => ({});
    await books.until(id, ({ status }) => status === 'captured');
    expect(await books.reconcile()).toMatchObject({ different: 0, moving: 0 });
  });
});

describe('the night', () => {
  let books: Books;
  beforeEach(async () => {
    books = await createBooks();
  });
  afterEach(async () => {
    for await (const { scheduleId } of books.temporal.schedule.list()) {
      if (scheduleId.endsWith(books.integration)) {
        await books.temporal.schedule.getHandle(scheduleId).delete();
      }
    }
    await books.close();
  });

  const sweep = () =>
    books.temporal.workflow.execute<() => Promise<{ scheduled: number; failed: number }>>(
      'sweepPayments',
      { taskQueue: books.taskQueue, workflowId: `sweep-${books.integration}` },
    );

  it('has each integration compared once, which the sweep makes sure of', async () => {
    await books.simulate('dashboard/create', { amountMinor: 7_000, currency: 'EUR' });
    expect((await sweep()).scheduled).toBeGreaterThanOrEqual(1);
    expect(await sweep()).toMatchObject({ scheduled: 0, failed: 0 });
    const schedule = books.temporal.schedule.getHandle(`reconcile-${books.integration}`);
    const { spec, policies } = await schedule.describe();
    expect(policies.overlap).toBe('SKIP');
    expect(spec.calendars).toHaveLength(1);

    await books.pool.query(`update payments set updated_at = now() - interval '1 hour'`);
    await schedule.trigger();
    const run = books.temporal.workflow.getHandle(`reconcile-${books.integration}`);
    await expect
      .poll(() => run.describe().catch(() => null), { timeout: 20_000 })
      .toMatchObject({ type: 'reconcileIntegration' });
    // What was made a moment ago is still moving, for the night.
    expect(await run.result()).toMatchObject({ listed: 1, different: 0, moving: 1 });
  });

  it('joins a comparison that somebody has asked for', async () => {
    const ask = () =>
      books.request<{ workflowId: string; runId: string }>(
        'POST',
        `/v1/integrations/${books.integration}/reconcile`,
        { key: books.keys.operator },
      );
    const [first, second] = [await ask(), await ask()];
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body).toEqual(first.body);
    const nightly = await books.temporal.workflow.execute('reconcileNightly', {
      workflowId: `nightly-${books.integration}`,
      taskQueue: books.taskQueue,
      args: [{ integrationId: books.integration }],
    });
    expect(nightly).toBeNull();
    const run = books.temporal.workflow.getHandle(first.body.workflowId, first.body.runId);
    expect(await run.result()).toMatchObject({ different: 0 });
  });
});
