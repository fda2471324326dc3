/** Who may do what: every route of the document for every kind of caller. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

type Document = { paths: Record<string, Record<string, unknown>> };
const CALLERS = ['checkout', 'sales', 'operator', 'admin', 'no key', 'unknown', 'revoked'] as const;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

describe('a route', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ workerless: true });
  });
  afterAll(() => holdfast.close());

  async function keyOf(caller: (typeof CALLERS)[number]): Promise<string | null> {
    switch (caller) {
      case 'no key':
        return null;
      case 'unknown':
        return `hf_test_${'A'.repeat(32)}`;
      case 'revoked': {
        const key = await holdfast.deps.apiKeys.issue({
          accountId: 'main',
          mode: 'test',
          role: 'admin',
        });
        await holdfast.pool.query('update api_keys set revoked_at = now() where prefix = $1', [
          key.slice(0, 14),
        ]);
        return key;
      }
      default:
        return holdfast.keys[caller];
    }
  }

  it('answers each caller by its role alone', async () => {
    const { body } = await holdfast.request<Document>('GET', '/openapi.json', { key: null });
    const keys = await Promise.all(CALLERS.map(keyOf));
    const rows: string[] = [];
    for (const [path, operations] of Object.entries(body.paths)) {
      for (const method of Object.keys(operations).filter((each) => METHODS.includes(each))) {
        const cells = await Promise.all(keys.map((key) => askAs(key, method, path)));
        const name = `${method.toUpperCase()} ${path}`.padEnd(64);
        rows.push(
          name +
            cells
              .map((cell) => cell.padEnd(9))
              .join('')
              .trimEnd(),
        );
      }
    }
    const head =
      ''.padEnd(64) +
      CALLERS.map((caller) => caller.padEnd(9))
        .join('')
        .trimEnd();
    expect([head, ...rows.toSorted()]).toMatchInlineSnapshot(`
      [
        "                                                                checkout sales    operator admin    no key   unknown  revoked",
        "GET /v1/attention                                               allowed  allowed  allowed  allowed  401      401      401",
        "GET /v1/findings                                                403      403      allowed  allowed  401      401      401",
        "GET /v1/integrations                                            403      403      allowed  allowed  401      401      401",
        "GET /v1/integrations/{id}                                       403      403      allowed  allowed  401      401      401",
        "GET /v1/notifications                                           403      403      allowed  allowed  401      401      401",
        "GET /v1/notifications/{id}                                      403      403      allowed  allowed  401      401      401",
        "GET /v1/payment-methods                                         allowed  allowed  allowed  allowed  401      401      401",
        "GET /v1/payments                                                allowed  allowed  allowed  allowed  401      401      401",
        "GET /v1/payments/{id}                                           allowed  allowed  allowed  allowed  401      401      401",
        "GET /v1/payments/{id}/events                                    allowed  allowed  allowed  allowed  401      401      401",
        "GET /v1/payments/{id}/operations                                403      403      allowed  allowed  401      401      401",
        "GET /v1/webhook-endpoints                                       403      403      allowed  allowed  401      401      401",
        "GET /v1/webhook-endpoints/{id}                                  403      403      allowed  allowed  401      401      401",
        "GET /v1/webhook-endpoints/{id}/deliveries                       403      403      allowed  allowed  401      401      401",
        "POST /v1/findings/{id}/resolve                                  403      403      allowed  allowed  401      401      401",
        "POST /v1/integrations/{id}/reconcile                            403      403      allowed  allowed  401      401      401",
        "POST /v1/notifications/{id}/redeliver                           403      403      allowed  allowed  401      401      401",
        "POST /v1/payments                                               allowed  403      403      allowed  401      401      401",
        "POST /v1/payments/{id}/accept                                   allowed  403      403      allowed  401      401      401",
        "POST /v1/payments/{id}/activate                                 403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/apply                                    403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/bounce                                   403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/cancel                                   403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/cancel-invoice                           403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/capture                                  403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/claim                                    403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/confirm-limit-released                   403      403      allowed  allowed  401      401      401",
        "POST /v1/payments/{id}/give-up                                  allowed  403      403      allowed  401      401      401",
        "POST /v1/payments/{id}/invoices                                 403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/modify                                   403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/receipts                                 403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/recheck                                  403      403      allowed  allowed  401      401      401",
        "POST /v1/payments/{id}/reduce                                   403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/refund                                   403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/resolve                                  403      403      allowed  allowed  401      401      401",
        "POST /v1/payments/{id}/ship                                     403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/void                                     403      allowed  403      allowed  401      401      401",
        "POST /v1/payments/{id}/write-off                                403      allowed  403      allowed  401      401      401",
        "POST /v1/webhook-endpoints                                      403      403      403      allowed  401      401      401",
        "POST /v1/webhook-endpoints/{id}/deliveries/{eventId}/redeliver  403      403      403      allowed  401      401      401",
        "POST /v1/webhook-endpoints/{id}/disable                         403      403      403      allowed  401      401      401",
        "POST /v1/webhook-endpoints/{id}/enable                          403      403      403      allowed  401      401      401",
        "POST /v1/webhook-endpoints/{id}/rotate-secret                   403      403      403      allowed  401      401      401",
        "POST /v1/webhook-endpoints/{id}/test                            403      403      403      allowed  401      401      401",
        "PUT /v1/integrations/{id}                                       403      403      403      allowed  401      401      401",
      ]
    `);
  });

  /** A body that every route takes for invalid: what may be done is refused for another reason. */
  async function askAs(key: string | null, method: string, path: string): Promise<string> {
    const answer = await holdfast.request<{ code?: string }>(
      method.toUpperCase(),
      path.replace('{id}', 'pay_00000000000000000000000000'),
      { key, ...(method === 'get' ? {} : { body: { unknown: true } }) },
    );
    if (answer.status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    return answer.status === 401 || answer.status === 403 ? String(answer.status) : 'allowed';
  }

  it.each([
    ['another scheme', (key: string) => `Basic ${key}`],
    ['no scheme', (key: string) => key],
    ['something after the key', (key: string) => `Bearer ${key} x`],
    ['another key’s prefix', (key: string) => `Bearer ${key.slice(0, 14)}`],
    ['the key in capitals', (key: string) => `Bearer ${key.toUpperCase()}`],
  ])('does not take a key with %s', async (_what, headerOf) => {
    const authorization = headerOf(holdfast.keys.admin);
    const answer = await holdfast.request('GET', '/v1/payments', {
      key: null,
      headers: { authorization },
    });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('says which permission is missing and which roles have it', async () => {
    const answer = await holdfast.request('GET', '/v1/integrations', { key: holdfast.keys.sales });
    expect(answer).toMatchObject({
      status: 403,
      body: {
        code: 'forbidden',
        detail: expect.stringMatching(/integrations:read.*operator, admin/),
      },
    });
  });
});
