import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LATE_MS, openStage, type Stage, type Verb } from './adapter.stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const expired = { more: { startBy: 0 } };

describe('a reservation in doubt', () => {
  it('is not begun after its time, and is absent once it cannot arrive any more', async () => {
    expect(await stage.inquire('reserve', expired)).toMatchObject({ kind: 'inconclusive' });
    expect(await stage.inquire('reserve', { ...expired, sentMsAgo: LATE_MS })).toMatchObject({
      kind: 'absent',
    });
    expect(await stage.movements()).toEqual([]);
  });

  it('is approved after its time when it arrived, with the reference that it has there', async () => {
    const reserved = await stage.perform('reserve');
    const found = await stage.inquire('reserve', expired);
    const providerRef = reserved.kind === 'approved' ? reserved.providerRef : '';
    expect(found).toMatchObject({ kind: 'approved', providerRef });
  });

  it('is declined once it was cancelled in the portal', async () => {
    await stage.perform('reserve');
    await stage.portal('cancel');
    expect(await stage.inquire('reserve')).toMatchObject({ kind: 'declined' });
  });
});

describe('an operation in doubt on an order that is not there', () => {
  // A wrong secret looks the same.
  it.each<Verb>(['modify', 'capture', 'activate', 'cancel', 'apply'])('%s stays', async (verb) => {
    expect(await stage.inquire(verb)).toMatchObject({ kind: 'inconclusive' });
    expect(await stage.movements()).toEqual([]);
  });
});

describe('an operation in doubt on an order that was cancelled in the portal', () => {
  it.each<[Verb, string]>([
    ['modify', 'declined'],
    ['capture', 'declined'],
    ['activate', 'declined'],
    ['cancel', 'approved'],
  ])('%s is %s', async (verb, kind) => {
    await stage.perform('reserve');
    await stage.portal('cancel');
    expect(await stage.inquire(verb)).toMatchObject({ kind });
  });
});

describe('a capture in doubt', () => {
  it('is approved when the order has gone further, even to a denied guarantee', async () => {
    await stage.prepare('activate');
    expect(await stage.inquire('capture')).toMatchObject({ kind: 'approved' });
    await stage.perform('activate');
    expect(await stage.inquire('capture')).toMatchObject({ kind: 'approved' });
    await stage.perform('apply', { amountMinor: 119_000 });
    expect(await stage.inquire('capture')).toMatchObject({ kind: 'approved' });
  });

  it('is declined when it is over another amount than is reserved', async () => {
    await stage.perform('reserve');
    const more = { amountMinor: 1 };
    expect(await stage.inquire('capture', { more })).toMatchObject({ kind: 'declined' });
  });
});

describe('an activation in doubt', () => {
  it('is not believed to guarantee more than was asked for', async () => {
    await stage.prepare('apply');
    const more = { amountMinor: 100 };
    expect(await stage.inquire('activate', { more })).toMatchObject({ kind: 'inconclusive' });
  });

  it('is not begun before the capture', async () => {
    await stage.perform('reserve');
    expect(await stage.inquire('activate')).toMatchObject({ kind: 'inconclusive' });
  });
});

describe('a cancellation in doubt', () => {
  it('is declined where the guarantee was denied: only the portal frees the limit', async () => {
    await stage.close();
    stage = await openStage('buyer+activation-denied@example.com');
    await stage.prepare('activate');
    await stage.perform('activate');
    expect(await stage.inquire('cancel')).toMatchObject({ kind: 'declined' });
    await stage.portal('cancel');
    expect(await stage.inquire('cancel')).toMatchObject({ kind: 'approved' });
  });

  it('is declined once the invoice is guaranteed', async () => {
    await stage.prepare('apply');
    expect(await stage.inquire('cancel')).toMatchObject({ kind: 'declined' });
  });
});

describe('an application in doubt', () => {
  beforeEach(() => stage.prepare('apply'));

  it('is never sent again', async () => {
    const sent = (await stage.bodies()).length;
    expect(await stage.inquire('apply')).toMatchObject({ kind: 'inconclusive' });
    expect(await stage.inquire('apply', { sentMsAgo: LATE_MS })).toMatchObject({ kind: 'absent' });
    expect((await stage.bodies()).slice(sent)).toEqual([
      expect.stringContaining('checkStatusOrder'),
      expect.stringContaining('checkStatusOrder'),
    ]);
  });

  it('is approved when it is the last one and the invoice is paid', async () => {
    const more = { amountMinor: 119_000 };
    await stage.perform('apply', more);
    expect(await stage.inquire('apply', { more })).toMatchObject({ kind: 'approved' });
  });

  it('cannot be told from another of the same invoice that made it paid', async () => {
    await stage.perform('apply', { amountMinor: 119_000 });
    const asked = { sentMsAgo: LATE_MS };
    expect(await stage.inquire('apply', asked)).toMatchObject({ kind: 'inconclusive' });
  });

  it('cannot be seen while more is unpaid than is guaranteed', async () => {
    const more = { guaranteedMinor: 50_000 };
    await stage.perform('apply', more);
    const found = await stage.inquire('apply', { more, sentMsAgo: LATE_MS });
    expect(found).toMatchObject({ kind: 'inconclusive' });
  });
});
