import { describe, expect, it } from 'vitest';
import { cardLifecycle } from '../../../machines/card/card.lifecycle.ts';
import { STATES } from './card.states.ts';

describe('the card chart', () => {
  it('offers these commands in each state', () => {
    const offered = STATES.map(({ name, state }) => {
      const commands = cardLifecycle.commands(state);
      return `${name}: ${commands.map(({ verb, maxMinor = '' }) => `${verb} ${maxMinor}`.trim()).join(', ') || 'none'}`;
    });
    expect(offered).toMatchInlineSnapshot(`
      [
        "authorizing: none",
        "awaiting_buyer: void",
        "in_review: give-up",
        "authorized: capture 1050, void",
        "capturing: none",
        "partially_captured: capture 650, void, refund 400",
        "captured: refund 1050",
        "voiding: none",
        "voided: none",
        "refunding: none",
        "reauthorizing: none",
        "disputed: none",
        "charged_back: none",
        "partially_refunded: refund 650",
        "refunded: none",
        "declined: none",
        "expired: none",
        "inquiring: give-up",
        "parked: recheck, resolve, give-up",
      ]
    `);
  });
});
