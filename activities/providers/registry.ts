/** Providers with their adapters: for the worker. The API reads `catalog.ts`. */
import type { UnlockedIntegration } from '../../db/repositories/integration.repository.ts';
import type { CardProvider } from './provider.ts';
import { settingsOf } from './catalog.ts';
import { createStripeAdapter } from './stripe/adapter.ts';
import { stripeConfig } from './stripe/config.ts';

/** @throws Error when the integration's provider takes no cards or its settings cannot be read. */
export function cardProviderOf(integration: UnlockedIntegration): CardProvider {
  switch (integration.provider) {
    case 'stripe': {
      const { policy: _policy, ...settings } = settingsOf(stripeConfig).parse(integration.settings);
      return createStripeAdapter(
        integration.baseUrl,
        stripeConfig.credentials.parse(integration.credentials),
        stripeConfig.settings.parse(settings),
      );
    }
    default:
      throw new Error(`no adapter takes cards through ${integration.provider}`);
  }
}
