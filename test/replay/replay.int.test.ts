import { readdirSync, readFileSync } from 'node:fs';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, inject, it } from 'vitest';

const dir = new URL('./', import.meta.url);
const recorded = readdirSync(dir).filter((name) => name.endsWith('.json'));

const read = (name: string): string => readFileSync(new URL(name, dir), 'utf8');

/** What today's workflow code says to a history of an earlier day; null when it goes along. */
async function replay(json: string): Promise<Error | null> {
  try {
    await Worker.runReplayHistory(
      { workflowBundle: { codePath: inject('workflowBundle') } },
      historyFromJSON(JSON.parse(json)),
    );
    return null;
  } catch (error) {
    return error as Error;
  }
}

describe('a recorded history', () => {
  beforeAll(() => {
    expect(recorded.length).toBeGreaterThanOrEqual(8);
  });

  it.each(recorded)('is replayed by today’s workflow code: %s', async (name) => {
    expect(await replay(read(name))).toBeNull();
  });

  it('is refused when the workflow would have done something else', async () => {
    const other = read('sale.1@1.json').replaceAll('"authorizeCard"', '"refundCard"');
    expect((await replay(other))?.message).toContain('TMPRL1100');
  });
});
