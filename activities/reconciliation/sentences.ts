/** What differs and what can be done, in words for an operator. */
import { formatMoney, isCurrency } from '../../machines/shared/money.ts';
import type { Difference, Says } from './differences.ts';

type Named = {
  /** The provider as people say it. */
  readonly provider: string;
  /** `order 4711`; null when no payment of ours is concerned. */
  readonly source: string | null;
};

export function sentenceOf(difference: Difference, { provider, source }: Named): string {
  const { kind, providerRef, paymentId, providerSays, holdfastSays, isCorrectable } = difference;
  const whose = `${source ?? 'no order'}, ${providerRef}`;
  const both = (verb: string, field: string): string =>
    `${provider} says that ${money(providerSays, field)} is ${verb}, Holdfast says ` +
    `${money(holdfastSays, field)} (${whose}). ${outlook(isCorrectable, provider)}`;
  switch (kind) {
    case 'unknown_payment': {
      const carries = paymentId === null ? '' : ` It carries the name of ${paymentId}.`;
      return (
        `${provider} has ${parts(providerSays)} under ${providerRef}, and no payment of Holdfast ` +
        `has it.${carries} Find out who took it: refund or release it at ${provider}, or, if it is ` +
        `another system’s, resolve this with that reason.`
      );
    }
    case 'capture_differs':
      return both('captured', 'capturedMinor');
    case 'hold_differs':
      return both('held', 'heldMinor');
    case 'refund_differs':
      return both('refunded', 'refundedMinor');
    case 'dispute_differs':
      return (
        `${provider} has ${disputes(providerSays)}, Holdfast has ${disputes(holdfastSays)} ` +
        `(${whose}). ${outlook(isCorrectable, provider)}`
      );
    case 'missing_at_provider':
      return (
        `Holdfast has ${parts(holdfastSays)} (${whose}), and ${provider} says that it does not have ` +
        `that payment. Compare the account that the integration’s key belongs to with the one that ` +
        `took the payment; if they are the same, ask ${provider}.`
      );
  }
}

const outlook = (isCorrectable: boolean, provider: string): string =>
  isCorrectable
    ? `The payment was told and asks ${provider}; the next comparison closes this when both say the ` +
      `same. If it stays open, recheck the payment.`
    : `The payment cannot follow ${provider} here by itself: read its story, decide what is true, ` +
      `and resolve this with the reason.`;

function parts(says: Says): string {
  const named = [
    ['heldMinor', 'held'],
    ['capturedMinor', 'captured'],
    ['refundedMinor', 'refunded'],
  ] as const;
  const said = named
    .filter(([field]) => Number(says[field] ?? 0) !== 0)
    .map(([field, verb]) => `${money(says, field)} ${verb}`);
  return said.length === 0 ? 'no money' : said.join(', ');
}

function disputes({ currency, disputes: all }: Says): string {
  const each = Object.entries(
    (all ?? {}) as Record<string, { status: string; amountMinor: number }>,
  );
  if (each.length === 0) return 'no dispute';
  return each
    .map(([ref, { status, amountMinor }]) => `${words(amountMinor, currency)} ${status} (${ref})`)
    .join(', ')
    .replace(/^/, each.length === 1 ? 'a dispute: ' : 'disputes: ');
}

const money = (says: Says, field: string): string => words(Number(says[field] ?? 0), says.currency);

/** A stranger's payment may be in something that is no currency to us. */
const words = (amountMinor: number, currency: string): string =>
  isCurrency(currency) ? formatMoney(amountMinor, currency) : `${amountMinor} of ${currency}`;
