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
  /** What somebody asked for once more, because it had never been done. */
  readonly askedAgain: readonly string[];
};

/** Facts that say that an answer was lost and asked for again. They move no money, and a run that
 *  was cut may have more of them than one that was not. */
const ASKING = /\.unknown$|^inquiry\.|^recheck\.|^picture\.confirmed$|^news\.received$/;

/** A review that was over when somebody looked left no fact, what was found was approved, and that an
 *  invoice was paid is news that may come minutes later. */
const settledFacts = (facts: readonly string[]): readonly string[] =>
  facts
    .filter((type) => !ASKING.test(type) && !/\.reviewed$|^invoice\.closed$/.test(type))
    .map((type) => type.replace(/\.found$/, '.approved'));

const toldAtOnce = (told: readonly string[]): readonly string[] =>
  told.filter((name) => name !== 'payment.invoice_closed');

/** What a provider that knows no key is not sent twice counts as not done; then people ask again. */
const OF_ASKING_AGAIN =
  /\.(requested|absent|declined)$|^payment\.(needs_attention|guarantee_denied|\w+_failed)$/;

/** The same, or with nothing between but what asking again leaves behind. */
function follows(expected: readonly string[], found: readonly string[], isAgain: boolean): boolean {
  let at = 0;
  for (const each of found) {
    if (each === expected[at]) at += 1;
    else if (!isAgain || !OF_ASKING_AGAIN.test(each)) return false;
  }
  return at === expected.length;
}

/** One sentence a difference; empty when both say the same. */
export function differences(uncut: Left, cut: Left): readonly string[] {
  const pairs: readonly [string, unknown, unknown][] = [
    ['status', uncut.status, cut.status],
    ['amounts', uncut.amounts, cut.amounts],
    ['ledger', uncut.ledger, cut.ledger],
    ['movements at the provider', uncut.movements, cut.movements],
  ];
  const isAgain = cut.askedAgain.length > 0;
  const stories: readonly [string, readonly string[], readonly string[]][] = [
    ['facts', settledFacts(uncut.facts), settledFacts(cut.facts)],
    ['told to the merchant', toldAtOnce(uncut.told), toldAtOnce(cut.told)],
  ];
  const wrong: readonly [string, unknown, unknown][] = [
    ...pairs.filter(([, one, other]) => JSON.stringify(one) !== JSON.stringify(other)),
    ...stories.filter(([, one, other]) => !follows(one, other, isAgain)),
  ];
  return wrong.map(
    ([what, one, other]) => `${what}: ${JSON.stringify(other)} and not ${JSON.stringify(one)}`,
  );
}
