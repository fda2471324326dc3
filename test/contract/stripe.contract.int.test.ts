import { createStripeAdapter } from '../../activities/providers/stripe/adapter.ts';
import { createStripeSimulator } from '../../activities/providers/stripe/simulator.ts';
import { listen } from '../support/serve.ts';
import { describeCardProvider } from './provider.contract.ts';

const settings = { multicapture: true, timeoutMs: 2_000 };
const credentials = (secretKey: string) => ({ secretKey, webhookSecrets: [] });

describeCardProvider('Stripe', async () => {
  const simulator = createStripeSimulator({ multicapture: true });
  const stripe = await listen((request, env) => simulator.app.fetch(request, env));
  /** Stripe after a change that this adapter has not heard of. */
  const newer = await listen(async (request, env) => {
    const answer = await simulator.app.fetch(request, env);
    const text = (await answer.text()).replace(/"status": "\w+"/g, '"status": "awaits_the_moon"');
    return new Response(text, { status: answer.status });
  });
  const adapter = (baseUrl: string, secretKey = 'sk_test_contract') =>
    createStripeAdapter(baseUrl, credentials(secretKey), settings);
  return {
    provider: adapter(stripe.url),
    withWrongCredentials: adapter(stripe.url, 'sk_live_wrong'),
    withUnknownStatus: adapter(newer.url),
    simulatorUrl: stripe.url,
    multicapture: true,
    tokens: {
      good: 'pm_card_visa',
      declined: 'pm_card_chargeDeclined',
      asksBuyer: 'pm_card_authenticationRequired',
      slowRefund: 'pm_card_pendingRefund',
    },
    actAsBuyer: async (url, passes) => {
      const body = new URLSearchParams({ outcome: passes ? 'complete' : 'fail' });
      await fetch(url, { method: 'POST', body, redirect: 'manual' });
    },
    stop: async () => {
      await newer.stop();
      await stripe.stop();
      simulator.close();
    },
  };
});
