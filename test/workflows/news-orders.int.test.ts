/**
 * Real events of real stories, through the real route, Temporal and the simulator: a sample of the
 * orders that `test/machines/card/card.news-orders.int.test.ts` goes through against the chart.
 */
import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { newsOf, type StripeEvent } from '../support/news.ts';

type Step = readonly [action: string, terms?: Record<string, unknown>];
type Story = {
  readonly name: string;
  readonly capture: 'manual' | 'automatic';
  readonly atStripe: readonly Step[];
  /** The events that are told, at most five, as they were said. */
  readonly told: readonly string[];
};

const STORIES: readonly Story[] = [
  {
    name: 'captured in part, refunded, and the refund fails',
    capture: 'manual',
    atStripe: [
      ['capture', { amountMinor: 9_000 }],
      ['refund', { amountMinor: 2_000 }],
      ['refund-fail'],
    ],
    told: [
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.succeeded',
      'refund.created',
      'refund.failed',
    ],
  },
  {
    name: 'cancelled',
    capture: 'manual',
    atStripe: [['cancel']],
    told: [
      'payment_intent.amount_capturable_updated',
      'charge.succeeded',
      'payment_intent.canceled',
    ],
  },
  {
    name: 'captured, disputed and won',
    capture: 'manual',
    atStripe: [['capture'], ['dispute'], ['dispute-win']],
    told: [
      'payment_intent.succeeded',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ],
  },
  {
    name: 'disputed in part and lost',
    capture: 'automatic',
    atStripe: [
      ['refund', { amountMinor: 500 }],
      ['dispute', { amountMinor: 7_000 }],
      ['dispute-lose'],
    ],
    told: [
      'charge.succeeded',
      'refund.created',
      'charge.refunded',
      'charge.dispute.created',
      'charge.dispute.closed',
    ],
  },
  {
    name: 'refunded, failed, refunded again',
    capture: 'automatic',
    atStripe: [
      ['refund', { amountMinor: 9_000 }],
      ['refund-fail'],
      ['refund', { amountMinor: 8_000 }],
    ],
    told: ['payment_intent.succeeded', 'refund.created', 'refund.failed', 'charge.refunded'],
  },
];

const VARIANTS = [
  'once',
  'doubled',
  'at the same instant',
  'days late',
  'before it is known',
] as const;
type Variant = (typeof VARIANTS)[number];
const PER_VARIANT = 3;

