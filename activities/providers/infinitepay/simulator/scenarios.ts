/**
 * What a test asks for, said in the buyer's e-mail because it reaches InfinitePay on the ordinary way: the words after
 * `+`, as in `buyer+activation-denied+slow@example.com`. InfinitePay publishes no test data, so all of it is invented.
 * An order keeps them, for later calls name no buyer.
 */
import { SoapFault } from './soap.ts';

export const SCENARIOS = {
  'reserve-denied': 'the reservation is denied',
  corrected: 'the reservation comes with DEBTOR_CORRECTED_DATA',
  'capture-denied': 'the capture is denied, the order stays reserved',
  'activation-denied': 'each activation is denied, the limit stays blocked',
  'activation-denied-once': 'the first activation is denied, the next one is not',
  'half-guaranteed': 'GUAR_AMT is half of the amount',
  'guarantee-unsaid': 'no answer has a GUAR_AMT, also where it guarantees',
  'cancel-denied': 'cancelOrder is denied, the portal still cancels',
  slow: 'each answer is late, though all is done at once',
} as const;
export type Scenario = keyof typeof SCENARIOS;

/** `fault-capture` makes captureOrder answer with a SOAP fault and do nothing. */
const FAULT = 'fault-';

export function scenarioOf(email: string): string[] {
  const [, ...words] = (email.split('@', 1)[0] ?? '').split('+');
  return words.filter((word) => word in SCENARIOS || word.startsWith(FAULT));
}

export function plays(scenario: readonly string[], word: Scenario): boolean {
  return scenario.includes(word);
}

/** @throws SoapFault where one is asked for */
export function playFault(scenario: readonly string[], operation: string): void {
  if (!scenario.includes(FAULT + operation)) return;
  throw new SoapFault('Server', 'An internal error occurred.');
}
