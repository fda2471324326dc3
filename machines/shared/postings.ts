import type { Posting } from './lifecycle.ts';

export type { Posting };

/** `amountMinor` from `credit` to `debit`; nothing is posted for nothing. */
export const entry = (
  currency: string,
  debit: Posting['account'],
  credit: Posting['account'],
  amountMinor: number,
): Posting[] =>
  amountMinor === 0
    ? []
    : [
        { account: debit, currency, amountMinor },
        { account: credit, currency, amountMinor: -amountMinor },
      ];
