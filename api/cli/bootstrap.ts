/**
 * Makes a database ready for local use: schema, the integrations `stripe_test`, `infinitepay_test` and
 * `apruve_test` at their simulators, `offline` for checks and payment terms, and one API key per role.
 * Repeating it changes no credentials that are there: somebody may have replaced a key since.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { SIMULATED_MERCHANT } from '../../activities/providers/apruve/simulator.ts';
import { PROVIDERS, settingsOf } from '../../activities/providers/catalog.ts';
import { SIMULATED_CREDENTIALS } from '../../activities/providers/infinitepay/simulator.ts';
import { connect } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import {
  type ApiKeyRepository,
  createApiKeyRepository,
  type Role,
} from '../../db/repositories/api-key.repository.ts';
import { CredentialsNotOpened } from '../../db/repositories/integration-credentials.ts';
import { createIntegrationRepository } from '../../db/repositories/integration.repository.ts';
import { createSecretBox } from '../../db/secret-box.ts';
import { readBootstrapEnv } from './env.ts';

const ACCOUNT = 'main';
const ROLES: readonly Role[] = ['checkout', 'sales', 'operator', 'admin'];

const env = readBootstrapEnv();
await migrate(env.DATABASE_URL);
const pool = connect(env.DATABASE_URL, { max: 2 });
const integrations = createIntegrationRepository(pool, createSecretBox(env.HOLDFAST_SECRET_KEY));

await save('stripe_test', 'stripe', {
  baseUrl: env.STRIPE_SIMULATOR_URL,
  settings: { multicapture: true },
  credentials: {
    // The simulator takes any key that looks like Stripe's own.
    secretKey: 'sk_test_holdfast_local',
    webhookSecrets: listOf(env.STRIPE_SIMULATOR_WEBHOOK_SECRET),
  },
});
await save('offline', 'offline', {
  baseUrl: '',
  settings: {
    payTo: 'Acme GmbH',
    sendTo: 'Acme GmbH, Hafenstraße 1, 20457 Hamburg',
    remindDaysBefore: 3,
    terms: { net30: { kind: 'net', days: 30 }, eom10: { kind: 'end_of_month', days: 10 } },
    customerGroups: { wholesale: 'net30' },
  },
  credentials: {},
});
await save('infinitepay_test', 'infinitepay', {
  baseUrl: env.INFINITEPAY_SIMULATOR_URL,
  settings: {
    terms: { net30: { kind: 'net', days: 30 } },
    customerGroups: { wholesale: 'net30' },
  },
  credentials: SIMULATED_CREDENTIALS,
});
await save('apruve_test', 'apruve', {
  baseUrl: env.APRUVE_SIMULATOR_URL,
  settings: { scriptUrl: new URL('/_pages/lightbox', env.APRUVE_SIMULATOR_URL).href },
  credentials: {
    merchantId: env.APRUVE_SIMULATOR_MERCHANT_ID ?? SIMULATED_MERCHANT.merchantId,
    apiKey: env.APRUVE_SIMULATOR_API_KEY ?? SIMULATED_MERCHANT.apiKey,
    webhookTokens: listOf(env.APRUVE_SIMULATOR_WEBHOOK_TOKEN),
  },
});
const issued = await ensureKeys(createApiKeyRepository(pool), env.HOLDFAST_KEYS_FILE);
await pool.end();
process.stdout.write(`READY ${JSON.stringify({ keys: issued })}\n`);

function listOf(secret: string | undefined): string[] {
  return secret === undefined ? [] : [secret];
}

async function save(
  id: string,
  provider: string,
  given: { baseUrl: string; settings: Record<string, unknown>; credentials: unknown },
): Promise<void> {
  const entry = PROVIDERS[provider];
  if (entry === undefined) throw new Error(`${provider} is not in the catalog`);
  const settings = settingsOf(entry).parse(given.settings);
  const { baseUrl, credentials } = given;
  const link = { id, accountId: ACCOUNT, provider, mode: 'test', enabled: true } as const;
  if (await hasCredentials(id)) {
    await integrations.save({ ...link, baseUrl, settings });
    return;
  }
  const by = entry.accountBy?.(credentials);
  const providerAccount = by?.kind === 'named' ? by.account : null;
  await integrations.save({ ...link, baseUrl, settings, credentials, providerAccount });
}

/** False also where another secret key has sealed them: nobody can use those. */
async function hasCredentials(id: string): Promise<boolean> {
  try {
    return (await integrations.newest(id)) !== null;
  } catch (error) {
    if (error instanceof CredentialsNotOpened) return false;
    throw error;
  }
}

/** The database knows only hashes, so the keys themselves are kept beside the local data. */
async function ensureKeys(
  apiKeys: ApiKeyRepository,
  file: string,
): Promise<Record<string, string>> {
  const kept = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>)
    : {};
  const keys: Record<string, string> = {};
  for (const role of ROLES) {
    const key = kept[role];
    const inForce = key !== undefined && (await apiKeys.find(key)) !== null;
    keys[role] = inForce ? key : await apiKeys.issue({ accountId: ACCOUNT, mode: 'test', role });
  }
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  return keys;
}
