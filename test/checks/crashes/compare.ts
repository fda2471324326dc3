/** What a payment left behind, and how two runs of the same behaviour differ. */

export type Left = {
  readonly status: string;
  readonly amounts: Readonly<Record<string, unknown>>;
  readonly facts: readonly string[];
  /** Sum of the postings per account. */
  readonly ledger: Readonly<Record<string, number>>;
  /** What the provider did: `capture 10500 EUR`. */
  readonly movements: readonly string[];
  /** What the merchant was told, by name. */
  readonly told: readonly string[];
};

/** Facts that say that an answer was lost and asked for again. They move no money, and a run that
 *  was cut may have more of them than one that was not. */
const ASKING = /\.unknown$|^inquiry\.|^recheck\.|^picture\.confirmed$|^news\.received$/;

const withoutAsking = (facts: readonly string[]): readonly string[] =>
  facts.filter((type) => !ASKING.test(type));

/** One sentence a difference; empty when both say the same. */
export function differences(uncut: Left, cut: Left): readonly string[] {
  const pairs: readonly [string, unknown, unknown][] = [
    ['status', uncut.status, cut.status],
    ['amounts', uncut.amounts, cut.amounts],
    ['facts', withoutAsking(uncut.facts), withoutAsking(cut.facts)],
    ['ledger', uncut.ledger, cut.ledger],
    ['movements at the provider', uncut.movements, cut.movements],
    ['told to the merchant', uncut.told, cut.told],
  ];
  return pairs.flatMap(([what, one, other]) => {
    const [expected, found] = [JSON.stringify(one), JSON.stringify(other)];
    return expected === found ? [] : [`${what}: ${found} and not ${expected}`];
  });
}