/** The same shuffles in every run: a linear congruential generator. */
function shuffle<T>(items: readonly T[], seed: number): T[] {
  let state = seed * 2_654_435_761 + 12_345;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return items
    .map((item) => ({ item, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

describe('real news of one payment', () => {
  let holdfast: Holdfast;
  let news: ReturnType<typeof newsOf>;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    news = newsOf(holdfast);
  });
  afterAll(() => holdfast.close());

  /** A fresh payment with the story done at Stripe, and what Stripe said of it. */
  async function happen({ atStripe, capture, told }: Story) {
    const { body } = await holdfast.start({ capture });
    for (const [action, terms] of atStripe) await holdfast.atDashboard(action, body.id, terms);
    const ref = await news.refOf(body.id);
    const all = await news.eventsOf(ref);
    const events = told.map((type) => all.find((event) => event.type === type));
    expect(events.every((event) => event !== undefined)).toBe(true);
    return { id: body.id, ref, events: events as StripeEvent[] };
  }

  async function outcomeOf(id: string) {
    const { amounts, status } = await holdfast.get(id);
    return { status, amounts, ledger: await news.ledger(id) };
  }

  /** Until nothing of it waits any more, with the sweep as often as it is needed. */
  async function settle(refs: readonly string[]): Promise<void> {
    const open = async () => {
      await news.sweep();
      const { rows } = await holdfast.pool.query<{ id: string; reason: string }>(
        `select id, reason from notifications where state = 'waiting' and provider_ref = any ($1)`,
        [refs],
      );
      return rows;
    };
    await expect.poll(open, { timeout: 30_000, interval: 250 }).toEqual([]);
  }

  async function deliver(
    made: Awaited<ReturnType<typeof happen>>,
    variant: Variant,
    seed: number,
  ): Promise<void> {
    const order = shuffle(made.events, seed);
    const twice = order[seed % order.length];
    const send = (event: StripeEvent | undefined) => news.deliver(event ?? '');
    switch (variant) {
      case 'at the same instant':
        await Promise.all([...order, ...order].map(send));
        return;
      case 'days late':
        // Signed now, as Stripe does when it tries again; all else is of then.
        for (const event of order) await send({ ...event, created: 1 } as StripeEvent);
        return;
      case 'before it is known': {
        // As if the payment came only now: nothing in the database has its reference or its id.
        const untagged = order.map((event) => ({
          ...event,
          data: { object: { ...event.data.object, metadata: {} } },
        }));
        await holdfast.pool.query(
          `update payments set provider_ref = 'pi_later_' || id where provider_ref = $1`,
          [made.ref],
        );
        for (const event of untagged) await send(event);
        await holdfast.pool.query('update payments set provider_ref = $1 where id = $2', [
          made.ref,
          made.id,
        ]);
        return;
      }
      case 'once':
      case 'doubled':
        for (const event of order) await send(event);
        if (variant === 'doubled') await send(twice);
        return;
    }
  }

  it('leads to the same end as in order: 75 payments', { timeout: 120_000 }, async () => {
    const limit = pLimit(8);
    let cases = 0;
    const ends = await Promise.all(
      STORIES.map(async (story) => {
        const ordered = await happen(story);
        for (const event of ordered.events) expect(await news.deliver(event)).toBe(200);
        const told = await Promise.all(
          VARIANTS.flatMap((variant, number) =>
            Array.from({ length: PER_VARIANT }, (_, index) =>
              limit(async () => {
                cases += 1;
                const made = await happen(story);
                await deliver(made, variant, number * PER_VARIANT + index + 1);
                return { ...made, what: `${story.name}, ${variant}` };
              }),
            ),
          ),
        );
        return { ordered, told };
      }),
    );
    await settle(ends.flatMap(({ ordered, told }) => [ordered.ref, ...told.map(({ ref }) => ref)]));
    for (const { ordered, told } of ends) {
      const expected = await outcomeOf(ordered.id);
      for (const { id, what } of told) {
        const facts = await holdfast.facts(id);
        const doubts = facts.filter((type) => type === 'inquiry.inconclusive').length;
        expect({ what, ...(await outcomeOf(id)), doubts }).toEqual({
          what,
          ...expected,
          doubts: 0,
        });
      }
    }
    console.info(`${cases} payments told in other orders`);
    expect(cases).toBe(75);
  });

  it('that comes before a buyer’s confirmation was heard leads to the same end', async () => {
    const issuer = { paymentToken: 'pm_card_authenticationRequired' };
    const ids = await Promise.all(
      STORIES.filter(({ capture }) => capture === 'manual').map(async ({ atStripe }) => {
        const { body } = await holdfast.start(issuer);
        const ref = await news.refOf(body.id);
        await holdfast.atDashboard('pay', body.id);
        for (const [action, terms] of atStripe) await holdfast.atDashboard(action, body.id, terms);
        for (const event of (await news.eventsOf(ref)).toReversed()) await news.deliver(event);
        return { id: body.id, ref };
      }),
    );
    await settle(ids.map(({ ref }) => ref));
    const ends = await Promise.all(ids.map(({ id }) => holdfast.get(id)));
    expect(ends.map(({ amounts, status }) => [status, amounts.captured, amounts.voided])).toEqual([
      ['captured', 9_000, 1_500],
      ['voided', 0, 10_500],
      ['captured', 10_500, 0],
    ]);
  });

  it('of a payment that nobody ever asked for waits for it', async () => {
    const [event] = (await happen(STORIES[1]!)).events;
    const ref = `pi_${randomUUID().slice(0, 8)}`;
    const object = { ...event?.data.object, id: ref, metadata: {} };
    await news.deliver({ ...event, id: `evt_${ref}`, data: { object } });
    const rows = (await news.kept()).filter(({ providerRef }) => providerRef === ref);
    expect(rows).toMatchObject([{ state: 'waiting', paymentId: null }]);
  });
});
