import { describe, expect, it } from 'vitest';
import { draw } from '../../docs/diagrams/draw.ts';
import { cardMachine } from '../../machines/card/card.machine.ts';

describe('the drawing of the card chart', () => {
  it('shows every state, and a way into each', () => {
    const drawing = draw(cardMachine);
    for (const state of Object.keys(cardMachine.states)) {
      expect(drawing).toMatch(new RegExp(`--> ${state}:`));
    }
  });

  it('shows the guards of amounts', () => {
    expect(draw(cardMachine)).toContain('capture.requested [withinHold]');
    expect(draw(cardMachine)).toContain('refund.requested [withinCaptured]');
  });
});
