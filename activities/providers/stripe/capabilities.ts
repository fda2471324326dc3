import { amountProblem } from './amounts.ts';

/** What Stripe can do, as the rest of Holdfast asks for it. */
export const stripeCapabilities = {
  /** As people say it. */
  label: 'Stripe',
  /** Payment method → lifecycle family. */
  methods: { card: 'card' },
  amountProblem,
} as const;
