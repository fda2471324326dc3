import { createHash, randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { Mode } from './integration.repository.ts';

export type Role = 'checkout' | 'sales' | 'operator' | 'admin';

/** Who calls: what an API key stands for. */
export type Caller = {
  readonly accountId: string;
  readonly mode: Mode;
  readonly role: Role;
  /** The key's first characters, enough to tell who it was and too few to use it. */
  readonly keyPrefix: string;
};

const PREFIX_LENGTH = 14;

/** SHA-256 suffices for keys of 192 random bits: there is nothing to guess, so nothing to slow. */
const hashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

type Row = { prefix: string; account_id: string; mode: Mode; role: Role };

export type ApiKeyRepository = {
  find(key: string): Promise<Caller | null>;
  /** Makes a key and returns it; only its hash is kept, so it cannot be shown again. */
  issue(owner: { accountId: string; mode: Mode; role: Role }): Promise<string>;
};

export function createApiKeyRepository(pool: pg.Pool): ApiKeyRepository {
  return {
    async find(key) {
      const { rows } = await pool.query<Row>({
        name: 'api_key_find',
        text: `select prefix, account_id, mode, role from api_keys
               where hash = $1 and revoked_at is null`,
        values: [hashOf(key)],
      });
      const row = rows[0];
      if (row === undefined) return null;
      return { accountId: row.account_id, mode: row.mode, role: row.role, keyPrefix: row.prefix };
    },
    async issue({ accountId, mode, role }) {
      const key = `hf_${mode}_${randomBytes(24).toString('base64url')}`;
      await pool.query(
        `insert into api_keys (hash, prefix, account_id, mode, role, created_at)
         values ($1, $2, $3, $4, $5, now())`,
        [hashOf(key), key.slice(0, PREFIX_LENGTH), accountId, mode, role],
      );
      return key;
    },
  };
}
