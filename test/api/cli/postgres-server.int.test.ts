import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../api/cli/dev/ports.ts';
import { type PostgresServer, startPostgres } from '../../../api/cli/dev/postgres-server.ts';
import { processIdentity } from '../../../api/cli/dev/processes.ts';

let dir = '';
let servers: PostgresServer[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-postgres-'));
  // Root starts Postgres as another user, who has to reach the data inside.
  chmodSync(dir, 0o755);
  servers = [];
});
afterEach(async () => {
  for (const server of servers) {
    await server.stop();
  }
  rmSync(dir, { recursive: true, force: true });
});

async function start(port?: number): Promise<PostgresServer> {
  const server = await startPostgres({
    dataDir: join(dir, 'data'),
    port: port ?? (await freePort()),
    durable: true,
    logFile: join(dir, 'postgres.log'),
  });
  servers.push(server);
  return server;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

const writeRow = (url: string) =>
  query(url, 'create table kept (n int); insert into kept values (1)');
const readRow = (url: string) => query(url, 'select n from kept');

describe('the Postgres that the stack brings', () => {
  it('counts in UTC, sorts by byte, and lets nobody in without its password', async () => {
    const { url } = await start();
    const settings = `select current_setting('TimeZone') as zone,
      current_setting('server_encoding') as encoding,
      (select datcollate from pg_database where datname = 'holdfast') as collate`;
    expect(await query(url, settings)).toEqual([{ zone: 'UTC', encoding: 'UTF8', collate: 'C' }]);
    const stranger = new URL(url);
    stranger.password = 'guessed';
    await expect(query(stranger.href, 'select 1')).rejects.toThrow(
      'password authentication failed',
    );
  });

  it('keeps its data over a stop and a start', async () => {
    const first = await start();
    await writeRow(first.url);
    await first.stop();
    expect(processIdentity(first.pid)).toBeNull();
    const second = await start();
    expect(await readRow(second.url)).toEqual([{ n: 1 }]);
  });

  it('restarts on the same address', async () => {
    const server = await start();
    await writeRow(server.url);
    const before = server.pid;
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect(await readRow(server.url)).toEqual([{ n: 1 }]);
  });

  it('recovers what was committed when it was killed', async () => {
    const server = await start();
    await writeRow(server.url);
    process.kill(server.pid, 'SIGKILL');
    await server.restart();
    expect(await readRow(server.url)).toEqual([{ n: 1 }]);
  });

  it('starts although the lock of a dead server names a process that lives', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(first.dataDir, 'postmaster.pid'), `${process.pid}\n${first.dataDir}\n`);
    const second = await start();
    expect(await query(second.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('names the other server when its data is in use, and leaves that one alone', async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(`kill -INT ${first.pid}`);
    expect(await query(first.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('says why when its port is taken', async () => {
    const first = await start();
    const other = startPostgres({
      dataDir: join(dir, 'other'),
      port: Number(new URL(first.url).port),
      durable: false,
      logFile: join(dir, 'other.log'),
    });
    await expect(other).rejects.toThrow('Address already in use');
  });
});
