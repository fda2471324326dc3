/** After the storm: requests without an answer get one, doubts end, and nothing moves any more. */
import { setTimeout as pass } from 'node:timers/promises';
import type pg from 'pg';
import { closedLoop } from '../../bench/load.ts';
import { type Booked, readPayments } from './books.ts';
import type { Carried, Driver } from './drive.ts';
import type { Simulators } from './simulated.ts';
import { countDiffering } from './verify.ts';

const LOOK_MS = 1_000;
/** What ends sooner than that by itself is waited for. */
const SOON_MS = 90_000;
const AT_ONCE = 16;

/** Waits until no payment moves or is going to in a moment; how many still do when time is over. */
export async function untilNothingMoves(
  pool: pg.Pool,
  simulators: Simulators,
  withinMs: number,
  say: (text: string) => void,
): Promise<number> {
  const until = Date.now() + withinMs;
  for (let quiet = 0; ;) {
    // A simulator's clock moves when it is looked at: merchants are paid then.
    await fetch(`${simulators.urls.apruve}/_pages/lightbox/none`);
    const moving = [...(await readPayments(pool)).values()].filter(moves);
    const { rows } = await pool.query<{ count: number }>(
      `select count(*)::int from notifications where state = 'waiting' and payment_id is not null`,
    );
    const news = rows[0]?.count ?? 0;
    // News that says what both sides know already may wait.
    const matters = news > 0 && moving.length === 0 && (await countDiffering(pool, simulators)) > 0;
    quiet = moving.length > 0 || matters ? 0 : quiet + 1;
    if (quiet > 2) return 0;
    if (Date.now() > until) return moving.length;
    const left = Math.round((until - Date.now()) / 1000);
    say(`${moving.length} payments move, ${news} messages wait, at most ${left} s more`);
    await pass(LOOK_MS);
  }
}

function moves({ view, wakeAt }: Booked): boolean {
  if (view.status === 'parked') return false;
  if (view.operationInFlight !== null && view.status !== 'in_review') return true;
  if (view.amounts.refundPending !== undefined) return true;
  const isSoon = wakeAt !== null && wakeAt.getTime() < Date.now() + SOON_MS;
  return isSoon && view.nextAction !== null;
}

/** Those who got no answer ask again, with the same key. */
export async function askAgain(
  carried: readonly Carried[],
  driver: Driver,
  forMs: number,
): Promise<number> {
  const open = carried.flatMap((one) =>
    one.asked.filter(({ outcome }) => outcome === 'open').map((asked) => ({ one, asked })),
  );
  await closedLoop(open.length, AT_ONCE, async (index) => {
    const each = open[index];
    if (each === undefined) return;
    await driver.insist(each.asked, forMs);
    each.one.id ??= [...each.asked.ids][0] ?? null;
  });
  return open.length;
}

/** An operator has messages told again that wait for their next turn; how many there were. A payment
 *  that was busy when it was told hears of it minutes later. */
export async function redeliverNews(pool: pg.Pool, driver: Driver): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from notifications where state = 'waiting' and payment_id is not null`,
  );
  await closedLoop(rows.length, AT_ONCE, async (index) => {
    const path = `/v1/notifications/${rows[index]?.id}/redeliver`;
    await driver.insist(driver.newRequest('redeliver', path, {}, 'operator'), 5_000);
  });
  return rows.length;
}

/** An operator asks anew about what is parked; how many there were. */
export async function recheckParked(pool: pg.Pool, driver: Driver): Promise<number> {
  const parked = [...(await readPayments(pool)).values()].filter(
    ({ view }) => view.status === 'parked',
  );
  await closedLoop(parked.length, AT_ONCE, async (index) => {
    const id = parked[index]?.record.id ?? '';
    const path = `/v1/payments/${id}/recheck`;
    await driver.insist(driver.newRequest('recheck', path, {}, 'operator'), 5_000);
  });
  return parked.length;
}
