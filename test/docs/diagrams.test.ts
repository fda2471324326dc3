import { describe, expect, it } from 'vitest';
import { draw, USUAL } from '../../docs/diagrams/draw.ts';
import { cardMachine } from '../../machines/card/card.machine.ts';
import { creditMachine } from '../../machines/credit/credit.machine.ts';
import { guaranteeMachine } from '../../machines/guarantee/guarantee.machine.ts';
import { promiseMachine } from '../../machines/promise/promise.machine.ts';

type Chart = Parameters<typeof draw>[0];
const CHARTS: readonly Chart[] = [cardMachine, promiseMachine, guaranteeMachine, creditMachine];

describe.each(CHARTS)('the drawing of the $id chart', (chart) => {
  it('shows every state, and a way into each', () => {
    const drawing = draw(chart);
    for (const state of Object.keys(chart.states)) {
      expect(drawing).toMatch(new RegExp(`--> ${state}:`));
    }
  });

  it('chooses among ways that the chart has', () => {
    const all = new Set(
      Object.values(chart.states).flatMap((node) =>
        [...node.transitions.values()]
          .flat()
          .map(({ eventType, target }) => `${eventType}: ${node.key} ${target?.[0]?.key}`),
      ),
    );
    for (const [event, ways] of Object.entries(USUAL[chart.id] ?? {})) {
      for (const way of ways) expect([...all]).toContain(`${event}: ${way}`);
    }
  });
});

it('shows the guards of amounts', () => {
  expect(draw(cardMachine)).toContain('capture.requested [withinHold]');
  expect(draw(cardMachine)).toContain('refund.requested [withinCaptured]');
});
