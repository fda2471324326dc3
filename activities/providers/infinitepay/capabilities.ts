import { amountProblem } from './amounts.ts';

/** What InfinitePay can do, as the rest of Holdfast asks for it. */
export const infinitePayCapabilities = {
  /** As people say it. */
  label: 'InfinitePay',
  /** Payment method → lifecycle family. */
  methods: { guarantee: 'guarantee' },
  amountProblem,
} as const;
