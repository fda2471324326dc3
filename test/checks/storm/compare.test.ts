import { describe, expect, it } from 'vitest';
import type { Booked } from './books.ts';
import { COMPARE, doubled } from './compare.ts';
import type { Movement } from './simulated.ts';

const moved = (kind: string, amountMinor: number, key: string | null = null): Movement => ({
  kind,
  ref: 'ref_1',
  amountMinor,
  currency: 'EUR',
  key,
  at: '2026-11-21T12:00:00.000Z',
});
const booked = (context: Record<string, unknown>) =>
  ({ context, view: { status: 'at rest' } }) as unknown as Booked;
const differing = (provider: keyof typeof COMPARE, context: object, movements: Movement[]) =>
  COMPARE[provider](booked({ ...context }), movements)
    .filter(({ ours, theirs }) => ours !== theirs)
    .map(({ ours, theirs, what }) => `${what}: ${ours} here, ${theirs} there`);

const CARD = {
  authorizedMinor: 900,
  capturedMinor: 600,
  voidedMinor: 300,
  refundedMinor: 100,
  disputedMinor: 0,
};
const AT_STRIPE = [
  moved('authorize', 900, 'op_1_authorize_1'),
  moved('capture', 600, 'op_1_capture_1'),
  moved('void', 300, 'op_1_capture_1'),
  moved('refund', 100, 'op_1_refund_1'),
];

describe('the comparison of books', () => {
  it('is quiet where both sides moved the same', () => {
    expect(differing('stripe', CARD, AT_STRIPE)).toEqual([]);
    expect(doubled('stripe', AT_STRIPE)).toEqual([]);
  });

  it('sees money that moved twice, under one key or another', () => {
    const again = [...AT_STRIPE, moved('capture', 600, 'op_1_capture_1')];
    expect(doubled('stripe', again)).toEqual(['capture under op_1_capture_1: 2 times']);
    const other = [...AT_STRIPE, moved('refund', 100, 'op_1_refund_2')];
    expect(differing('stripe', CARD, other)).toEqual(['refunded: 100 here, 200 there']);
  });

  it('sees money that moved here alone', () => {
    expect(differing('stripe', CARD, AT_STRIPE.slice(0, 3))).toEqual([
      'refunded: 100 here, 0 there',
    ]);
  });

  it('sees an order reserved twice, and a limit that nobody frees', () => {
    const context = {
      reservedMinor: 500,
      releasedMinor: 500,
      receivedMinor: 0,
      writtenOffMinor: 0,
      receipts: {},
      stage: 'reserved',
    };
    expect(differing('infinitepay', context, [moved('reserve', 500)])).toEqual([
      'blocked of the limit: 0 here, 500 there',
      'cancellations: 1 here, 0 there',
    ]);
    expect(doubled('infinitepay', [moved('capture', 500), moved('capture', 500)])).toEqual([
      'capture: 2 times',
    ]);
  });

  it('sees a second invoice, and a shipment that was told twice', () => {
    const movements = [
      moved('invoice', 500, 'I1'),
      moved('invoice', 500, 'I1'),
      moved('ship', 500, 'I1'),
      moved('ship', 500, 'I1'),
    ];
    expect(doubled('apruve', movements)).toEqual(['invoice of I1: 2 times', 'ship of I1: 2 times']);
  });
});
