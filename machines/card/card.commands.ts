import { formatMoney } from '../shared/money.ts';
import type { Command, CommandRequest, Refusal } from '../shared/lifecycle.ts';
import { openHoldMinor } from './card.record.ts';
import type { CardContext, CardEvent } from './card.types.ts';

/** Turns a person's request into the fact that it was asked, or says why it cannot be. */
export function decideCommand(
  c: CardContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): CardEvent | Refusal {
  const command = allowed.find(({ verb }) => verb === request.verb);
  if (command === undefined) return illegal(request.verb, allowed);
  const maxMinor = command.maxMinor ?? 0;
  const amountMinor = request.amountMinor ?? maxMinor;
  switch (request.verb) {
    case 'void':
      return { type: 'void.requested', at };
    case 'capture': {
      if (!within(amountMinor, maxMinor)) return outOfRange(c, 'capture', maxMinor, allowed);
      const final = request.final ?? true;
      const isPart = amountMinor < openHoldMinor(c);
      if (!final && isPart && !c.multicapture) return mustBeFinal(allowed);
      return { type: 'capture.requested', at, amountMinor, final };
    }
    case 'refund': {
      if (!within(amountMinor, maxMinor)) return outOfRange(c, 'refund', maxMinor, allowed);
      return { type: 'refund.requested', at, amountMinor, reason: request.reason ?? null };
    }
    default:
      return illegal(request.verb, allowed);
  }
}

const within = (amountMinor: number, maxMinor: number): boolean =>
  Number.isSafeInteger(amountMinor) && amountMinor > 0 && amountMinor <= maxMinor;

function illegal(verb: string, allowed: readonly Command[]): Refusal {
  const now =
    allowed.length === 0
      ? 'Nothing may be asked of it now.'
      : `Now it may be asked to: ${allowed.map((command) => command.verb).join(', ')}.`;
  const detail = `This payment cannot be asked to ${verb} in its present state. ${now}`;
  return { code: 'illegal-transition', detail, allowed };
}

function outOfRange(
  c: CardContext,
  verb: string,
  maxMinor: number,
  allowed: readonly Command[],
): Refusal {
  const limit = formatMoney(maxMinor, c.currency);
  const detail = `A ${verb} of this payment may take from 1 to ${maxMinor} minor units (${limit}).`;
  return { code: 'amount-out-of-range', detail, maxMinor, allowed };
}

function mustBeFinal(allowed: readonly Command[]): Refusal {
  const detail =
    'The provider allows a single capture of this hold. Capture with `final: true`, which releases the rest.';
  return { code: 'capture-must-be-final', detail, allowed };
}
