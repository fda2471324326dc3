/** Dates and durations that cannot be are refused before anything is written. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCredits, type Credits } from '../support/credits.ts';
import { createGuarantees, type Guarantees } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const DAY_MS = 86_400_000;
const daysFromNow = (days: number): string =>
  new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

let holdfast: Holdfast;
let infinitepay: Guarantees;
let apruve: Credits;
beforeAll(async () => {
  holdfast = await createHoldfast();
  infinitepay = await createGuarantees(holdfast, { autoCapture: true });
  apruve = await createCredits(holdfast);
  await holdfast.saveOffline('offline', {});
});
afterAll(async () => {
  await apruve.close();
  await infinitepay.close();
  await holdfast.close();
});

const BASE = { mode: 'test', enabled: true };
const INTEGRATIONS: Record<string, object> = {
  offline: { ...BASE, provider: 'offline', credentials: {} },
  stripe: {
    ...BASE,
    provider: 'stripe',
    baseUrl: 'http://127.0.0.1:1',
    credentials: { secretKey: 'sk_test_holdfast' },
  },
  infinitepay: {
    ...BASE,
    provider: 'infinitepay',
    baseUrl: 'http://127.0.0.1:1',
    credentials: { clientRef: 'c', username: 'u', password: 'p', secret: 's' },
  },
  apruve: {
    ...BASE,
    provider: 'apruve',
    baseUrl: 'http://127.0.0.1:1',
    credentials: { merchantId: 'm', apiKey: 'k' },
  },
};
const save = (provider: string, settings: object) =>
  holdfast.request<{ errors: { path: string }[]; settings: Record<string, unknown> }>(
    'PUT',
    `/v1/integrations/dates_${provider}`,
    { body: { ...INTEGRATIONS[provider], settings } },
  );

describe('a duration of an integration', () => {
  const TOO_LONG = [Number.MAX_SAFE_INTEGER, 367 * DAY_MS, 1e300];
  const OF_POLICY = [
    'inquireWithinMs',
    'buyerWithinMs',
    'reviewWithinMs',
    'warnBeforeMs',
    'actBeforeMs',
  ];

  it.each(Object.keys(INTEGRATIONS))('has a bound in the policy of %s', async (provider) => {
    for (const name of [...OF_POLICY, 'startWithinMs']) {
      for (const ms of TOO_LONG) {
        const { status, body } = await save(provider, { policy: { [name]: ms } });
        expect([name, status, [...new Set(body.errors.map(({ path }) => path))]]).toEqual([
          name,
          422,
          [`policy.${name}`],
        ]);
      }
    }
  });

  it.each([
    ['apruve', 'offerWithinMs'],
    ['apruve', 'orderWithinMs'],
    ['apruve', 'fundWithinMs'],
    ['apruve', 'timeoutMs'],
    ['infinitepay', 'activateWithinDays'],
    ['infinitepay', 'invoiceDueDays'],
    ['infinitepay', 'shippingDays'],
    ['infinitepay', 'timeoutMs'],
    ['offline', 'checkWithinDays'],
    ['offline', 'remindDaysBefore'],
    ['stripe', 'timeoutMs'],
  ])('of %s has a bound: %s', async (provider, name) => {
    for (const value of TOO_LONG) {
      expect(await save(provider, { [name]: value })).toMatchObject({ status: 422 });
    }
  });
});

describe('a time zone of an integration', () => {
  it.each(['Asia/Kolkata', 'Asia/Calcutta', 'Europe/Kyiv', 'Europe/Kiev', 'Etc/GMT+2', 'UTC'])(
    'is what Intl takes: %s',
    async (timeZone) => {
      expect(await save('offline', { timeZone })).toMatchObject({
        status: 200,
        body: { settings: { timeZone } },
      });
    },
  );

  it.each(['+02:00', '-0500', '+02', 'GMT+2', 'Europe/Atlantis', '', ' ', 'Europe/Berlin '])(
    'is no offset and nothing unknown: "%s"',
    async (timeZone) => {
      for (const provider of ['offline', 'infinitepay']) {
        expect(await save(provider, { timeZone })).toMatchObject({ status: 422 });
      }
    },
  );
});

describe('an activation', () => {
  it.each([
    ['due on a day beyond all bounds', () => ({ dueDate: '9999-12-31' })],
    ['due in another century', () => ({ dueDate: '1999-12-31' })],
    ['delivered beyond all bounds', () => ({ deliveryDate: '9999-12-31' })],
    ['delivered so early that it is over', () => ({ deliveryDate: daysFromNow(-61) })],
    ['due the day before yesterday', () => ({ dueDate: daysFromNow(-2) })],
    ['due before the delivery', () => ({ dueDate: daysFromNow(5), deliveryDate: daysFromNow(6) })],
  ])('is refused when the invoice would be %s, and can be asked for anew', async (_what, dates) => {
    const { body: payment } = await infinitepay.start();
    const before = await holdfast.facts(payment.id);
    expect(await holdfast.command(payment.id, 'activate', dates())).toMatchObject({ status: 422 });
    expect(await holdfast.facts(payment.id)).toEqual(before);
    const good = await holdfast.command(payment.id, 'activate', { dueDate: daysFromNow(60) });
    expect([good.status, good.body.status]).toEqual([200, 'guaranteed']);
  });
});

describe('an invoice of an order on credit', () => {
  it.each([
    ['due in the past', () => ({ dueDate: '2020-01-01' })],
    ['due the day before yesterday', () => ({ dueDate: daysFromNow(-2) })],
    ['due beyond all bounds', () => ({ dueDate: '9999-12-31' })],
    ['due before it is shipped', () => ({ dueDate: daysFromNow(3), shippedOn: daysFromNow(4) })],
    ['due before its delivery', () => ({ dueDate: daysFromNow(3), deliveredOn: daysFromNow(4) })],
    [
      'delivered before it is shipped',
      () => ({ shippedOn: daysFromNow(2), deliveredOn: daysFromNow(1) }),
    ],
    ['shipped beyond all bounds', () => ({ shippedOn: '9999-12-31' })],
  ])('is refused when it would be %s', async (_what, dates) => {
    const { id } = await apruve.authorized();
    expect(await holdfast.command(id, 'invoices', dates())).toMatchObject({ status: 422 });
    expect((await holdfast.get(id)).status).toBe('authorized');
  });
});

describe('a promise', () => {
  it.each(['2020-01-01', '9999-12-31', '0000-01-01', '2200-01-01'])(
    'is not due on %s',
    async (dueOn) => {
      const elsewhere = { capture: undefined, paymentToken: undefined };
      const answer = await holdfast.start({ method: 'offline.check', ...elsewhere, dueOn });
      expect(answer.status).toBe(422);
    },
  );
});

describe('a capture at a time', () => {
  const AT = ['9999-12-31T23:59:59Z', new Date(Date.now() + 400 * DAY_MS).toISOString()];
  it.each(AT)('is not scheduled for %s', async (at) => {
    expect((await holdfast.start({ capture: { at } })).status).toBe(422);
    const { body } = await holdfast.start();
    expect((await holdfast.command(body.id, 'capture', { at })).status).toBe(422);
    expect((await holdfast.get(body.id)).scheduledCapture).toBeNull();
  });
});
