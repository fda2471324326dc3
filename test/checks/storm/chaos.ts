/** Processes that die and come back while payments are carried, and news that comes again. */
import { setTimeout as pass } from 'node:timers/promises';
import type { Child } from '../../../api/cli/dev/children.ts';
import type { World } from '../../bench/world.ts';
import { createDice, type Dice } from './random.ts';
import type { Simulators } from './simulated.ts';
import type { Tally } from './tally.ts';

export const BLOWS = [
  'worker killed',
  'worker stopped',
  'API killed',
  'API stopped',
  'Postgres restarted',
  'Postgres killed',
  'Temporal restarted',
  'Temporal killed',
] as const;
export type Blow = (typeof BLOWS)[number];

const AWAY_MIN_MS = 300;
const AWAY_MAX_MS = 3_000;
const AGAIN_MS = 500;
const STARTS_MAX = 60;
const READY_MS = 60_000;

export type Kept = {
  readonly child: () => Child | null;
  readonly starts: () => number;
  ready(): Promise<void>;
  release(): Promise<void>;
};

/** Starts a process again whenever it ends, as a supervisor does. */
export function keepAlive(world: World, name: string, script: string): Kept {
  const now = {
    child: null as Child | null,
    starts: 0,
    isWanted: true,
    /** Why it was given up. */
    fault: null as unknown,
  };
  async function supervise(): Promise<void> {
    for (let failures = 0; now.isWanted && failures < STARTS_MAX; failures += 1) {
      try {
        const { child } = await world.run(name, script);
        now.child = child;
        now.starts += 1;
        failures = 0;
        if (!now.isWanted) await child.stop();
        await child.exited;
      } catch (error) {
        // A worker cannot start without Temporal: its supervisor tries until it can.
        now.fault = error;
      }
      now.child = null;
      if (now.isWanted) await pass(AGAIN_MS);
    }
  }
  const supervised = supervise();
  return {
    child: () => now.child,
    starts: () => now.starts,
    async ready() {
      const until = Date.now() + READY_MS;
      while (now.child === null) {
        if (Date.now() > until) throw new Error(`${name} does not start: ${String(now.fault)}`);
        await pass(50);
      }
    },
    async release() {
      now.isWanted = false;
      await now.child?.stop();
      await supervised;
    },
  };
}

type Parts = {
  readonly world: World;
  readonly workers: readonly Kept[];
  readonly api: Kept;
  readonly tally: Tally;
};

/**
 * When what is struck: `at` is the share of payments that are through. Each blow once, and one more
 * for every `paymentsPerBlow`.
 */
export function createBlows(seed: number, payments: number, paymentsPerBlow = 60) {
  const dice = createDice(seed ^ 0x5f3759df);
  const more = Math.max(0, Math.floor(payments / paymentsPerBlow) - BLOWS.length);
  const blows = [...BLOWS, ...Array.from({ length: more }, () => dice.oneOf(BLOWS))];
  return blows
    .map((blow) => ({ blow, at: 0.03 + 0.9 * dice.next() }))
    .toSorted((a, b) => a.at - b.at);
}

/** Strikes as `blows` say, until all payments are through. */
export async function strike(
  blows: readonly { blow: Blow; at: number }[],
  through: () => number,
  seed: number,
  parts: Parts,
): Promise<void> {
  const dice = createDice(seed ^ 0x1234567);
  for (const { blow, at } of blows) {
    while (through() < at) await pass(50);
    await deal(blow, dice, parts);
    parts.tally.add(blow);
  }
}

async function deal(blow: Blow, dice: Dice, { world, workers, api }: Parts): Promise<void> {
  const awayMs = dice.between(AWAY_MIN_MS, AWAY_MAX_MS);
  const { postgres, temporal } = world.outages;
  switch (blow) {
    case 'worker killed':
      return end(dice.oneOf(workers), true);
    case 'worker stopped':
      return end(dice.oneOf(workers), false);
    case 'API killed':
      return end(api, true);
    case 'API stopped':
      return end(api, false);
    case 'Postgres restarted':
      await postgres.stop();
      await pass(awayMs);
      return postgres.start();
    case 'Postgres killed':
      await postgres.kill();
      await pass(awayMs);
      return postgres.start();
    case 'Temporal restarted':
      await temporal.stop();
      await pass(awayMs);
      return temporal.start();
    case 'Temporal killed':
      await temporal.kill();
      await pass(awayMs);
      return temporal.start();
  }
}

/** A blow needs somebody to hit. */
async function end(kept: Kept, isKill: boolean): Promise<void> {
  await kept.ready();
  const child = kept.child();
  if (isKill) child?.kill();
  await child?.stop();
}

type Delivery = { eventId?: string; uuid?: string; status: number | null };

/** News that is sent again, whether or not it was heard; `rest` sends what never was. */
export function createNews(seed: number, simulators: Simulators, tally: Tally) {
  const dice = createDice(seed ^ 0x2468ace);
  const heard = new Map<string, boolean>();
  async function look(provider: 'stripe' | 'apruve') {
    const all = (await simulators.ask(provider, 'webhooks')) as Delivery[];
    for (const { eventId, uuid, status } of all) {
      const id = `${provider} ${eventId ?? uuid}`;
      heard.set(id, heard.get(id) === true || status === 200);
    }
  }
  async function again(id: string): Promise<boolean> {
    const [provider = '', event] = id.split(' ');
    const wish = provider === 'stripe' ? { eventId: event } : { uuid: event };
    try {
      await simulators.ask(provider as 'stripe' | 'apruve', 'webhooks/resend', wish);
      return true;
    } catch {
      // A simulator forgets the oldest.
      return false;
    }
  }
  return {
    async repeat(times: number): Promise<void> {
      await look('stripe');
      await look('apruve');
      const known = [...heard.keys()];
      for (let index = 0; index < times && known.length > 0; index += 1) {
        if (await again(dice.oneOf(known))) tally.add('news twice');
      }
    },
    /** How many were never heard: a provider that is honest tries those again. */
    async rest(): Promise<number> {
      await look('stripe');
      await look('apruve');
      const unheard = [...heard].filter(([, isHeard]) => !isHeard).map(([id]) => id);
      for (const id of unheard) await again(id);
      return unheard.length;
    },
  };
}
