/** Every fault in every operation: what the adapter makes of it, and that nothing happens twice. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderNotReached } from '../../../../activities/providers/provider.ts';
import {
  type FaultName,
  FAULTS,
} from '../../../../activities/providers/shared/simulator-faults.ts';
import { LATE_MS, openStage, type Stage, type Verb } from './adapter.stage.ts';

/** What an operation leaves in the ledger when it is done once, after what was there before. */
const TRACES: Readonly<Record<Verb, readonly string[]>> = {
  reserve: ['reserve 119000'],
  modify: ['reserve 119000', 'release 19000'],
  capture: ['reserve 119000', 'capture 119000'],
  activate: ['reserve 119000', 'capture 119000', 'activate 119000'],
  cancel: ['reserve 119000', 'release 119000', 'cancel 119000'],
  apply: ['reserve 119000', 'capture 119000', 'activate 119000', 'paid 19000', 'release 19000'],
};
const VERBS = Object.keys(TRACES) as Verb[];
const DONE_AFTER: readonly FaultName[] = [
  'drop-after',
  'status-500-after',
  'garbage-after',
  'half-body-after',
];
/** Long enough to be asked about before it happens, even on a busy machine. */
const DELAY_MS = 400;

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** Asks now, and again when nothing can be on its way any more. */
async function decide(verb: Verb, between: () => Promise<unknown> = async () => undefined) {
  const first = await stage.inquire(verb);
  await between();
  return first.kind === 'inconclusive' ? stage.inquire(verb, { sentMsAgo: LATE_MS }) : first;
}
/** A request that is stuck is listed once it is through. */
const everythingArrives = () =>
  expect
    .poll(async () => (await stage.bodies()).length, { timeout: 4_000 })
    .toBe(stage.kept.length);

const isOnce = async (verb: Verb) =>
  expect((await stage.movements()).toSorted()).toEqual([...TRACES[verb]].toSorted());

describe.each(VERBS)('%s', (verb) => {
  beforeEach(() => stage.prepare(verb));

  it('leaves its traces once when nothing goes wrong', async () => {
    expect(await stage.perform(verb)).toMatchObject({ kind: 'approved' });
    await isOnce(verb);
  });

  it.each(DONE_AFTER)('is found to be done after %s, and is not done again', async (fault) => {
    await stage.arm(verb, fault);
    expect(await stage.perform(verb)).toMatchObject({ kind: 'unknown' });
    await isOnce(verb);
    expect(await decide(verb)).toMatchObject({ kind: 'approved' });
    await isOnce(verb);
  });

  it.each(['drop-before', 'status-500-before'])('is decided after %s', async (fault) => {
    await stage.arm(verb, fault);
    expect(await stage.perform(verb)).toMatchObject({ kind: 'unknown' });
    if (verb === 'apply') {
      expect(await decide(verb)).toMatchObject({ kind: 'absent' });
      await isOnce('activate');
    } else {
      expect(await decide(verb)).toMatchObject({ kind: 'approved' });
      await isOnce(verb);
    }
  });

  it('happens once when the first request arrives after it was asked about', async () => {
    await stage.arm(verb, 'acts-late', { delayMs: DELAY_MS });
    expect(await stage.perform(verb)).toMatchObject({ kind: 'unknown' });
    expect(await decide(verb, everythingArrives)).toMatchObject({ kind: 'approved' });
    await isOnce(verb);
  });

  it('happens once when the first request arrives before it is asked about', async () => {
    await stage.arm(verb, 'acts-late', { delayMs: 20 });
    expect(await stage.perform(verb)).toMatchObject({ kind: 'unknown' });
    await everythingArrives();
    expect(await decide(verb)).toMatchObject({ kind: 'approved' });
    await isOnce(verb);
  });

  it('waits for an answer that is slow', async () => {
    await stage.arm(verb, 'delay', { delayMs: 30 });
    expect(await stage.perform(verb)).toMatchObject({ kind: 'approved' });
    await isOnce(verb);
  });

  it('has not acted when it is turned away, and may be tried again', async () => {
    await stage.arm(verb, 'rate-limited');
    await expect(stage.perform(verb)).rejects.toThrow(ProviderNotReached);
    expect(await stage.perform(verb)).toMatchObject({ kind: 'approved' });
    await isOnce(verb);
  });

  it.each(FAULTS)('stays in doubt, and untouched, when the question meets %s', async (fault) => {
    await stage.arm(verb, 'drop-before');
    await stage.perform(verb);
    await stage.arm('inquire', fault, { delayMs: 10 });
    const before = await stage.movements();
    const asked = stage.inquire(verb, { lookOnly: true });
    if (fault === 'rate-limited') await expect(asked).rejects.toThrow(ProviderNotReached);
    else if (fault !== 'delay') expect(await asked).toMatchObject({ kind: 'inconclusive' });
    await asked.catch(() => undefined);
    expect(await stage.movements()).toEqual(before);
  });

  it('is not sent again when it may only be looked for: that it is not there is proof in time', async () => {
    await stage.arm(verb, 'drop-before');
    await stage.perform(verb);
    const before = await stage.movements();
    expect(await stage.inquire(verb, { lookOnly: true, sentMsAgo: 1_000 })).toMatchObject({
      kind: 'inconclusive',
    });
    // An amount that was to be set is not to be seen; all else is proven not to have come.
    const kind = verb === 'modify' ? 'inconclusive' : 'absent';
    const late = { lookOnly: true, sentMsAgo: LATE_MS };
    expect(await stage.inquire(verb, late)).toMatchObject({ kind });
    expect(await stage.movements()).toEqual(before);
  });

  it('stays in doubt when what is sent again meets a fault, too', async () => {
    await stage.arm(verb, 'drop-before');
    await stage.perform(verb);
    await stage.arm(verb, 'drop-after');
    expect(await stage.inquire(verb)).toMatchObject({ kind: 'inconclusive' });
    if (verb === 'apply') return;
    expect(await stage.inquire(verb)).toMatchObject({ kind: 'approved' });
    await isOnce(verb);
  });
});
