import { describe, expect, it } from 'vitest';
import { cardLifecycle, type CardState } from '../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../machines/card/card.events.ts';
import { PaymentRun } from '../../workflows/run.ts';
import { STATES } from '../machines/card/card.states.ts';

const authorized = STATES.find(({ name }) => name === 'authorized')?.state as CardState;
const asked = { type: 'capture.requested', at: 2_000, amountMinor: 1_050, final: true } as const;
const key = { idempotencyKey: 'capture-1', requestHash: 'hash' };
const found: CardEvent = { type: 'void.found', at: 2_000, amountMinor: 1_050 };

/** A run that was asked to capture, and has not journaled that. */
function askedRun() {
  const loaded = { frozen: cardLifecycle.freeze(authorized), sequence: 2, commands: [] };
  const run = new PaymentRun('pay_sample', loaded);
  run.accept({ event: asked, actor: 'test', ...key });
  return { run, command: run.commands.get(key.idempotencyKey) };
}

const moved = cardLifecycle.applyEvent(authorized, found) as CardState;
const capturing = cardLifecycle.applyEvent(authorized, asked) as CardState;

describe('a run that finds the journal ahead of it', () => {
  it('drops a command that the journal does not have: another fact has its place', () => {
    const { run, command } = askedRun();
    run.adopt({ frozen: cardLifecycle.freeze(moved), sequence: 3, commands: [] });
    expect(command).toMatchObject({ dropped: true });
    expect(run.commands.has(key.idempotencyKey)).toBe(false);
    expect(run.view.status).toBe('voided');
  });

  it('keeps a command that the journal has', () => {
    const { run, command } = askedRun();
    const commands = [{ ...key, sequence: 3 }];
    run.adopt({ frozen: cardLifecycle.freeze(capturing), sequence: 3, commands });
    expect(command).toMatchObject({ dropped: false, requested: 3, answered: null });
    expect(run.commands.has(key.idempotencyKey)).toBe(true);
  });
});
