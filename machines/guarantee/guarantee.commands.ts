import type { Command, CommandRequest, Refusal } from '../shared/lifecycle.ts';
import { isCalendarDate } from '../shared/calendar.ts';
import { formatInstant } from '../shared/instant.ts';
import { formatMoney } from '../shared/money.ts';
import { illegal, incomplete, isWithin, outOfRange } from '../shared/refusals.ts';
import {
  claimableMinor,
  isAliveThere,
  isForPortal,
  openMinor,
  unpaidThereMinor,
  untoldReceipt,
} from './guarantee.amounts.ts';
import { bounce, moneyCommands, receive, refund } from './guarantee.recording.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeRules } from './guarantee.rules.ts';
import type { GuaranteeContext, GuaranteeStatus } from './guarantee.types.ts';

const DAY_MS = 86_400_000;

/** What a person may ask now, with the amounts that are allowed. */
export function commandsOf(
  rules: GuaranteeRules,
  status: GuaranteeStatus,
  c: GuaranteeContext,
): readonly Command[] {
  const own = ownCommands(status, c);
  const isOfInvoice = status === 'guaranteed' || status === 'overdue';
  if (!rules.recordsAllMoney) {
    const receipt = { verb: 'receive', maxMinor: openMinor(c) } as const;
    // Nobody could ask the provider about it any more either.
    if (SETTLED.has(status)) return own.filter(({ verb }) => verb === 'apply');
    return isOfInvoice ? [receipt, ...own] : own;
  }
  const money = moneyCommands(c);
  return isOfInvoice || SETTLED.has(status) ? [...money, ...own] : [...own, ...money];
}

const SETTLED: ReadonlySet<GuaranteeStatus> = new Set([
  'paid',
  'claimed',
  'written_off',
  'partially_refunded',
  'refunded',
]);

function ownCommands(status: GuaranteeStatus, c: GuaranteeContext): readonly Command[] {
  const open = { maxMinor: openMinor(c) };
  const whole = { maxMinor: unpaidThereMinor(c) };
  const recheck = { verb: 'recheck' } as const;
  const confirm = { verb: 'confirm-limit-released' } as const;
  const apply = untoldReceipt(c) === null ? [] : [{ verb: 'apply' } as const];
  switch (status) {
    case 'reserved':
      return [{ verb: 'capture', ...whole }, { verb: 'modify' }, { verb: 'cancel' }, recheck];
    case 'captured':
      return [{ verb: 'activate', ...whole }, { verb: 'cancel' }, recheck];
    case 'guarantee_denied':
      return [{ verb: 'activate', ...whole }, confirm, recheck];
    case 'limit_blocked':
      return [{ verb: 'cancel' }, confirm, recheck];
    case 'guaranteed':
      return [...apply, recheck];
    case 'overdue': {
      const claim = { verb: 'claim', maxMinor: claimableMinor(c) } as const;
      return [
        ...(claim.maxMinor > 0 ? [claim] : []),
        { verb: 'write-off', ...open },
        ...apply,
        recheck,
      ];
    }
    case 'paid':
    case 'claimed':
    case 'written_off':
    case 'partially_refunded':
    case 'refunded': {
      const end = isForPortal(c) ? confirm : ({ verb: 'cancel' } as const);
      return [...apply, ...(isAliveThere(c) ? [end] : []), recheck];
    }
    case 'parked':
      return [recheck, { verb: 'resolve' }];
    case 'reserving':
    case 'modifying':
    case 'capturing':
    case 'activating':
    case 'applying':
    case 'cancelling':
    case 'releasing':
    case 'inquiring':
    case 'cancelled':
    case 'declined':
    case 'expired':
      return [];
  }
}

/** Turns a person's request into the fact that it was asked, or says why it cannot be. */
export function decideGuarantee(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): GuaranteeEvent | Refusal {
  const { amountMinor, reason = null, reference = null, verb } = request;
  const command = allowed.find((each) => each.verb === verb);
  if (command === undefined) return illegal(verb, allowed);
  const { maxMinor = 0 } = command;
  const limit = { maxMinor, currency: c.currency };
  const isOther = amountMinor !== undefined && amountMinor !== command.maxMinor;
  if (rules.comparesAmounts && OF_THE_WHOLE.has(verb) && isOther) {
    return isNotTheWhole(command, c.currency, allowed);
  }
  switch (verb) {
    case 'recheck':
      return { type: 'recheck.requested', at };
    case 'capture':
      return capture(c, allowed, request, at);
    case 'modify':
      return amountMinor === undefined
        ? incomplete('Say the amountMinor that the order has now.', allowed)
        : { type: 'modification.requested', at, amountMinor, reason };
    case 'activate':
      return activate(c, allowed, request, at);
    case 'cancel':
      return { type: 'cancellation.requested', at, reason };
    case 'receive':
      return receive(rules, c, allowed, request, at);
    case 'bounce':
      return bounce(c, allowed, request, at);
    case 'refund':
      return refund(c, allowed, request, at);
    case 'apply':
      return { type: 'application.requested', at, receiptId: untoldReceipt(c) ?? '' };
    case 'claim': {
      const claimed = amountMinor ?? maxMinor;
      return isWithin(claimed, maxMinor)
        ? { type: 'claim.recorded', at, amountMinor: claimed, reference }
        : outOfRange(`What ${c.provider} pays`, limit, allowed);
    }
    case 'write-off':
      return { type: 'payment.written_off', at, amountMinor: maxMinor, reason };
    case 'confirm-limit-released':
      return { type: 'release.claimed', at, reason };
    case 'resolve':
      return propose(c, allowed, request, at);
    default:
      return illegal(verb, allowed);
  }
}

