import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInfinitePayAdapter } from '../../../../activities/providers/infinitepay/adapter.ts';
import { securityCode } from '../../../../activities/providers/infinitepay/security.ts';
import {
  AMOUNT_MINOR,
  callAt,
  CREDENTIALS,
  effectOf,
  NAMESPACE,
  openStage,
  ORDER_ID,
  SETTINGS,
  type Stage,
  termsOf,
} from './adapter.stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

describe('the sender', () => {
  it('signs client and order with the digits of the MAC, not with its bytes', () => {
    const code = securityCode({ ...CREDENTIALS, clientRef: 'REF', secret: 'key' }, 'A-1');
    const digits = createHmac('sha256', 'key').update('REFA-1').digest('hex');
    expect(code).toBe(Buffer.from(digits).toString('base64'));
    expect(code).toHaveLength(88);
    // openssl: printf REFA-1 | openssl dgst -sha256 -hmac key -r | cut -c1-64 | tr -d '\n' | base64 -w0
    expect(code).toBe(
      'YzRiMjdiNzdjNjUwMjMyNmYxM2M2YzVmYTVjOTE1MDQzMjg1NDQwMzFhNmZhMDQxZmNlZjE2M2NmODdiMmVmNw==',
    );
  });

  it.each([
    ['password', { password: 'wrong' }],
    ['user name', { username: 'wrong' }],
  ])('is refused with a wrong %s', async (_what, wrong) => {
    const provider = createInfinitePayAdapter(stage.url, { ...CREDENTIALS, ...wrong }, SETTINGS);
    const outcome = await provider.perform(effectOf('reserve'), termsOf(), stage.call());
    expect(outcome).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('FailedAuthentication'),
    });
    const question = { type: 'picture', orderId: ORDER_ID, providerRef: null, currency: 'EUR' };
    expect(await provider.look(question as never, stage.call())).toMatchObject({
      kind: 'inconclusive',
    });
  });

  it('is refused in the words of SOAP when the namespace is another one', async () => {
    const settings = { ...SETTINGS, namespace: `${NAMESPACE}:other` };
    const provider = createInfinitePayAdapter(stage.url, CREDENTIALS, settings);
    const outcome = await provider.perform(effectOf('reserve'), termsOf(), stage.call());
    expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('Client') });
  });

  it('is refused when its clock is wrong by more than the time stamp lasts', async () => {
    const past = { ...callAt([]), now: () => Date.now() - 3_600_000 };
    const outcome = await stage.provider.perform(effectOf('reserve'), termsOf(), past);
    expect(outcome).toMatchObject({ kind: 'refused' });
  });
});

describe('the evidence', () => {
  it('names the call and its answer, and neither the buyer nor a secret', async () => {
    await stage.prepare('apply');
    await stage.perform('apply', { amountMinor: AMOUNT_MINOR });
    await stage.perform('capture');
    expect(stage.kept).toHaveLength(5);
    expect(stage.kept[0]).toEqual({
      at: expect.any(String),
      request: expect.stringMatching(
        /^reserveOrder ORDER_ID=ord_1 TRS_AMT_GROSS=119000 TRS_CURRENCY=EUR TRS_DT=\d{8} \d{6}$/,
      ),
      status: 200,
      requestId: expect.stringMatching(/./),
      answer: {
        status: '1',
        ref: expect.stringMatching(/./),
        guaranteed: '0',
        additionalInfo: 'reserved',
        errors: [],
      },
      durationMs: expect.any(Number),
    });
    expect(stage.kept[4]).toMatchObject({
      request: 'captureOrder ORDER_ID=ord_1 TRS_AMT_GROSS=119000 TRS_CURRENCY=EUR',
      answer: { status: '0', errors: [{ code: expect.any(String), message: expect.any(String) }] },
    });
    const text = JSON.stringify(stage.kept);
    const code = securityCode(CREDENTIALS, ORDER_ID);
    for (const secret of [CREDENTIALS.password, CREDENTIALS.secret, code]) {
      expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/example\.com|Muster|DE136695976|Stra/);
  });
});
