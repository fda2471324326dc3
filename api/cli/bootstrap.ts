/**
 * Makes a database ready for local use: schema, the integration `stripe_test` at the simulator, the
 * integration `offline` for checks and payment terms, and one API key per role. Repeating it changes
 * nothing that is there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { settingsOf, PROVIDERS } from '../../activities/providers/catalog.ts';
import { connect } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import {
  type ApiKeyRepository,
  createApiKeyRepository,
  type Role,
} from '../../db/repositories/api-key.repository.ts';
import { createIntegrationRepository } from '../../db/repositories/integration.repository.ts';
import { createSecretBox } from '../../db/secret-box.ts';
import { readBootstrapEnv } from './env.ts';

const ACCOUNT = 'main';
const ROLES: readonly Role[] = ['checkout', 'sales', 'operator', 'admin'];

const env = readBootstrapEnv();
const { STRIPE_SIMULATOR_WEBHOOK_SECRET: webhookSecret } = env;
await migrate(env.DATABASE_URL);
const pool = connect(env.DATABASE_URL, { max: 2 });
const stripe = PROVIDERS['stripe'];
if (stripe === undefined) throw new Error('Stripe is not in the catalog');
const integrations = createIntegrationRepository(pool, createSecretBox(env.HOLDFAST_SECRET_KEY));
await integrations.save({
  id: 'stripe_test',
  accountId: ACCOUNT,
  provider: 'stripe',
  mode: 'test',
  baseUrl: env.STRIPE_SIMULATOR_URL,
  settings: settingsOf(stripe).parse({ multicapture: true }),
  credentials: {
    // The simulator takes any key that looks like Stripe's own.
    secretKey: 'sk_test_holdfast_local',
    webhookSecrets: webhookSecret === undefined ? [] : [webhookSecret],
  },
  enabled: true,
});
const offline = PROVIDERS['offline'];
if (offline === undefined) throw new Error('What is paid offline is not in the catalog');
await integrations.save({
  id: 'offline',
  accountId: ACCOUNT,
  provider: 'offline',
  mode: 'test',
  baseUrl: '',
  settings: settingsOf(offline).parse({
    payTo: 'Acme GmbH',
    sendTo: 'Acme GmbH, Hafenstraße 1, 20457 Hamburg',
    remindDaysBefore: 3,
    terms: { net30: { kind: 'net', days: 30 }, eom10: { kind: 'end_of_month', days: 10 } },
    customerGroups: { wholesale: 'net30' },
  }),
  credentials: {},
  enabled: true,
});
const issued = await ensureKeys(createApiKeyRepository(pool), env.HOLDFAST_KEYS_FILE);
await pool.end();
process.stdout.write(`READY ${JSON.stringify({ keys: issued })}\n`);

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
