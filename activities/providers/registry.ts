/** Providers with their adapters: for the worker. The API reads `catalog.ts`. */
import type { UnlockedIntegration } from '../../db/repositories/integration.repository.ts';
import { createApruveAdapter } from './apruve/adapter.ts';
import { apruveConfig } from './apruve/config.ts';
import { settingsOf } from './catalog.ts';
import type { CreditProvider } from './credit-provider.ts';
import type { GuaranteeProvider, InvoiceTermsOf } from './guarantee-provider.ts';
import { createInfinitePayAdapter } from './infinitepay/adapter.ts';
import { infinitePayConfig } from './infinitepay/config.ts';
import { invoiceTermsOf as infinitePayInvoiceTerms } from './infinitepay/invoice-terms.ts';
import type { CardProvider } from './provider.ts';
import { createStripeAdapter } from './stripe/adapter.ts';
import { stripeConfig } from './stripe/config.ts';

/** Adapters hold nothing but settings and credentials, so one is made for each version of an integration
 *  with each generation of its credentials: the repository gives the same object while both are the
 *  same, and forgets it with the generation. */
function onceEach<Provider>(
  make: (integration: UnlockedIntegration) => Provider,
): (integration: UnlockedIntegration) => Provider {
  const made = new WeakMap<UnlockedIntegration, Provider>();
  return (integration) => {
    const known = made.get(integration);
    if (known !== undefined) return known;
    const provider = make(integration);
    made.set(integration, provider);
    return provider;
  };
}

/** @throws Error when the integration's provider takes no cards or its settings cannot be read. */
export const cardProviderOf = onceEach((integration): CardProvider => {
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
});

/** @throws Error when the integration's provider guarantees nothing or its settings cannot be read. */
export const guaranteeProviderOf = onceEach((integration): GuaranteeProvider => {
  const { baseUrl, credentials, provider, settings } = integration;
  if (provider !== 'infinitepay') throw new Error(`no adapter guarantees through ${provider}`);
  return createInfinitePayAdapter(
    baseUrl,
    infinitePayConfig.credentials.parse(credentials),
    infinitePayConfig.settingsIn(settings),
  );
});

export const invoiceTermsOf: InvoiceTermsOf = ({ provider, settings }, order, asked) => {
  if (provider !== 'infinitepay') throw new Error(`no adapter guarantees through ${provider}`);
  return infinitePayInvoiceTerms(settings, order, asked);
};

/** @throws Error when the integration's provider gives no credit or its settings cannot be read. */
export const creditProviderOf = onceEach((integration): CreditProvider => {
  const { baseUrl, credentials, provider, settings } = integration;
  if (provider !== 'apruve') throw new Error(`no adapter gives credit through ${provider}`);
  return createApruveAdapter(
    baseUrl,
    apruveConfig.credentials.parse(credentials),
    apruveConfig.settingsIn(settings),
  );
});
