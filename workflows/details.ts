/** What operators read in the Temporal UI, in words. */
import { formatInstant } from '../machines/shared/instant.ts';
import type {
  Command,
  Deadline,
  PaymentView,
  UpcomingEvent,
} from '../machines/shared/lifecycle.ts';
import { formatMoney } from '../machines/shared/money.ts';

const WHEN_DUE: Readonly<Record<string, string>> = {
  'inquiry.due': 'Ask the provider again',
  'inquiry.exhausted': 'Stop asking, hand over to an operator',
  'hold.ending': 'The hold is about to end: tell people',
  'hold.due': 'The hold ends: ask the provider',
  'reminder.due': 'Remind the buyer',
  'payment.overdue': 'The payment is due',
  'funding.overdue': 'The provider should have paid an invoice: ask it',
  'offer.timed_out': 'The buyer has not accepted: give the offer up',
  'order.expiry_due': 'The order lapses: ask the provider',
  'reservation.aged': 'Ask people why it is not activated yet',
  'limit.released': 'Take the operator’s word that the limit is free',
  'capture.due': 'Capture as scheduled',
  'buyer.timed_out': 'The buyer has not come back: give the payment up',
  'late_money.rejected': 'Give back what the buyer paid too late',
  'resolution.applied': 'Apply what an operator said',
};

const WHEN_ENDING: Readonly<Record<string, string>> = {
  reauthorize: 'Renew the hold, before it ends',
  capture: 'Capture all that is held, before the hold ends',
  void: 'Release the hold, before it ends',
};

function inWords({ at, event, action }: UpcomingEvent): string {
  const what = WHEN_ENDING[action ?? ''] ?? WHEN_DUE[event] ?? event;
  return `${what} at ${formatInstant(at)}`;
}

export const timerSummary = ({ at, event }: Deadline): string =>
  inWords({
    at,
    event: event.type,
    ...('action' in event ? { action: String(event.action) } : {}),
  });

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
  const { disputed, chargedBack } = view.amounts;
  const row = (name: string, minor: number): string =>
    `| ${name} | ${formatMoney(minor, currency)} |`;
  const lines = [
    `### ${view.statusText}`,
    ...(view.needsAttention === null ? [] : [`**Needs attention:** ${view.needsAttention}`]),
    ...(refusedSignal === null ? [] : [`**Refused:** ${refusedSignal}`]),
    ...(view.decline === null
      ? []
      : [`Declined (${view.decline.verb}): ${view.decline.code}. ${view.decline.message}`]),
    [
      '| | |',
      '|---|---:|',
      row('Requested', requested),
      row(view.amountWords.authorized, authorized),
      row(view.amountWords.captured, captured),
      row(view.amountWords.voided, voided),
      row('Refunded', refunded),
      ...(disputed > 0 ? [row('Disputed', disputed)] : []),
      ...(chargedBack > 0 ? [row('Charged back', chargedBack)] : []),
    ].join('\n'),
    ...view.remarks,
    deadline === null ? 'Nothing happens by itself.' : `Next: ${timerSummary(deadline)}.`,
    ...(view.deadlines.length === 0
      ? []
      : [['By itself:', ...view.deadlines.map((each) => `- ${inWords(each)}`)].join('\n')]),
    view.commands.length === 0
      ? 'Nothing may be asked of it now.'
      : `May be asked to: ${view.commands.map((each) => ask(each, currency)).join(', ')}.`,
    `Story: \`GET /v1/payments/${paymentId}/events\``,
    ...(view.providerRef === null ? [] : [`Provider's reference: \`${view.providerRef}\``]),
  ];
  return lines.join('\n\n');
}
