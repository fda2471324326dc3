import { amountProblem } from './amounts.ts';
import type { StripeCredentials } from './config.ts';

/** What Stripe can do, as the rest of Holdfast asks for it. */
export const stripeCapabilities = {
  /** As people say it. */
  label: 'Stripe',
  /** Payment method → lifecycle family. */
  methods: { card: 'card' },
  amountProblem,
  /** Stripe's keys say which of its two worlds they open. */
  modeOf: (credentials: StripeCredentials): string => credentials.secretKey.split('_')[1] ?? '',
} as const;
