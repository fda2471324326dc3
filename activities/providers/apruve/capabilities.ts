import type { Money } from '../../../machines/shared/money.ts';

/** Apruve pays in no other.
 *  Source: Oro's SupportedCurrenciesProvider, see README.md; read 2026-11-21. */
const CURRENCY = 'USD';

/** What Apruve can do, as the rest of Holdfast asks for it. */
export const apruveCapabilities = {
  /** As people say it. */
  label: 'Apruve',
  /** Payment method → lifecycle family. */
  methods: { credit: 'credit' },
  /** Its two worlds, which nothing in the credentials tells apart. */
  hosts: { test: 'test.apruve.com', live: 'app.apruve.com' },
  amountProblem: ({ currency }: Money): string | null =>
    currency === CURRENCY
      ? null
      : 'Apruve takes US dollars only: send currency USD, or offer another method.',
} as const;
