/** What operators read in the Temporal UI, in words. */
import type { Command, Deadline, PaymentView } from '../machines/shared/lifecycle.ts';
import { formatMoney } from '../machines/shared/money.ts';

const instant = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const WHEN_DUE: Readonly<Record<string, string>> = {
  'inquiry.due': 'Ask the provider again',
  'inquiry.exhausted': 'Stop asking, hand over to an operator',
  'hold.due': 'The hold ends: ask the provider',
  'buyer.timed_out': 'The buyer has not come back: give the payment up',
};

export const timerSummary = (deadline: Deadline): string =>
  `${WHEN_DUE[deadline.event.type] ?? deadline.event.type} at ${instant(deadline.at)}`;

const words = (status: string): string => {
  const spaced = status.replaceAll('_', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

function ask({ verb, maxMinor }: Command, currency: string): string {
  return maxMinor === undefined ? verb : `${verb} up to ${formatMoney(maxMinor, currency)}`;
}

/** Markdown: the state in words, where the money is, what comes next, what may be asked. */
export function describePayment(
  paymentId: string,
  view: PaymentView,
  deadline: Deadline | null,
  refusedSignal: string | null,
): string {
  const { currency, requested, authorized, captured, voided, refunded } = view.amounts;
  const row = (name: string, minor: number): string =>
    `| ${name} | ${formatMoney(minor, currency)} |`;
  const lines = [
    `### ${words(view.status)}`,
    ...(view.needsAttention === null ? [] : [`**Needs attention:** ${view.needsAttention}`]),
    ...(refusedSignal === null ? [] : [`**Refused:** ${refusedSignal}`]),
    ...(view.decline === null
      ? []
      : [`Declined (${view.decline.verb}): ${view.decline.code}. ${view.decline.message}`]),
    [
      '| | |',
      '|---|---:|',
      row('Requested', requested),
      row('Authorized', authorized),
      row('Captured', captured),
      row('Released', voided),
      row('Refunded', refunded),
    ].join('\n'),
    deadline === null ? 'Nothing happens by itself.' : `Next: ${timerSummary(deadline)}.`,
    view.commands.length === 0
      ? 'Nothing may be asked of it now.'
      : `May be asked to: ${view.commands.map((each) => ask(each, currency)).join(', ')}.`,
    `Story: \`GET /v1/payments/${paymentId}/events\``,
    ...(view.providerRef === null ? [] : [`Provider's reference: \`${view.providerRef}\``]),
  ];
  return lines.join('\n\n');
}
