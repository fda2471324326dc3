/** In what the versions of a guaranteed payment differ; one chart and one lifecycle make all of them. */
export type GuaranteeRules = {
  readonly version: number;
  /** What people say has come, bounced or been given back is recorded in every state. Before, money
   *  was taken for a guaranteed invoice only, and no more than was open. */
  readonly recordsAllMoney: boolean;
  /** A refused reservation is a no, and after any other refusal the provider is looked at. Before, it
   *  waited for a person, who could have it sent again. */
  readonly takesRefusalsForAnswers: boolean;
  /** What was heard during a doubt is looked at when that ends. */
  readonly looksAfterNews: boolean;
  /** A guarantee of an amount that the provider does not name is one. */
  readonly takesUnknownAmounts: boolean;
  /** An amount that is said with a command for the whole has to be the whole. */
  readonly comparesAmounts: boolean;
};

export const RULES_1: GuaranteeRules = {
  version: 1,
  recordsAllMoney: false,
  takesRefusalsForAnswers: false,
  looksAfterNews: false,
  takesUnknownAmounts: false,
  comparesAmounts: false,
};

export const RULES_2: GuaranteeRules = {
  version: 2,
  recordsAllMoney: true,
  takesRefusalsForAnswers: true,
  looksAfterNews: true,
  takesUnknownAmounts: true,
  comparesAmounts: true,
};
