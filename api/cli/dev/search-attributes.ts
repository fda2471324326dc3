/**
 * What operators filter by in the Temporal UI (design.md §11). The stack imports no layer of the
 * product, so this repeats `workflows/search-attributes.ts`; a test keeps the two the same.
 */
export const SEARCH_ATTRIBUTES: Readonly<Record<string, 'Keyword' | 'Bool'>> = {
  PaymentStatus: 'Keyword',
  Lifecycle: 'Keyword',
  Provider: 'Keyword',
  OrderNumber: 'Keyword',
  NeedsAttention: 'Bool',
};
