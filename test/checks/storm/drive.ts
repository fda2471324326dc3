/** Carries one payment's script against the API, as callers do who must not give up too early. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pass } from 'node:timers/promises';
import type pg from 'pg';
import type { PaymentResource } from '../../../api/payments/schemas.ts';
import { createForger } from './forge.ts';
import { type Ask, BUYER_ACCOUNT, type Script } from './plan.ts';
import type { Simulators } from './simulated.ts';
import type { Tally } from './tally.ts';

export type Role = 'checkout' | 'sales' | 'operator' | 'admin';

/** One request under one key, however often it was sent. */
export type Asked = {
  readonly verb: string;
  readonly path: string;
  readonly body: unknown;
  readonly key: string;
  readonly role: Role;
  /** Every answer in its order: `200`, `503 not-accepted`, `cut off`. */
  readonly answers: string[];
  /** The last word on it; `open` while there is none. */
  outcome: 'open' | 'acknowledged' | 'refused';
  /** Copies of it that are under way. */
  inFlight: number;
  /** What the payment was said to be, for each acknowledgement. */
  readonly said: string[];
  /** Ids of payments that it was answered with. */
  readonly ids: Set<string>;
};

export type Carried = {
  readonly script: Script;
  id: string | null;
  readonly asked: Asked[];
};

export type Driver = ReturnType<typeof createDriver>;

/** What no outage of this storm should outlast. */
const INSIST_MS = 40_000;
/** Where an operation waits for people, here or at the provider. */
export const PENDING: ReadonlySet<string> = new Set(['parked', 'in_review']);
const BUYER_MS = 20_000;
const PAUSE_MS = 250;
/** The API's own wait for an answer, in seconds. */
const WAIT_S = 3;
const CALL_MS = 20_000;
const OVERTAKEN_MINOR = 7;

type Parts = {
  readonly api: string;
  readonly keys: Readonly<Record<Role, string>>;
  readonly simulators: Simulators;
  readonly tally: Tally;
  /** Of the journal: who is told that nothing was done is told the truth. */
  readonly pool: pg.Pool;
};

