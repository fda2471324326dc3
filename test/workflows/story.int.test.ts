import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { newsOf } from '../support/news.ts';

const HOLD_MS = 16_000;

describe('a payment through 3DS, hold warning, re-authorization, two captures and a refund', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({
      webhooks: true,
      holdMs: HOLD_MS,
      settings: {
        policy: { onHoldEnding: 'reauthorize', warnBeforeMs: HOLD_MS - 4_000, actBeforeMs: 10_000 },
      },
    });
  });
  afterAll(() => holdfast.close());

  /** Every event of every run of the payment, oldest run first. */
  async function historyOf(id: string) {
    const runs: string[] = [];
    const query = `WorkflowId = '${id}'`;
    for await (const run of holdfast.temporal.workflow.list({ query })) runs.push(run.runId);
    const histories = await Promise.all(
      runs.map((runId) => holdfast.temporal.workflow.getHandle(id, runId).fetchHistory()),
    );
    return {
      runs: runs.length,
      events: histories.toReversed().flatMap(({ events }) => events ?? []),
    };
  }

  it('reads like a story in fewer than 100 events', async () => {
    const { body } = await holdfast.start({
      // Asks its buyer once, and not again when the hold is renewed without them.
      paymentToken: 'pm_card_authenticationRequiredOnSetup',
      returnUrl: 'https://shop.example/back',
    });
    expect(body.status).toBe('awaiting_buyer');
    await holdfast.atDashboard('pay', body.id);
    // Heard by the webhook; the return beside it is `return-race.int.test.ts`.
    await holdfast.until(body.id, ({ status }) => status === 'authorized');
    const returned = await holdfast.request('GET', `/return/${body.id}`, { key: null });
    expect(returned.status).toBe(303);
    await holdfast.until(
      body.id,
      ({ amounts, status: now }) =>
        now === 'authorized' && amounts.authorized === 21_000 && amounts.voided === 10_500,
    );
    const first = await holdfast.command(body.id, 'capture', { amountMinor: 4_000, final: false });
    const second = await holdfast.command(body.id, 'capture', { amountMinor: 6_500 });
    const refunded = await holdfast.command(body.id, 'refund', { amountMinor: 2_500 });
    expect([first, second, refunded].map((answer) => [answer.status, answer.body.status])).toEqual([
      [200, 'partially_captured'],
      [200, 'captured'],
      [200, 'partially_refunded'],
    ]);
    // Its own news comes too, and is no part of the story.
    const news = newsOf(holdfast);
    await expect
      .poll(
        async () => {
          await news.sweep();
          return (await news.kept(`&payment=${body.id}&state=waiting`)).length;
        },
        { timeout: 20_000 },
      )
      .toBe(0);

    const facts = await holdfast.facts(body.id);
    const asked = new Set(['inquiry.due', 'inquiry.inconclusive', 'news.received']);
    expect(facts.filter((type) => !asked.has(type))).toEqual([
      'payment.requested',
      'buyer.action_required',
      'authorization.approved',
      'hold.ending',
      'hold.policy_due',
      'reauthorization.approved',
      'void.succeeded',
      'capture.requested',
      'capture.succeeded',
      'capture.requested',
      'capture.succeeded',
      'refund.requested',
      'refund.succeeded',
    ]);

    const { events, runs } = await historyOf(body.id);
    const summaries = events.flatMap((event) => {
      const isScheduled =
        (event.activityTaskScheduledEventAttributes ?? null) !== null ||
        (event.timerStartedEventAttributes ?? null) !== null;
      const payload = event.userMetadata?.summary ?? null;
      return isScheduled
        ? [payload === null ? '' : defaultPayloadConverter.fromPayload<string>(payload)]
        : [];
    });
    console.info(`${events.length} events in ${runs} runs:`, summaries);
    // Each in words, without a name of the code's.
    for (const summary of summaries) expect(summary).toMatch(/^[A-Z][^_{}]{5,}$/);
    const steps = [
      /^Authorize EUR 105\.00$/,
      /^Ask what became of: authorize$/,
      /hold is about to end: tell people/,
      /^Renew the hold of EUR 105\.00$/,
      /^Release the replaced hold of EUR 105\.00$/,
      /^Capture EUR 40\.00$/,
      /^Capture EUR 65\.00$/,
      /^Refund EUR 25\.00$/,
    ];
    const places = steps.map((step) => summaries.findIndex((summary) => step.test(summary)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(events.length).toBeLessThan(100);
  });
});
