/** A database that is not as this version of the code needs it: said, and over by itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterEach, beforeAll, beforeEach, afterAll, describe, expect, inject, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { connect } from '../../db/client.ts';
import { migrate } from '../../db/migrate.ts';
import { createApiKeyRepository } from '../../db/repositories/api-key.repository.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { onServer } from '../support/template-database.ts';

const MISSING = 'The database has no schema. Run `npm run db:migrate`.';
const OLDER = 'The schema of the database is older than this version of Holdfast.';

let holdfast: Holdfast;
beforeAll(async () => {
  holdfast = await createHoldfast({ workerless: true });
});
afterAll(() => holdfast.close());

let url: string;
let pool: pg.Pool;
beforeEach(async () => {
  const name = `empty_${randomBytes(8).toString('hex')}`;
  await onServer(inject('databaseUrl'), `create database ${name}`);
  url = Object.assign(new URL(inject('databaseUrl')), { pathname: `/${name}` }).href;
  pool = connect(url, { max: 5 });
});
afterEach(async () => {
  await pool.end();
  const name = new URL(url).pathname.slice(1);
  await onServer(inject('databaseUrl'), `drop database ${name} with (force)`);
});

const api = () => createApp({ ...holdfast.deps, pool, apiKeys: createApiKeyRepository(pool) });
const FAR_MILLIS = Date.parse('2100-01-01T00:00:00Z');

/** A folder with one migration, which comes after all that there are. */
function nextMigration(sql: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-migrations-'));
  mkdirSync(join(folder, 'meta'));
  const entry = { idx: 0, version: '7', when: FAR_MILLIS, tag: 'next', breakpoints: true };
  const journal = { version: '7', dialect: 'postgresql', entries: [entry] };
  writeFileSync(join(folder, 'meta', '_journal.json'), JSON.stringify(journal));
  writeFileSync(join(folder, 'next.sql'), sql);
  return folder;
}

const asks = { headers: { authorization: `Bearer hf_test_nobody` } };

describe('an API', () => {
  it.each([
    ['GET', '/v1/payments'],
    ['POST', '/v1/payments'],
    ['POST', '/webhooks/stripe/stripe_test'],
    ['GET', '/return/pay_00000000000000000000000000'],
  ])('says what to run while the database has no schema: %s %s', async (method, path) => {
    const response = await api().request(path, { method, ...asks });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.json()).toMatchObject({
      code: 'not-migrated',
      detail: expect.stringContaining(MISSING) as string,
    });
  });

  it('goes on by itself when the migration has run', async () => {
    const app = api();
    expect((await app.request('/v1/payments', asks)).status).toBe(503);
    await migrate(url);
    expect((await app.request('/v1/payments', asks)).status).toBe(401);
    expect((await app.request('/readyz')).status).toBe(200);
  });

  it('says so of a schema that is older than its code, and /readyz does', async () => {
    await migrate(url);
    await pool.query(
      `delete from drizzle.__drizzle_migrations
       where created_at = (select max(created_at) from drizzle.__drizzle_migrations)`,
    );
    const app = api();
    for (const path of ['/v1/payments', '/readyz']) {
      const response = await app.request(path, asks);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({
        detail: expect.stringContaining(OLDER) as string,
      });
    }
    const ready = await (await app.request('/readyz')).json();
    expect(ready).toMatchObject({ ready: false, postgres: true, migrations: false });
  });

  it('says so when the schema is lost while it runs', async () => {
    await migrate(url);
    const app = api();
    expect((await app.request('/v1/payments', asks)).status).toBe(401);
    await pool.query('drop schema public cascade; drop schema drizzle cascade');
    const response = await app.request('/v1/payments', asks);
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'not-migrated' }]);
  });
});

describe('npm run db:migrate', () => {
  const run = async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'db/migrate.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, DATABASE_URL: url },
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, said };
  };
  const applied = async () => {
    const { rows } = await pool.query<{ at: string }>(
      'select created_at as at from drizzle.__drizzle_migrations order by id',
    );
    return rows.map(({ at }) => Number(at));
  };

  it('does its work once, however many run it at a time', async () => {
    const runs = await Promise.all([run(), run(), run()]);
    for (const each of runs) {
      expect(each).toEqual({ code: 0, said: 'The database has the present schema.\n' });
    }
    const migrations = await applied();
    expect(migrations).toEqual([...new Set(migrations)].toSorted((a, b) => a - b));
  });

  it('gives way to whoever uses a table, so that others need not wait behind it', async () => {
    await migrate(url);
    const folder = nextMigration('alter table notifications add column probe integer');
    const reader = await pool.connect();
    await reader.query('begin');
    await reader.query('select count(*) from notifications');
    const said: string[] = [];
    let waiting = '';
    const heard = new Promise<void>((resolve) => {
      void migrate(url, {
        folder,
        say: (text) => {
          said.push(text);
          resolve();
        },
      }).catch((error: unknown) => {
        waiting = String(error);
        resolve();
      });
    });
    await heard;
    expect([waiting, said.length]).toEqual(['', 1]);
    // Nobody waits behind it now.
    await pool.query(`set lock_timeout = '1s'; select count(*) from notifications`);
    await reader.query('commit');
    reader.release();
    await migrate(url, { folder });
    expect((await applied()).at(-1)).toBe(FAR_MILLIS);
    rmSync(folder, { recursive: true });
  });
});
