import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../api/cli/dev/ports.ts';
import { createHoldfast, type Holdfast, ORDER } from '../support/holdfast.ts';

describe('the API process', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  it('stops on SIGTERM without a failed request, answering what is under way', async () => {
    const { DATABASE_URL, HOLDFAST_SECRET_KEY, TEMPORAL_ADDRESS } = holdfast.workerEnv;
    const child = spawn(process.execPath, ['--import', 'tsx', 'api/server.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        DATABASE_URL,
        HOLDFAST_SECRET_KEY,
        TEMPORAL_ADDRESS,
        LOG_LEVEL: 'error',
        PORT: String(await freePort()),
      },
    });
    const exited = once(child, 'exit');
    const url = await readyUrl(child.stdout);
    const get = (path: string) =>
      fetch(`${url}${path}`, { headers: { authorization: `Bearer ${holdfast.keys.sales}` } });
    // No worker serves its task queue, so it is under way until its wait is over.
    const slow = fetch(`${url}/v1/payments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${holdfast.keys.checkout}`,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
        prefer: 'wait=3',
      },
      body: JSON.stringify(ORDER),
    });
    const statuses: number[] = [];
    let stopping = false;
    const load = Array.from({ length: 8 }, async () => {
      while (!stopping) {
        const answer = await get('/v1/payments');
        await answer.arrayBuffer();
        statuses.push(answer.status);
        // A caller that is told to close opens no new connection to a process that stops.
        stopping ||= answer.headers.get('connection') === 'close';
      }
    });
    expect((await get('/readyz')).status).toBe(200);
    child.kill('SIGTERM');
    await Promise.all(load);

    expect(new Set(statuses)).toEqual(new Set([200]));
    expect((await slow).status).toBe(202);
    expect(await exited).toEqual([0, null]);
  });
});

async function readyUrl(stdout: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stdout })) {
    if (line.startsWith('READY ')) return (JSON.parse(line.slice(6)) as { url: string }).url;
  }
  throw new Error('the API ended before it was ready');
}
