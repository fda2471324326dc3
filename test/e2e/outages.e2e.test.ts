import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../api/cli/dev/ports.ts';
import { type PostgresServer, startPostgres } from '../../api/cli/dev/postgres-server.ts';
import { ensureTemporalBinary } from '../../api/cli/dev/temporal-binary.ts';
import { startTemporal, type TemporalServer } from '../../api/cli/dev/temporal-server.ts';
import { migrate } from '../../db/migrate.ts';
import { type Answer, createHoldfast, type Holdfast } from '../support/holdfast.ts';

const PAYMENTS = 50;
const TEMPORAL_AWAY_MS = 20_000;

/** Servers of its own, since these are the ones that go away. */
describe('an outage in the middle of 50 payments', () => {
  let dir: string;
  let postgres: PostgresServer;
  let temporal: TemporalServer;
  let holdfast: Holdfast;
  let bringTemporal: () => Promise<TemporalServer>;

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'holdfast-outage-'));
    chmodSync(dir, 0o755);
    postgres = await startPostgres({
      dataDir: join(dir, 'postgres'),
      port: await freePort(),
      durable: false,
      logFile: join(dir, 'postgres.log'),
    });
    await migrate(postgres.url);
    const { path: binary } = await ensureTemporalBinary({
      doing: () => undefined,
      note: () => undefined,
    });
    const port = await freePort();
    bringTemporal = () =>
      startTemporal({
        binary,
        port,
        uiPort: null,
        dbFile: join(dir, 'temporal.db'),
        logFile: join(dir, 'temporal.log'),
      });
    temporal = await bringTemporal();
    holdfast = await createHoldfast({
      databaseUrl: postgres.url,
      temporalAddress: temporal.address,
    });
  });

  afterAll(async () => {
    await holdfast.close();
    await temporal.stop();
    await postgres.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('loses nothing and doubles nothing, and promises only what is journaled', async () => {
    const promised = new Set<string>();
    const answers: string[] = [];
    type Ask = () => Promise<Answer<{ id: string }>>;
    /** The same request as often as it is called: one key. Notes what it was told. */
    const noting =
      (what: string, ask: Ask): Ask =>
      async () => {
        const answer = await ask();
        answers.push(`${what} ${answer.status}`);
        if (answer.status === 503) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
        if (answer.status === 202) promised.add(answer.body.id);
        return answer;
      };
    const starting = (): Ask => {
      const key = randomUUID();
      return noting('start', () => holdfast.start({}, { key, prefer: 'wait=2' }));
    };
    const capturing = (id: string): Ask => {
      const key = randomUUID();
      const capture = () => holdfast.command(id, 'capture', {}, { key, prefer: 'wait=2' });
      return noting('capture', capture);
    };

    /** Asks until the answer is final, as a careful caller does. */
    async function insist(ask: Ask): Promise<string> {
      for (;;) {
        const answer = await ask();
        if (answer.status === 200 || answer.status === 201) return answer.body.id;
        await pass(500);
      }
    }
    const pay = async (start: Ask) => insist(capturing(await insist(start)));

    const atOnce = pLimit(5);
    const done: Promise<string>[] = [];
    const finished = new Set<string>();
    const { body: held } = await holdfast.start();
    // Some requests fall into the middle of each outage, or this might prove nothing.
    const outages = (async () => {
      while (finished.size < 10) await pass(20);
      await temporal.stop();
      const [captureHeld, startPromised] = [capturing(held.id), starting()];
      const [refused, accepted] = await Promise.all([
        captureHeld(),
        startPromised(),
        pass(TEMPORAL_AWAY_MS),
      ]);
      temporal = await bringTemporal();
      while (finished.size < 30) await pass(20);
      await postgres.stop();
      const startAnother = starting();
      const unavailable = await startAnother();
      await postgres.restart();
      expect([refused.status, accepted.status, unavailable.status]).toEqual([503, 202, 503]);
      return Promise.all([insist(captureHeld), pay(startPromised), pay(startAnother)]);
    })();
    for (let index = 0; index < PAYMENTS; index += 1) {
      done.push(
        atOnce(async () => {
          const id = await pay(starting());
          finished.add(id);
          return id;
        }),
      );
    }
    const ids = [...(await Promise.all(done)), ...(await outages)];

    expect(new Set(ids).size).toBe(PAYMENTS + 3);
    expect(new Set(answers.filter((each) => !/ (20[0-2]|503)$/.test(each)))).toEqual(new Set());
    for (const id of [...ids, ...promised]) {
      const { status } = await holdfast.until(id, (payment) => payment.status === 'captured');
      expect(status).toBe('captured');
      const movements = await holdfast.movements(id);
      expect(movements.map(({ kind }) => kind)).toEqual(['authorize', 'capture']);
    }
  }, 180_000);

  it('answers 202 for a start and 503 for a capture while Temporal is away, and carries both out later', async () => {
    const { body: held } = await holdfast.start();
    await temporal.stop();
    const key = randomUUID();
    const started = await holdfast.start({}, { prefer: 'wait=1' });
    const captured = await holdfast.command(held.id, 'capture', {}, { key, prefer: 'wait=1' });
    expect(started.status).toBe(202);
    expect(captured.status).toBe(503);
    expect(captured.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(captured.body).toMatchObject({ code: 'not-accepted' });
    temporal = await bringTemporal();

    await holdfast.until(held.id, ({ status }) => status === 'authorized');
    expect((await holdfast.command(held.id, 'capture', {}, { key })).status).toBe(200);
    await holdfast.temporal.workflow.execute('sweepPayments', {
      taskQueue: holdfast.taskQueue,
      workflowId: `sweep-${randomUUID()}`,
    });
    await holdfast.until(started.body.id, ({ status }) => status === 'authorized');
    expect(await holdfast.movements(started.body.id)).toHaveLength(1);
  }, 90_000);
});
