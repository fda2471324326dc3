/** Variant C: a bare workflow, written by hand, with no chart and no journal. */
export const BARE_QUEUE = 'bench-bare';

export type BareInput = { readonly paymentId: string; readonly amountMinor: number };

export type BareActivities = {
  authorize(input: BareInput): Promise<string>;
  capture(input: { readonly paymentId: string; readonly ref: string }): Promise<void>;
};
