import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../api/cli/dev/ports.ts';
import { ensureTemporalBinary } from '../../api/cli/dev/temporal-binary.ts';
import { startTemporal, type TemporalServer } from '../../api/cli/dev/temporal-server.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

/** So many events that a server suggests to go on in a new run; by default it is 4096. */
const EVENTS = 60;

describe('a payment that waits for so long that its history grows', () => {
  let dir: string;
  let temporal: TemporalServer;
  let holdfast: Holdfast;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'holdfast-long-'));
    const quiet = { doing: () => undefined, note: () => undefined };
    const { path: binary } = await ensureTemporalBinary(quiet);
    temporal = await startTemporal({
      binary,
      port: await freePort(),
      uiPort: null,
      dbFile: null,
      logFile: join(dir, 'temporal.log'),
      config: [`limit.historyCount.suggestContinueAsNew=${EVENTS}`],
    });
    holdfast = await createHoldfast({ temporalAddress: temporal.address });
  });
  afterAll(async () => {
    await holdfast.close();
    await temporal.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const recheck = (id: string, key: string) =>
    holdfast.request('POST', `/v1/payments/${id}/recheck`, {
      body: {},
      headers: { 'idempotency-key': key },
    });
  const confirmed = async (id: string): Promise<number> =>
    (await holdfast.facts(id)).filter((type) => type === 'picture.confirmed').length;

  it('goes on in new runs, forgets no key, and is captured once', async () => {
    const { body } = await holdfast.start();
    const runs = new Set<string>();
    const longest = { events: 0 };
    for (let time = 1; time <= 12; time += 1) {
      expect((await recheck(body.id, `look-${time}`)).status).toBe(200);
      await expect.poll(() => confirmed(body.id), { timeout: 10_000 }).toBe(time);
      const { runId, historyLength } = await holdfast.temporal.workflow
        .getHandle(body.id)
        .describe();
      runs.add(runId);
      longest.events = Math.max(longest.events, historyLength);
    }
    expect(runs.size).toBeGreaterThan(1);
    expect(longest.events).toBeLessThan(2 * EVENTS);
    expect((await recheck(body.id, 'look-1')).status).toBe(200);
    expect(await confirmed(body.id)).toBe(12);

    const { body: captured } = await holdfast.command(body.id, 'capture');
    expect(captured.status).toBe('captured');
    const movements = await holdfast.movements(body.id);
    expect(movements.map(({ kind }) => kind)).toEqual(['authorize', 'capture']);
  });
});
