/** The adapter over real HTTP, before the simulator or what its answers are made into. */
import { createStripeAdapter } from '../../../../activities/providers/stripe/adapter.ts';
import {
  createStripeSimulator,
  type StripeSimulatorOptions,
} from '../../../../activities/providers/stripe/simulator.ts';
import { createStage, type ProviderUnderTest } from '../../../contract/provider.stage.ts';
import { listen } from '../../../support/serve.ts';

const settings = { multicapture: true, timeoutMs: 2_000 };
const credentials = (secretKey: string) => ({ secretKey, webhookSecrets: [] });

export async function stripeUnderTest(
  options: StripeSimulatorOptions = {},
): Promise<ProviderUnderTest> {
  const simulator = createStripeSimulator({ multicapture: true, ...options });
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
}

export async function stripeStage() {
  const under = await stripeUnderTest();
  const stage = createStage(under);
  const answers = (method: string, path: string, status: number, body?: unknown) =>
    stage.admin('answers', { method, path, status, body });
  return {
    ...stage,
    provider: under.provider,
    url: under.simulatorUrl,
    stop: () => under.stop(),
    /** What the next call is told instead: an error of Stripe's. */
    refuseNext: (method: string, path: string, status: number, error: object) =>
      answers(method, path, status, {
        error: { type: 'invalid_request_error', message: 'No.', ...error },
      }),
    answerNext: answers,
    dashboard: (action: string, wish: object) => stage.admin(`dashboard/${action}`, wish),
    look: (providerRef: string, currency = 'EUR') =>
      under.provider.look(
        { type: 'picture', providerRefs: [providerRef], currency },
        stage.callFor({ operationId: '' }),
      ),
  };
}

export type StripeStage = Awaited<ReturnType<typeof stripeStage>>;
