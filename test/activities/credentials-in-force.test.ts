import { describe, expect, it } from 'vitest';
import { withCredentialsInForce } from '../../activities/credentials-in-force.ts';
import type { Exchange } from '../../activities/providers/provider.ts';
import type { UnlockedIntegration } from '../../db/repositories/integration.repository.ts';

const integrationOf = (credentialsGeneration: number): UnlockedIntegration => ({
  id: 'one',
  version: 1,
  accountId: 'main',
  provider: 'stripe',
  mode: 'test',
  baseUrl: 'http://127.0.0.1',
  settings: {},
  enabled: true,
  credentialsGeneration,
  credentialsUpdatedAt: new Date(0),
  providerAccount: null,
  credentials: {},
});
const exchange = (status: number): Exchange => ({
  at: '2026-12-01T00:00:00.000Z',
  request: 'POST /v1/payment_intents',
  status,
  requestId: null,
  ...(status === 401 ? { refusesCredentials: true } : {}),
  answer: null,
  durationMs: 1,
});
const event = (type: string, more: Record<string, unknown> = {}) => ({ type, at: 1, ...more });

/** What the first call answers with, by its events and the statuses of its exchanges; a second succeeds. */
async function calls(
  first: { events: ReturnType<typeof event>[]; statuses: number[] },
  { isQuestion = false, newest = 2 }: { isQuestion?: boolean; newest?: number } = {},
) {
  const used: number[] = [];
  const kept: (number | null)[] = [];
  const events = await withCredentialsInForce(
    {
      withNewerCredentials: async (integration) =>
        integration.credentialsGeneration < newest ? integrationOf(newest) : null,
    },
    integrationOf(1),
    { isQuestion, keep: ({ status }) => void kept.push(status) },
    async ({ credentialsGeneration }, keep) => {
      used.push(credentialsGeneration);
      if (used.length > 1) return [event('capture.succeeded')];
      for (const status of first.statuses) keep(exchange(status));
      return first.events;
    },
  );
  return { used, kept, types: events.map(({ type }) => type) };
}

describe('a call that is refused for its credentials', () => {
  const refused = [event('capture.refused', { fault: 'credentials' })];

  it('is made once again with newer ones', async () => {
    expect(await calls({ events: refused, statuses: [401] })).toEqual({
      used: [1, 2],
      kept: [401],
      types: ['capture.succeeded'],
    });
  });

  it('stands when there are no newer ones', async () => {
    const { types, used } = await calls({ events: refused, statuses: [401] }, { newest: 1 });
    expect([used, types]).toEqual([[1], ['capture.refused']]);
  });

  it('is made again too where only the answer says it', async () => {
    const events = [event('capture.refused')];
    expect((await calls({ events, statuses: [200, 401] })).used).toEqual([1, 2]);
  });
});

describe('a question that is refused for its credentials', () => {
  const events = [event('inquiry.inconclusive')];

  it('is asked once again with newer ones', async () => {
    const { used } = await calls({ events, statuses: [401] }, { isQuestion: true });
    expect(used).toEqual([1, 2]);
  });

  it('stands when its last call was answered', async () => {
    const { used } = await calls({ events, statuses: [401, 500] }, { isQuestion: true });
    expect(used).toEqual([1]);
  });
});

describe('an operation that may have acted', () => {
  it('is never sent again, whatever its last call was told', async () => {
    const events = [event('capture.unknown')];
    expect((await calls({ events, statuses: [200, 401] })).used).toEqual([1]);
  });

  it('is not sent again for another refusal', async () => {
    const events = [event('capture.refused')];
    expect((await calls({ events, statuses: [400] })).used).toEqual([1]);
  });
});
