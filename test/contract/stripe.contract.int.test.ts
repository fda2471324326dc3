import { stripeUnderTest } from '../activities/providers/stripe/adapter.stage.ts';
import { describeCardProvider } from './provider.contract.ts';

describeCardProvider('Stripe', stripeUnderTest);
