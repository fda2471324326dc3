/** Many holds that end within a minute, while other payments go on. */
import { connect } from '../../db/client.ts';
import { closedLoop, type Latencies, latencies, openLoop } from './load.ts';
import type { Variant } from './variants.ts';
import type { World } from './world.ts';

export type Holds = {
  readonly payments: number;
  /** Payments a second that go on, authorized and captured. */
  readonly perSecond: number;
  /** First answers to them before any hold ends, and in the minute in which they end. */
  readonly calm: Latencies;
  readonly during: Latencies;
  /** From the end of a hold until the payment's run was awake, and until it was journaled that the
   *  provider says so, too; in ms. */
  readonly woken: Latencies;
  readonly settled: Latencies;
  /** Starts and captures in that minute that were answered 202, so the outcome comes later, or 503, so
   *  callers ask again. */
  readonly withoutOutcome: number;
};

type Options = {
  readonly payments: number;
  /** Of the payments a second that were measured at full load. */
  readonly perSecond: number;
  readonly seconds: number;
};

const BATCH = 100;
const SPREAD_MS = 60_000;
/** Between the last authorization and the first end. */
const MARGIN_MS = 5_000;
const SETTLED_WITHIN_MS = 30 * 60_000;

export async function holdsThatEnd(
  world: World,
  variant: Variant,
  { payments, perSecond, seconds }: Options,
  progress: (doing: string) => void,
): Promise<Holds> {
  const share = 0.6 * perSecond;
  const ids: string[] = [];
  // Authorizing alone is faster than a whole payment, but not by much.
  const makingMs = (payments / perSecond) * 1_000;
  const firstEnd = Date.now() + makingMs + seconds * 1000 + MARGIN_MS;
  try {
    for (let made = 0; made < payments; made += BATCH) {
      const end = firstEnd + (made / payments) * SPREAD_MS;
      // Slower than expected: whoever has no time to wait any more is left out, and not counted.
      if (Date.now() + seconds * 1000 + MARGIN_MS > firstEnd) break;
      await letHoldsLast(world, end - Date.now());
      await closedLoop(Math.min(BATCH, payments - made), 8, async () => {
        // Half an hour of measurements is not given up for one that was not accepted.
        const id = await variant.authorize().catch(() => null);
        if (id !== null) ids.push(id);
      });
      progress(`${ids.length} holds made`);
    }
  } finally {
    await letHoldsLast(world, null);
  }
  progress('payments at 60 %, no hold ends');
  const calm = await answersOf(share, seconds, variant);
  await until(firstEnd);
  progress('payments at 60 %, holds end');
  const during = await answersOf(share, SPREAD_MS / 1000, variant);
  const late = await settledLate(world, ids, progress);
  return {
    payments: ids.length,
    perSecond: share,
    calm: latencies(calm.answers),
    during: latencies(during.answers),
    woken: latencies(late.map(({ woken }) => woken)),
    settled: latencies(late.map(({ settled }) => settled)),
    withoutOutcome: during.withoutOutcome,
  };
}

/** Each payment is captured, too, and only its first answer is measured. */
async function answersOf(
  perSecond: number,
  seconds: number,
  variant: Variant,
): Promise<{ readonly answers: readonly number[]; readonly withoutOutcome: number }> {
  const captures: Promise<unknown>[] = [];
  let withoutOutcome = 0;
  const isMissed = (): void => {
    withoutOutcome += 1;
  };
  const answers = await openLoop(perSecond, seconds, async () => {
    const id = await variant.authorize().catch(isMissed);
    if (id !== undefined) captures.push(variant.capture(id).catch(isMissed));
  });
  await Promise.all(captures);
  return { answers, withoutOutcome };
}

async function letHoldsLast(world: World, holdMs: number | null): Promise<void> {
  const response = await fetch(`${world.stripe}/_sim/holds`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ holdMs: holdMs === null ? null : Math.ceil(holdMs) }),
  });
  if (!response.ok) throw new Error(`the simulator answered ${response.status}`);
}

const until = (at: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, at - Date.now()));
  });

type Late = { readonly woken: number; readonly settled: number };

/** Waits until all of them are expired by the provider's word. */
async function settledLate(
  world: World,
  ids: readonly string[],
  progress: (doing: string) => void,
): Promise<readonly Late[]> {
  const pool = connect(world.databaseUrl, { max: 1 });
  const giveUpAt = Date.now() + SETTLED_WITHIN_MS;
  try {
    for (;;) {
      const { rows } = await pool.query<Late>(LATE, [ids]);
      progress(`${rows.length} of ${ids.length} holds settled`);
      if (rows.length === ids.length) return rows;
      if (Date.now() > giveUpAt) {
        throw new Error(`${ids.length - rows.length} holds ended and nothing came of it`);
      }
      await until(Date.now() + 1_000);
    }
  } finally {
    await pool.end();
  }
}

const LATE = `
select
  extract(epoch from due.at) * 1000 - (held.data ->> 'holdEndsAt')::float8 as woken,
  extract(epoch from gone.at) * 1000 - (held.data ->> 'holdEndsAt')::float8 as settled
from facts held
join facts due on due.payment_id = held.payment_id and due.type = 'hold.due'
join facts gone on gone.payment_id = held.payment_id and gone.type = 'hold.expired'
where held.payment_id = any ($1) and held.type = 'authorization.approved'`;
