/** Durations that were saved before they had bounds are cut to these, and the rest stays as it was. */
import { readFile } from 'node:fs/promises';
import type pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect } from '../../db/client.ts';
import { createTestDatabase } from '../support/database.ts';

const FILE = new URL('../../db/migrations/0008_bounded_durations.sql', import.meta.url);

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = connect(database.url, { max: 1 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

it('leaves nothing in an integration’s settings that could not be read any more', async () => {
  const settings = {
    offerWithinMs: Number.MAX_SAFE_INTEGER,
    timeoutMs: 20_000,
    scriptUrl: 'https://app.apruve.com/js/v4/apruve.js',
    policy: {
      inquireWithinMs: Number.MAX_SAFE_INTEGER,
      buyerWithinMs: 3_600_000,
      onHoldEnding: 'nothing',
    },
  };
  await pool.query(
    `insert into integrations
       (id, version, account_id, provider, mode, base_url, settings, enabled, created_at)
     values ('long', 1, 'main', 'apruve', 'test', '', $1, true, now()),
            ('none', 1, 'main', 'apruve', 'test', '', '{}', true, now()),
            ('bare', 1, 'main', 'apruve', 'test', '', '{"policy":{}}', true, now())`,
    [settings],
  );
  await pool.query(await readFile(FILE, 'utf8'));
  const { rows } = await pool.query<{ id: string; settings: unknown }>(
    'select id, settings from integrations order by id',
  );
  expect(rows).toEqual([
    { id: 'bare', settings: { policy: {} } },
    {
      id: 'long',
      settings: {
        ...settings,
        offerWithinMs: 31_622_400_000,
        policy: { ...settings.policy, inquireWithinMs: 31_622_400_000 },
      },
    },
    { id: 'none', settings: {} },
  ]);
});