/** Verbs that do the whole, or are about no amount. */
const OF_THE_WHOLE: ReadonlySet<string> = new Set([
  'activate',
  'cancel',
  'apply',
  'write-off',
  'confirm-limit-released',
  'recheck',
  'bounce',
]);

function isNotTheWhole(
  { verb, maxMinor }: Command,
  currency: string,
  allowed: readonly Command[],
): Refusal {
  if (maxMinor === undefined) {
    return incomplete(`amountMinor: ${verb} is about no amount. Leave it out.`, allowed);
  }
  const detail =
    `${verb} is about the whole: ${maxMinor} minor units (${formatMoney(maxMinor, currency)}). ` +
    'Leave the amount out.';
  return { code: 'amount-out-of-range', detail, maxMinor, allowed };
}

function capture(
  c: GuaranteeContext,
  allowed: readonly Command[],
  { amountMinor, captureAt, final }: CommandRequest,
  at: number,
): GuaranteeEvent | Refusal {
  const maxMinor = unpaidThereMinor(c);
  if (captureAt !== undefined) {
    const detail = `${c.provider} captures now. For later, ask then.`;
    return { code: 'capture-time-invalid', detail, allowed };
  }
  if (final === false) return incomplete('The order is captured once, as a whole.', allowed);
  if (amountMinor !== undefined && amountMinor !== maxMinor) {
    const detail =
      `${c.provider} captures the order as a whole: ${maxMinor} minor units. ` +
      `Modify the order first where it has another amount now.`;
    return { code: 'amount-out-of-range', detail, maxMinor, allowed };
  }
  return { type: 'capture.requested', at };
}

/** `dueDate` and `deliveryDate` are judged by the provider; what cannot be is refused here. */
function activate(
  c: GuaranteeContext,
  allowed: readonly Command[],
  { deliveryDate, dueDate, invoiceNumber }: CommandRequest,
  at: number,
): GuaranteeEvent | Refusal {
  for (const [name, date] of Object.entries({ deliveryDate, dueDate })) {
    if (date !== undefined && !isCalendarDate(date)) {
      return incomplete(`${name} is no date of the calendar.`, allowed);
    }
  }
  if (dueDate !== undefined && deliveryDate !== undefined && dueDate < deliveryDate) {
    return incomplete('The invoice would be due before the delivery.', allowed);
  }
  // It is no longer yesterday anywhere on earth.
  if (dueDate !== undefined && dueDate < formatInstant(at - DAY_MS).slice(0, 10)) {
    return incomplete('dueDate lies in the past.', allowed);
  }
  return {
    type: 'activation.requested',
    at,
    wish: {
      invoiceNumber: invoiceNumber ?? c.wish.invoiceNumber,
      dueOn: dueDate ?? null,
      deliveryOn: deliveryDate ?? null,
    },
  };
}

/** What an operator saw. What the journal knows better is refused at once; the provider is asked
 *  for the rest. */
function propose(
  c: GuaranteeContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): GuaranteeEvent | Refusal {
  const { amountMinor, outcome, providerRef = null, reason } = request;
  if (outcome === undefined || reason === undefined) {
    const detail =
      'Say the outcome, `succeeded` or `failed`, and the reason: what you saw, and where.';
    return { code: 'resolution-incomplete', detail, allowed };
  }
  const inDoubt = c.operation?.amountMinor ?? 0;
  if (amountMinor !== undefined && amountMinor !== inDoubt) {
    const detail = `The ${c.operation?.verb} in doubt is of ${inDoubt} minor units: it took place with that amount, or it did not.`;
    return { code: 'contradicts-proof', detail, allowed };
  }
  if (providerRef !== null && c.providerRef !== null && providerRef !== c.providerRef) {
    const detail = `${c.provider} knows this order as ${c.providerRef}: its own answers prove it.`;
    return { code: 'contradicts-proof', detail, allowed };
  }
  return { type: 'resolution.proposed', at, outcome, providerRef, reason };
}
