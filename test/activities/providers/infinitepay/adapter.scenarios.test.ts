/** What InfinitePay may decide, asked for in the buyer's e-mail. */
import { afterEach, describe, expect, it } from 'vitest';
import { LATE_MS, openStage, type Stage, type Verb } from './adapter.stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const open = async (scenario: string, verb: Verb) => {
  stage = await openStage(`buyer+${scenario}@example.com`);
  await stage.prepare(verb);
};
const DECLINED = {
  kind: 'declined',
  decline: {
    code: expect.stringMatching(/^SIM_/),
    message: expect.stringMatching(/./),
    advice: null,
  },
  notes: { errors: [{ code: expect.stringMatching(/^SIM_/) }] },
};

/** Nothing of ours can arrive any more: a denied order could be activated by it. */
const LONG_AGO = { sentMsAgo: LATE_MS };

describe('a buyer', () => {
  it.each<[string, Verb]>([
    ['reserve-denied', 'reserve'],
    ['capture-denied', 'capture'],
    ['activation-denied', 'activate'],
    ['cancel-denied', 'cancel'],
  ])('with %s is declined by %s, and by every question about it', async (scenario, verb) => {
    await open(scenario, verb);
    expect(await stage.perform(verb)).toMatchObject(DECLINED);
    expect(await stage.inquire(verb, LONG_AGO)).toMatchObject(DECLINED);
  });

  it.each<[string, Verb]>([
    ['reserve-denied', 'reserve'],
    ['capture-denied', 'capture'],
    ['activation-denied', 'activate'],
    ['cancel-denied', 'cancel'],
  ])('with %s is declined when no answer to %s came', async (scenario, verb) => {
    await open(scenario, verb);
    await stage.arm(verb, 'drop-after');
    expect(await stage.perform(verb)).toMatchObject({ kind: 'unknown' });
    expect(await stage.inquire(verb, LONG_AGO)).toMatchObject(DECLINED);
  });

  it('whose activation is denied may still have one that is approved, while one may arrive', async () => {
    await open('activation-denied-once', 'activate');
    await stage.arm('activate', 'drop-after');
    expect(await stage.perform('activate')).toMatchObject({ kind: 'unknown' });
    expect(await stage.inquire('activate')).toMatchObject({ kind: 'inconclusive' });
    await stage.perform('activate');
    expect(await stage.inquire('activate')).toMatchObject({ kind: 'approved' });
  });

  it('is guaranteed by a second activation where only the first one is denied', async () => {
    await open('activation-denied-once', 'activate');
    expect(await stage.perform('activate')).toMatchObject(DECLINED);
    expect(await stage.perform('activate')).toMatchObject({
      kind: 'approved',
      guaranteedMinor: 119_000,
    });
  });

  it('may be guaranteed in part', async () => {
    await open('half-guaranteed', 'activate');
    await stage.arm('activate', 'drop-after');
    expect(await stage.perform('activate')).toMatchObject({ kind: 'unknown' });
    const half = { kind: 'approved', guaranteedMinor: 59_500 };
    expect(await stage.inquire('activate')).toMatchObject(half);
  });

  it('may be guaranteed without a word of how much, told at once or when asked', async () => {
    await open('guarantee-unsaid', 'activate');
    const unsaid = { kind: 'approved', guaranteedMinor: null };
    await stage.arm('activate', 'drop-after');
    expect(await stage.perform('activate')).toMatchObject({ kind: 'unknown' });
    expect(await stage.inquire('activate')).toMatchObject(unsaid);
    expect(await stage.look()).toMatchObject({
      picture: { stands: true, stage: 'guaranteed', guaranteedMinor: null },
    });
    await stage.close();
    await open('guarantee-unsaid', 'activate');
    expect(await stage.perform('activate')).toMatchObject(unsaid);
  });

  it('whose guarantee is unsaid has a last receipt told when all is paid, and others in doubt', async () => {
    await open('guarantee-unsaid', 'apply');
    const asked = (amountMinor: number, openMinor: number) => ({
      more: { amountMinor, openMinor, guaranteedMinor: null },
    });
    expect(await stage.perform('apply', { amountMinor: 19_000 })).toMatchObject({
      kind: 'approved',
    });
    expect(await stage.inquire('apply', asked(19_000, 119_000))).toMatchObject({
      kind: 'inconclusive',
    });
    await stage.perform('apply', { amountMinor: 100_000 });
    expect(await stage.inquire('apply', asked(100_000, 100_000))).toMatchObject({
      kind: 'approved',
    });
  });

  it('may have another address there, which is kept', async () => {
    await open('corrected', 'reserve');
    expect(await stage.perform('reserve')).toMatchObject({
      kind: 'approved',
      notes: { errors: [], correctedDebtor: { C_STREET: expect.stringMatching(/./) } },
    });
  });

  it.each<Verb>(['reserve', 'modify', 'capture', 'activate', 'cancel', 'apply'])(
    'with a fault at each %s is in doubt for as long as there are faults',
    async (verb) => {
      await open(`fault-${verb}`, verb);
      expect(await stage.perform(verb)).toMatchObject({
        kind: 'unknown',
        reason: expect.stringContaining('Server'),
      });
      expect(await stage.inquire(verb)).toMatchObject({ kind: 'inconclusive' });
    },
  );

  it('cannot be looked at while the status has a fault', async () => {
    await open('fault-inquire', 'capture');
    const doubt = { kind: 'inconclusive', reason: expect.stringContaining('Server') };
    expect(await stage.look()).toEqual(doubt);
    expect(await stage.inquire('capture')).toEqual(doubt);
  });
});
