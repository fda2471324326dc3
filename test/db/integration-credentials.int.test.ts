/** Settings in versions, credentials in generations, and the way from the former layout. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connect } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { createIntegrationRepository } from '../../db/repositories/integration.repository.ts';
import { createSecretBox } from '../../db/secret-box.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const secretKey = randomBytes(32).toString('base64');
const box = createSecretBox(secretKey);
let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = connect(database.url, { max: 5 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const repository = (key = secretKey) => createIntegrationRepository(pool, createSecretBox(key));
const link = (id: string, settings: Record<string, unknown> = {}) => ({
  id,
  accountId: 'main',
  provider: 'stripe',
  mode: 'test' as const,
  baseUrl: 'https://api.stripe.com',
  settings,
  enabled: true,
});
const save = (id: string, secret: string, settings: Record<string, unknown> = {}) =>
  repository().save({ ...link(id, settings), credentials: { secretKey: secret } });
const generations = async (id: string) =>
  (
    await pool.query<{ generation: number }>(
      'select generation from integration_credentials where integration_id = $1 order by 1',
      [id],
    )
  ).rows.map(({ generation }) => generation);

describe('an integration’s credentials', () => {
  it('come back to whom they belong and are not readable in the database', async () => {
    await save('mine', 'sk_test_mine');
    expect((await repository().version('mine', 1)).credentials).toEqual({
      secretKey: 'sk_test_mine',
    });
    const { rows } = await pool.query<{ row: string; bytes: Buffer }>(
      `select c::text as row, sealed as bytes from integration_credentials c
       where integration_id = 'mine'`,
    );
    expect(rows[0]!.row).not.toContain('sk_test_mine');
    expect(rows[0]!.bytes.toString('latin1')).not.toContain('sk_test_mine');
    await expect(repository(randomBytes(32).toString('base64')).version('mine', 1)).rejects.toThrow(
      /authenticate/,
    );
  });

  it('cannot be moved to another integration or another generation', async () => {
    await save('theirs', 'sk_test_theirs');
    await save('thief', 'sk_test_thief');
    await pool.query(
      `update integration_credentials
       set sealed = (select sealed from integration_credentials where integration_id = 'theirs')
       where integration_id = 'thief'`,
    );
    await expect(repository().version('thief', 1)).rejects.toThrow(/authenticate/);
    await pool.query(
      `update integration_credentials set generation = 2 where integration_id = 'theirs'`,
    );
    await expect(repository().version('theirs', 1)).rejects.toThrow(/authenticate/);
  });

  it('are a new generation and no new version when they alone change', async () => {
    await save('rotated', 'sk_test_1');
    const saved = await save('rotated', 'sk_test_2');
    expect(saved).toMatchObject({ version: 1, credentialsGeneration: 2 });
    expect(await repository().version('rotated', 1)).toMatchObject({
      credentials: { secretKey: 'sk_test_2' },
    });
  });

  it('are in force for a version that was saved before them and for one after', async () => {
    await save('versions', 'sk_test_1');
    await save('versions', 'sk_test_2', { multicapture: true });
    for (const version of [1, 2]) {
      const { credentials, settings } = await repository().version('versions', version);
      expect(credentials).toEqual({ secretKey: 'sk_test_2' });
      expect(settings).toEqual(version === 1 ? {} : { multicapture: true });
    }
    expect(await repository().newest('versions')).toMatchObject({
      version: 2,
      credentialsGeneration: 2,
      credentials: { secretKey: 'sk_test_2' },
    });
  });

  it('stay when settings alone are saved, and nothing is new when all is equal', async () => {
    await save('kept', 'sk_test_1');
    const before = await repository().current('main', 'kept');
    expect(await save('kept', 'sk_test_1')).toEqual(before);
    const changed = await repository().save(link('kept', { multicapture: true }));
    expect(changed).toEqual({ ...before, version: 2, settings: { multicapture: true } });
    expect(await repository().save(link('kept', { multicapture: true }))).toEqual(changed);
    expect(await generations('kept')).toEqual([1]);
  });

  it('are a generation of their own when a former key is saved again', async () => {
    for (const secret of ['sk_test_1', 'sk_test_2', 'sk_test_1']) await save('back', secret);
    expect(await generations('back')).toEqual([1, 2, 3]);
    expect(await repository().newest('back')).toMatchObject({
      credentials: { secretKey: 'sk_test_1' },
    });
  });

  it('can be replaced when another secret key has sealed them', async () => {
    await save('foreign', 'sk_test_1');
    const other = repository(randomBytes(32).toString('base64'));
    await other.save({ ...link('foreign'), credentials: { secretKey: 'sk_test_1' } });
    expect(await generations('foreign')).toEqual([1, 2]);
    expect((await other.version('foreign', 1)).credentials).toEqual({ secretKey: 'sk_test_1' });
  });

  it('are saved once when two save at the same moment', async () => {
    await save('raced', 'sk_test_1');
    const saves = await Promise.allSettled(
      ['sk_test_2', 'sk_test_3', 'sk_test_4'].map((secret) => save('raced', secret)),
    );
    const won = saves.filter(({ status }) => status === 'fulfilled').length;
    expect(won).toBeGreaterThan(0);
    expect(await generations('raced')).toHaveLength(1 + won);
  });

  it('are no other account’s to save', async () => {
    await save('owned', 'sk_test_1');
    const theirs = { ...link('owned'), accountId: 'stranger', credentials: { secretKey: 'x' } };
    await expect(repository().save(theirs)).rejects.toThrow(/was first/);
    expect(await generations('owned')).toEqual([1]);
  });
});

describe('what a worker knows of the generation in force', () => {
  it('is the same object while version and generation are the same', async () => {
    await save('known', 'sk_test_1');
    const worker = repository();
    const first = await worker.version('known', 1);
    expect(await worker.version('known', 1)).toBe(first);
    expect(await worker.withNewerCredentials(first)).toBeNull();
    expect(await worker.version('known', 1)).toBe(first);
    await save('known', 'sk_test_2');
    const newer = await worker.withNewerCredentials(first);
    expect(newer?.credentials).toEqual({ secretKey: 'sk_test_2' });
    expect(await worker.version('known', 1)).toBe(newer);
    expect(await worker.withNewerCredentials(newer!)).toBeNull();
  });

  it('is at most five seconds old', async () => {
    await save('aged', 'sk_test_1');
    const worker = repository();
    const clock = vi.spyOn(performance, 'now');
    const at = performance.now();
    try {
      clock.mockImplementation(() => at);
      await worker.version('aged', 1);
      await save('aged', 'sk_test_2');
      clock.mockImplementation(() => at + 4_999);
      expect((await worker.version('aged', 1)).credentialsGeneration).toBe(1);
      clock.mockImplementation(() => at + 5_000);
      expect((await worker.version('aged', 1)).credentialsGeneration).toBe(2);
    } finally {
      clock.mockRestore();
    }
  });
});

describe('credentials that were saved with versions', () => {
  const LAST_BEFORE = '0005_news_indexes';
  /** Brings the database back to where it was before credentials had a table. */
  const rewind = async () => {
    await pool.query(`
      drop trigger credentials_of_version on integrations;
      drop function credentials_of_version;
      drop table integration_credentials;
      delete from integrations;
      alter table integrations alter column credentials set not null;
      delete from drizzle.__drizzle_migrations where created_at > ${await appliedAt(LAST_BEFORE)};
    `);
  };
  const saveAsBefore = async (id: string, version: number, secret: string) =>
    pool.query(
      `insert into integrations
         (id, version, account_id, provider, mode, base_url, settings, credentials, enabled, created_at)
       values ($1, $2, 'main', 'stripe', 'test', 'https://api.stripe.com', '{}', $3, true, now())`,
      [
        id,
        version,
        box.seal(JSON.stringify({ secretKey: secret }), `integration ${id}@${version}`),
      ],
    );

  it('open after the migration, in their order, with the newest in force for all versions', async () => {
    await rewind();
    await saveAsBefore('old', 1, 'sk_test_1');
    await saveAsBefore('old', 2, 'sk_test_2');
    await saveAsBefore('other', 1, 'sk_test_other');
    await migrate(database.url);

    expect(await generations('old')).toEqual([1, 2]);
    for (const version of [1, 2]) {
      expect(await repository().version('old', version)).toMatchObject({
        credentialsGeneration: 2,
        credentials: { secretKey: 'sk_test_2' },
      });
    }
    expect(await repository().newest('other')).toMatchObject({
      credentials: { secretKey: 'sk_test_other' },
    });
    expect(await save('old', 'sk_test_2')).toMatchObject({ version: 2, credentialsGeneration: 2 });
    expect(await save('old', 'sk_test_3')).toMatchObject({ version: 2, credentialsGeneration: 3 });
    expect(await repository().version('old', 1)).toMatchObject({
      credentials: { secretKey: 'sk_test_3' },
    });
  });

  it('are in force when a process of the former version saves them after the migration', async () => {
    await save('late', 'sk_test_1');
    await save('late', 'sk_test_2');
    await saveAsBefore('late', 2, 'sk_test_3');
    expect(await repository().version('late', 1)).toMatchObject({
      credentialsGeneration: 3,
      credentials: { secretKey: 'sk_test_3' },
    });
  });

  it('cannot be moved to another integration', async () => {
    await saveAsBefore('from', 1, 'sk_test_from');
    await save('into', 'sk_test_into');
    await pool.query(
      `update integration_credentials set integration_id = 'into', generation = 2
       where integration_id = 'from'`,
    );
    await expect(repository().newest('into')).rejects.toThrow(/authenticate/);
  });
});

async function appliedAt(tag: string): Promise<number> {
  const journal = (await import('../../db/migrations/meta/_journal.json', {
    with: { type: 'json' },
  })) as { default: { entries: { tag: string; when: number }[] } };
  const entry = journal.default.entries.find((each) => each.tag === tag);
  if (entry === undefined) throw new Error(`no migration ${tag}`);
  return entry.when;
}
