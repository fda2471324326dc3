import { describe, expect, it } from 'vitest';
import { PROVIDERS, settingsOf } from '../../activities/providers/catalog.ts';
import { inputOf } from '../../api/payments/opening.ts';
import type { StartBody } from '../../api/payments/start-body.ts';

const promise = (settings: object, body: Partial<StartBody>, at: string) =>
  inputOf({
    paymentId: 'pay_0123456789abcdefghjkmnpqrs',
    lifecycle: 'promise',
    method: 'check',
    settings: { ...settings },
    provider: 'offline',
    body: {
      amount: { amountMinor: 1_000, currency: 'EUR' },
      method: 'offline.check',
      source: { kind: 'order', number: '4711' },
      ...body,
    },
    at: Date.parse(at),
  }) as { dueAt: number; remindAt: number | null; dueOn: string };

describe('the reminder of a promised payment', () => {
  // Clocks are put forward in Berlin on 28 March 2027, in New York on 14 March, in Kolkata never.
  it.each([
    ['Europe/Berlin', '2027-03-30', 3, '2027-03-27T00:00:00+01:00'],
    ['Europe/Berlin', '2027-03-28', 1, '2027-03-27T00:00:00+01:00'],
    ['Europe/Berlin', '2027-11-01', 1, '2027-10-31T00:00:00+02:00'],
    ['America/New_York', '2027-03-15', 2, '2027-03-13T00:00:00-05:00'],
    ['Asia/Kolkata', '2027-03-30', 3, '2027-03-27T00:00:00+05:30'],
    ['UTC', '2027-03-01', 1, '2027-02-28T00:00:00Z'],
    ['Pacific/Kiritimati', '2027-01-02', 30, '2026-12-03T00:00:00+14:00'],
  ])(
    'is at the beginning of the day in %s: due %s, %d days before',
    (timeZone, dueOn, days, at) => {
      const settings = { timeZone, remindDaysBefore: days };
      const { remindAt } = promise(settings, { dueOn }, '2026-12-01T00:00:00Z');
      expect(remindAt).toBe(Date.parse(at));
    },
  );

  it('is none where that day has begun', () => {
    const settings = { timeZone: 'Europe/Berlin', remindDaysBefore: 3 };
    expect(promise(settings, { dueOn: '2027-03-30' }, '2027-03-27T00:00:00+01:00').remindAt).toBe(
      null,
    );
  });
});

describe('a due date of a promised payment', () => {
  it('lies in the past by the merchant’s calendar', () => {
    const settings = { timeZone: 'Pacific/Kiritimati' };
    const at = '2026-12-01T10:00:00Z';
    expect(promise(settings, { dueOn: '2026-12-02' }, at).dueOn).toBe('2026-12-02');
    expect(() => promise(settings, { dueOn: '2026-12-01' }, at)).toThrow('past');
  });
});

describe('a payment term of a customer', () => {
  it('is found in whichever Unicode form the settings have the customer’s number', () => {
    const customers = { ['Café'.normalize('NFD')]: 'net30' };
    const opened = inputOf({
      paymentId: 'pay_0123456789abcdefghjkmnpqrs',
      lifecycle: 'promise',
      method: 'terms',
      settings: settingsOf(PROVIDERS['offline']!).parse({
        terms: { net30: { kind: 'net', days: 30 } },
        customers,
      }),
      provider: 'offline',
      body: {
        amount: { amountMinor: 1_000, currency: 'EUR' },
        method: 'offline.terms',
        source: { kind: 'order', number: '4711' },
        buyer: { customerNumber: 'Café'.normalize('NFC') },
      },
      at: Date.parse('2026-12-01T00:00:00Z'),
    });
    expect(opened).toMatchObject({ dueOn: '2026-12-31' });
  });
});
