import type { Money } from '../../../machines/shared/money.ts';

/** What is promised here and paid elsewhere. */
export const offlineCapabilities = {
  /** As people say it. */
  label: 'Offline',
  /** Payment method → lifecycle family. */
  methods: { check: 'promise', terms: 'promise' },
  amountProblem: (_amount: Money): string | null => null,
} as const;
