import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill, startCrashWorker } from '../support/crash.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a command that was answered with 503', () => {
  let holdfast: Holdfast;
  let worker: Awaited<ReturnType<typeof startCrashWorker>>;
  beforeAll(async () => {
    holdfast = await createHoldfast({ workerless: true });
    worker = await startCrashWorker(holdfast, 'never', 'capture', `${tmpdir()}/never`);
  });
  afterAll(async () => {
    await kill(worker);
    await holdfast.close();
  });

  it('is not carried out when the worker comes back, and has its effect when asked again', async () => {
    const { body } = await holdfast.start();
    worker.kill('SIGSTOP');
    const asked = await holdfast.command(body.id, 'capture', {}, { key: 'late', prefer: 'wait=1' });
    expect(asked.status).toBe(503);
    expect(asked.body).toMatchObject({ code: 'not-accepted' });
    worker.kill('SIGCONT');

    // Once a later command is answered, the earlier one has been taken from the same queue.
    const voided = await holdfast.command(body.id, 'void', {});
    expect([voided.status, voided.body.status]).toEqual([200, 'voided']);
    expect(await holdfast.facts(body.id)).not.toContain('capture.requested');
    const again = await holdfast.command(body.id, 'capture', {}, { key: 'late' });
    expect(again.status).toBe(409);
  });

  it('leaves the payment free to go on when it asked for nothing to be done at once', async () => {
    const { body } = await holdfast.start();
    const at = new Date(Date.now() + 3_600_000).toISOString();
    worker.kill('SIGSTOP');
    const asked = await holdfast.command(
      body.id,
      'capture',
      { at },
      { key: 'late', prefer: 'wait=1' },
    );
    expect([asked.status, asked.body]).toMatchObject([503, { code: 'not-accepted' }]);
    worker.kill('SIGCONT');

    const voided = await holdfast.command(body.id, 'void', {});
    expect([voided.status, voided.body.status]).toEqual([200, 'voided']);
    expect(await holdfast.facts(body.id)).not.toContain('capture.scheduled');
  });
});
