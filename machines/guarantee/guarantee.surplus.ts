/** What people read of money that came too much, or that is gone again. */
import { formatMoney } from '../shared/money.ts';
import {
  openMinor,
  overpaidMinor,
  recoveredMinor,
  uncoveredMinor,
  wronglyToldMinor,
} from './guarantee.amounts.ts';
import type { GuaranteeContext } from './guarantee.types.ts';

/** Each stays true until the amounts say otherwise: nothing of it has to be dismissed. */
export const moneySentences = (c: GuaranteeContext): readonly (string | null)[] => [
  withoutCover(c),
  bouncedLast(c),
  toldWrongly(c),
  ...tooMuch(c),
];

const lesser = (one: number, other: number): number => (one < other ? one : other);

/** Money that is gone. */
function withoutCover(c: GuaranteeContext): string | null {
  const lost = uncoveredMinor(c);
  if (lost === 0) return null;
  const money = formatMoney(lost, c.currency);
  return `${money} was given back out of money that did not arrive after all. Ask the buyer to return it.`;
}

function bouncedLast(c: GuaranteeContext): string | null {
  const receipt = c.receipts[c.bouncedReceipt ?? ''];
  if (receipt === undefined || openMinor(c) === 0) return null;
  const { amountMinor, reference } = receipt;
  const which = reference === null ? '' : ` (${reference})`;
  return `${formatMoney(amountMinor, c.currency)} did not arrive after all${which}. Ask the buyer for it again.`;
}

/** There is no operation that takes a report back. */
function toldWrongly(c: GuaranteeContext): string | null {
  const wrong = wronglyToldMinor(c);
  if (wrong === 0 || openMinor(c) === 0) return null;
  return (
    `${c.provider} was told that ${formatMoney(wrong, c.currency)} was paid, and that cannot be taken back ` +
    `from here. Tell ${c.provider} in its portal that the money did not arrive.`
  );
}

/** What came beyond what is owed: of a claim it is the provider's, else the buyer's. What was written
 *  off and came all the same is the merchant's. */
function tooMuch(c: GuaranteeContext): readonly string[] {
  const over = overpaidMinor(c) - recoveredMinor(c);
  const toProvider = lesser(over, c.claimedMinor);
  const toBuyer = over - toProvider;
  const money = (amountMinor: number): string => formatMoney(amountMinor, c.currency);
  return [
    ...(toProvider > 0
      ? [
          `The buyer has paid ${money(toProvider)} that ${c.provider} had paid already. Hand it to ` +
            `${c.provider}, and record that as a refund.`,
        ]
      : []),
    ...(toBuyer > 0
      ? [`${money(toBuyer)} came ${why(c)}. Send it back, and record the refund.`]
      : []),
  ];
}

function why(c: GuaranteeContext): string {
  if (c.stage === 'none') return 'although nothing was reserved';
  return c.releasedMinor > 0 ? 'although the order was cancelled' : 'beyond what is owed';
}
