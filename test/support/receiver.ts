/** A merchant's endpoint: keeps what it was sent, and answers as the test says. */
import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import type { Holdfast } from './holdfast.ts';
import { listen } from './serve.ts';

export type Received = {
  readonly id: string;
  readonly headers: Record<string, string>;
  readonly raw: string;
  readonly type: string;
  readonly data: Record<string, unknown>;
};

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
export type AnswerWith = (received: Received, times: number) => Response | Promise<Response>;

const OK: AnswerWith = () => new Response('thank you');

/** `answerWith` hears how often the event came, this time included. */
export async function startReceiver(answerWith: AnswerWith = OK) {
  const received: Received[] = [];
  let answer = answerWith;
  const listening = await listen(async (request) => {
    const raw = await request.text();
    const { type, data } = JSON.parse(raw) as Pick<Received, 'type' | 'data'>;
    const headers = Object.fromEntries(request.headers);
    const one: Received = { id: headers['webhook-id'] ?? '', headers, raw, type, data };
    received.push(one);
    return answer(one, received.filter(({ id }) => id === one.id).length);
  });
  return {
    ...listening,
    received,
    answerWith: (next: AnswerWith) => {
      answer = next;
    },
    /** Those of one payment, in the order in which they came. */
    of: (paymentId: string) => received.filter(({ data }) => data['paymentId'] === paymentId),
  };
}

/** The body, if the library that merchants use takes the message. @throws WebhookVerificationError */
export const verified = ({ raw, headers }: Received, secret: string): unknown =>
  new Webhook(secret).verify(raw, headers);

export const typesOf = (received: readonly Received[]): string[] =>
  received.map(({ type }) => type);

export type Endpoint = {
  id: string;
  secret: string;
  enabled: boolean;
  disabledReason: string | null;
};

export type Delivery = {
  eventId: string;
  type: string;
  paymentId: string | null;
  sequence: number | null;
  state: string;
  attempts: number;
  answers: { status: number | null; error: string | null; body: string; durationMs: number }[];
  dueAt: string | null;
};

/** The API for endpoints, as an administrator calls it. */
export function endpointsOf(holdfast: Holdfast) {
  let keys = 0;
  const post = <Body>(path: string, body?: object, idempotencyKey?: string) => {
    keys += 1;
    return holdfast.request<Body>('POST', `/v1/webhook-endpoints${path}`, {
      ...(body === undefined ? {} : { body }),
      headers: { 'idempotency-key': idempotencyKey ?? `key-${keys}` },
    });
  };
  const deliveries = async (id: string, query = ''): Promise<Delivery[]> => {
    const path = `/v1/webhook-endpoints/${id}/deliveries${query}`;
    return (await holdfast.request<{ data: Delivery[] }>('GET', path)).body.data;
  };
  return {
    post,
    deliveries,
    create: async (url: string, terms: object = {}): Promise<Endpoint> => {
      const created = await post<Endpoint>('', { url, ...terms });
      expect(created.status).toBe(201);
      return created.body;
    },
    get: async (id: string) =>
      (await holdfast.request<Endpoint>('GET', `/v1/webhook-endpoints/${id}`)).body,
    /** Of one payment, in the order of its facts. */
    states: async (id: string, paymentId: string): Promise<string[]> =>
      (await deliveries(id, '?limit=100'))
        .filter((each) => each.paymentId === paymentId)
        .toSorted((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0))
        .map(({ type, state }) => `${type} ${state}`),
  };
}