export function createDriver({ api, keys, pool, simulators, tally }: Parts) {
  const forge = createForger(api, keys.sales, tally);

  async function send(asked: Asked): Promise<Heard> {
    asked.inFlight += 1;
    try {
      return await sendOnce(asked);
    } finally {
      asked.inFlight -= 1;
    }
  }

  async function sendOnce(asked: Asked): Promise<Heard> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${api}${asked.path}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${keys[asked.role]}`,
          'content-type': 'application/json',
          'idempotency-key': asked.key,
          prefer: `wait=${WAIT_S}`,
        },
        body: JSON.stringify(asked.body),
        signal: AbortSignal.timeout(CALL_MS),
      });
      text = await response.text();
    } catch {
      asked.answers.push('cut off');
      return heard(asked, 'open', null);
    }
    const body = parsed(text);
    asked.answers.push([response.status, body?.code].filter(Boolean).join(' '));
    if (isPendingRefund(body)) tally.add('refund left pending');
    const isThere = response.status <= 202;
    if (isThere && body !== null) asked.ids.add(body.id);
    if (response.status === 200 || response.status === 201) {
      asked.said.push(JSON.stringify([body?.status, body?.amounts]));
      return heard(asked, 'acknowledged', body);
    }
    if (body?.code === 'not-accepted') await proveNothingDone(asked);
    const isRefused = response.status !== 429 && response.status >= 400 && response.status < 500;
    return heard(asked, isRefused ? 'refused' : 'open', isThere ? body : null);
  }

  /** A 503 that says so promises that no fact has the key. A copy sent at the same time may have one. */
  async function proveNothingDone(asked: Asked): Promise<void> {
    if (asked.inFlight > 1) return;
    try {
      const { rowCount } = await pool.query('select 1 from facts where idempotency_key = $1', [
        asked.key,
      ]);
      if (rowCount !== 0) asked.answers.push('A LIE: it is journaled');
    } catch {
      // Postgres is away: that proves nothing.
    }
  }

  /** Sends it until it is answered for good, or `forMs` have passed. */
  async function insist(asked: Asked, forMs = INSIST_MS): Promise<PaymentResource | null> {
    const until = Date.now() + forMs;
    for (;;) {
      const { word, body } = await send(asked);
      if (word !== 'open' || Date.now() > until) return body;
      // A person decides, here or at the provider: nobody waits for that.
      if (body !== null && PENDING.has(body.status)) return body;
      await pass(PAUSE_MS);
    }
  }

  /** As often as the script says. */
  async function ask({ manner }: Ask, asked: Asked): Promise<PaymentResource | null> {
    if (manner === 'once') return insist(asked);
    if (manner === 'together') {
      tally.add('command together');
      const [one] = await Promise.all([insist(asked), insist(asked)]);
      return one;
    }
    tally.add('command twice');
    const first = await insist(asked);
    // What was refused is not kept under its key: a repeat would be another try.
    if (asked.outcome !== 'acknowledged') return first;
    return (await send(asked)).body ?? first;
  }

  async function get(id: string): Promise<PaymentResource | null> {
    try {
      const response = await fetch(`${api}/v1/payments/${id}`, {
        headers: { authorization: `Bearer ${keys.sales}` },
        signal: AbortSignal.timeout(CALL_MS),
      });
      const body = parsed(await response.text());
      return response.ok ? body : null;
    } catch {
      return null;
    }
  }

  const newRequest = (verb: string, path: string, body: unknown, role: Role): Asked => ({
    verb,
    path,
    body,
    role,
    key: randomUUID(),
    answers: [],
    outcome: 'open',
    inFlight: 0,
    said: [],
    ids: new Set(),
  });

  async function arm({ faults }: Script, before: number): Promise<void> {
    for (const { provider, before: when, ...fault } of faults) {
      if (when !== before) continue;
      await simulators.ask(provider, 'faults', { ...fault, times: 1 });
      tally.add(`fault ${fault.fault}`);
    }
  }

  /** The buyer at the issuer's page, and on the way back. */
  async function confirm(url: string, { buyer }: Script): Promise<void> {
    if (buyer === 'stays away') return tally.add('buyer stays away');
    const outcome = buyer === 'fails' ? 'fail' : 'complete';
    const back = await simulators.submit(url, { outcome });
    if (buyer === 'closes the browser') return tally.add('buyer closes the browser');
    tally.add(buyer === 'comes back twice' ? 'redirect twice' : 'redirect');
    const times = buyer === 'comes back twice' ? 2 : 1;
    await Promise.all(Array.from({ length: times }, () => visit(back)));
  }

  async function visit(url: string | null): Promise<void> {
    if (url === null) return;
    for (const until = Date.now() + BUYER_MS; Date.now() < until;) {
      try {
        const signal = AbortSignal.timeout(CALL_MS);
        const response = await fetch(url, { redirect: 'manual', signal });
        await response.text();
        if (response.status < 500) return;
      } catch {
        // The server is away: a buyer tries again.
      }
      await pass(PAUSE_MS);
    }
  }

  /** The buyer at Apruve's page; the order's id as the browser brings it, or null. */
  async function accept(
    payment: PaymentResource,
    { buyer }: Script,
  ): Promise<{ id: string | null }> {
    const { nextAction } = payment;
    if (nextAction?.type !== 'lightbox' || buyer === 'stays away') return { id: null };
    const page = await simulators.submit(`${simulators.urls.apruve}/_pages/lightbox`, {
      order: JSON.stringify(nextAction.order),
      secure_hash: nextAction.secureHash,
      return_url: 'http://shop.example/thanks',
    });
    if (page === null) throw new Error(`${payment.id}: its offer is refused`);
    const back = await simulators.submit(new URL(page, simulators.urls.apruve).href, {
      decision: buyer === 'fails' ? 'decline' : 'accept',
      account: BUYER_ACCOUNT,
    });
    if (buyer === 'closes the browser') return { id: null };
    return { id: back === null ? null : new URL(back).searchParams.get('apruveOrderId') };
  }

  async function act(payment: PaymentResource, carried: Carried): Promise<void> {
    const { script } = carried;
    const { nextAction } = payment;
    if (nextAction === null) return;
    if (nextAction.type === 'redirect') {
      await confirm(nextAction.url, script);
    } else {
      const { id } = await accept(payment, script);
      if (script.buyer === 'closes the browser') tally.add('buyer closes the browser');
      if (id !== null) {
        const path = `/v1/payments/${payment.id}/accept`;
        const asked = newRequest('accept', path, { providerRef: id }, 'checkout');
        carried.asked.push(asked);
        await insist(asked);
      }
    }
    if (script.buyer === 'stays away' || script.buyer === 'fails') return;
    const until = Date.now() + BUYER_MS;
    while (Date.now() < until) {
      const now = await get(payment.id);
      if (now !== null && now.nextAction === null && !now.status.endsWith('ing')) return;
      await pass(PAUSE_MS);
    }
  }

  /** A clerk gives a part back in Stripe's dashboard, and tells nobody. */
  async function overtake(id: string): Promise<void> {
    try {
      const response = await fetch(`${api}/v1/payments/${id}/events`, {
        headers: { authorization: `Bearer ${keys.sales}` },
        signal: AbortSignal.timeout(CALL_MS),
      });
      const { data } = (await response.json()) as { data: { providerRef: string | null }[] };
      const ref = data.findLast(({ providerRef }) => providerRef?.startsWith('pi_'))?.providerRef;
      if (typeof ref !== 'string') return;
      await simulators.ask('stripe', 'dashboard/refund', { ref, amountMinor: OVERTAKEN_MINOR });
      tally.add('refund overtaken');
    } catch {
      // Nothing was captured yet, all was given back, or the API is away.
    }
  }

  async function carry(script: Script): Promise<Carried> {
    const start = newRequest('start', '/v1/payments', script.start.body, 'checkout');
    const carried: Carried = { script, id: null, asked: [start] };
    await arm(script, 0);
    const payment = await ask(script.start, start);
    carried.id = [...start.ids][0] ?? null;
    const { id } = carried;
    if (id === null || payment === null || start.outcome !== 'acknowledged') return carried;
    await act(payment, carried);
    const run = async (one: Ask, index: number): Promise<boolean> => {
      if (script.isOvertaken && index === script.asks.length - 1) await overtake(id);
      await arm(script, index + 1);
      const path = `/v1/payments/${id}/${one.verb}`;
      const asked = newRequest(one.verb, path, one.body, 'sales');
      carried.asked.push(asked);
      const answer = await ask(one, asked);
      if (one.verb === 'invoices' && answer !== null) await forge(answer);
      return asked.outcome !== 'open';
    };
    if (script.atOnce && script.asks.length > 1) {
      tally.add('commands at once');
      await Promise.all(script.asks.map(run));
      return carried;
    }
    for (const [index, one] of script.asks.entries()) {
      // Who gets no answer asks for nothing else meanwhile.
      if (!(await run(one, index))) break;
    }
    return carried;
  }

  return { carry, insist, newRequest, get };
}

const isPendingRefund = (body: PaymentResource | null): boolean =>
  (body?.amounts as { refundPending?: number } | undefined)?.refundPending !== undefined &&
  Number(body?.amounts.refundPending) > 0;

type Heard = { readonly word: Asked['outcome']; readonly body: PaymentResource | null };

/** Sent twice at once, one may be too early and refused, and the other not: what was acknowledged
 *  stays so, and what nobody knows of the other one is open. */
function heard(asked: Asked, word: Heard['word'], body: PaymentResource | null): Heard {
  if (asked.outcome !== 'acknowledged') asked.outcome = word;
  return { word, body };
}

function parsed(text: string): (PaymentResource & { code?: string }) | null {
  try {
    return JSON.parse(text) as PaymentResource & { code?: string };
  } catch {
    return null;
  }
}
