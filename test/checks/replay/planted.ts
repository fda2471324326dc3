/** Changes that both verdicts have to find. */
import type { Recorded } from './corpus.ts';

/** The workflows, with authorizations and captures the wrong way round.
 *  @throws Error when the code does not have them where they are looked for. */
export function withSwappedEffects(code: string): string {
  const swapped = code
    .replaceAll('act.authorizeCard', 'act.PLANTED')
    .replaceAll('act.captureCard', 'act.authorizeCard')
    .replaceAll('act.PLANTED', 'act.captureCard');
  if (swapped === code || !code.includes('act.captureCard')) {
    throw new Error('the workflows do not have the two effects');
  }
  return swapped;
}

/** The same payment, with one cent less in the first fact that has an amount; null without one. */
export function withOtherAmount(payment: Recorded): Recorded | null {
  const at = payment.facts.findIndex(({ event }) => amountIn(event) > 0);
  const fact = payment.facts[at];
  if (fact === undefined) return null;
  const event = { ...fact.event, amountMinor: amountIn(fact.event) - 1 };
  return { ...payment, facts: payment.facts.with(at, { ...fact, event }) };
}

const amountIn = (event: object): number =>
  'amountMinor' in event && typeof event.amountMinor === 'number' ? event.amountMinor : 0;
