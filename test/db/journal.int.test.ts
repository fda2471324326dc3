/** The journal's promises, asked of a real Postgres. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../db/client.ts';
import { createJournal, type Journal } from '../../db/journal/journal.ts';
import {
  createPaymentRepository,
  type NewPayment,
  type PaymentRepository,
} from '../../db/repositories/payment.repository.ts';
import { cardLifecycle } from '../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../machines/card/card.events.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { assertBooks } from '../support/books.ts';

const AT = Date.parse('2026-11-21T10:00:00.000Z');
const HOUR = 3_600_000;

let database: TestDatabase;
let pool: pg.Pool;
let journal: Journal;
let payments: PaymentRepository;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = connect(database.url, { max: 10 });
  journal = createJournal(pool);
  payments = createPaymentRepository(pool);
});
afterAll(async () => {
  await assertBooks(pool);
  await pool.end();
  await database.drop();
});

let count = 0;
function newPayment(): NewPayment {
  count += 1;
  const id = `pay_${String(count).padStart(26, '0')}`;
  const total = { amountMinor: 10_500, currency: 'EUR' };
  const policy = {
    startWithinMs: HOUR,
    inquireWithinMs: HOUR,
    buyerWithinMs: HOUR,
    reviewWithinMs: HOUR,
    warnBeforeMs: 0,
    actBeforeMs: 0,
    onHoldEnding: 'nothing',
    onLateMoney: 'adopt',
  } as const;
  const input = {
    paymentId: id,
    total,
    captureMode: 'manual',
    provider: 'Stripe',
    policy,
    at: AT,
  } as const;
  return {
    id,
    accountId: 'main',
    mode: 'test',
    opening: cardLifecycle.freeze(cardLifecycle.open(input)),
    input,
    method: 'stripe_test.card',
    provider: 'stripe',
    integrationId: 'stripe_test',
    integrationVersion: 1,
    source: { kind: 'order', number: '4711' },
    request: { paymentToken: 'pm_card_visa' },
    requestHash: 'hash',
    currency: 'EUR',
    requestedMinor: 10_500,
    actor: 'api:checkout:hf_test_abcdef',
    wakeAt: new Date(AT),
    createdAt: new Date(AT),
  };
}

async function opened() {
  const payment = newPayment();
  expect(await payments.open(payment)).toBe(true);
  const operationId = `op_${payment.id.replace('pay_', '')}_authorize_1`;
  const approved = {
    type: 'authorization.approved',
    at: AT + 1,
    operationId,
    providerRef: 'pi_1',
    amountMinor: 10_500,
    holdEndsAt: null,
    multicapture: true,
  } satisfies CardEvent;
  const declined = {
    type: 'authorization.declined',
    at: AT + 2,
    operationId,
    providerRef: null,
    decline: { verb: 'authorize', code: 'x', message: 'x', advice: null },
  } satisfies CardEvent;
  const append = (events: readonly CardEvent[], extra: object = {}) =>
    journal.append({
      paymentId: payment.id,
      base: payment.opening,
      sequence: 1,
      facts: events.map((event) => ({ event, actor: 'provider:stripe' })),
      ...extra,
    });
  return { id: payment.id, payment, operationId, approved, declined, append };
}

async function kept(id: string) {
  const { rows } = await pool.query<{ kept: unknown }>(
    `select jsonb_build_object(
       'payment', (select to_jsonb(p) from payments p where p.id = $1),
       'facts', (select jsonb_agg(to_jsonb(f) order by f.sequence) from facts f where f.payment_id = $1),
       'told', (select jsonb_agg(to_jsonb(e)) from outgoing_events e where e.payment_id = $1),
       'operations', (select jsonb_agg(to_jsonb(o)) from operations o where o.payment_id = $1)) as kept`,
    [id],
  );
  return rows[0]!.kept as {
    payment: object;
    facts: object[];
    told: object[] | null;
    operations: object[] | null;
  };
}

describe('an append', () => {
  it('keeps the fact, its postings, the read model and what merchants are told', async () => {
    const { id, approved, append } = await opened();
    const appended = await append([approved]);
    expect(appended).toMatchObject({ head: 2, next: null, taken: null });
    const { payment, facts, told } = await kept(id);
    expect(payment).toMatchObject({ sequence: 2, status: 'authorized', authorized_minor: 10_500 });
    expect(facts[1]).toMatchObject({
      type: 'authorization.approved',
      actor: 'provider:stripe',
      postings: [
        { account: 'holds', currency: 'EUR', amountMinor: 10_500 },
        { account: 'authorizations', currency: 'EUR', amountMinor: -10_500 },
      ],
    });
    expect(told).toMatchObject([{ sequence: 2, type: 'payment.authorized' }]);
  });

  it('repeated, changes nothing and succeeds', async () => {
    const { id, approved, append } = await opened();
    const first = await append([approved]);
    const before = await kept(id);
    const again = await append([approved]);
    expect(again.folded).toEqual(first.folded);
    expect(again).toMatchObject({ head: 2, next: null });
    expect(await kept(id)).toEqual(before);
  });

  it('repeated after more was appended, tells what followed', async () => {
    const { approved, append, payment } = await opened();
    const first = await append([approved]);
    const capture = {
      type: 'capture.requested',
      at: AT + 3,
      amountMinor: 1,
      final: false,
    } as const;
    const { frozen, sequence } = first.folded;
    const facts = [{ event: capture, actor: 'system' }];
    await journal.append({ paymentId: payment.id, base: frozen, sequence, facts });
    expect(await append([approved])).toMatchObject({ head: 3, next: capture });
  });

  it('of another fact under a sequence that is taken throws, and keeps nothing of it', async () => {
    const { id, approved, declined, append } = await opened();
    await append([approved]);
    const before = await kept(id);
    await expect(append([declined])).rejects.toThrow(
      'sequence 2 holds authorization.approved, not this authorization.declined',
    );
    const other = { ...approved, providerRef: 'pi_2' };
    await expect(append([other])).rejects.toThrow('sequence 2 holds authorization.approved');
    expect(await kept(id)).toEqual(before);
  });

  it('of an illegal fact throws, and leaves nothing, not even the attempt or a legal fact before it', async () => {
    const { id, approved, operationId, append } = await opened();
    const before = await kept(id);
    const attempt = { id: operationId, verb: 'authorize' };
    await expect(append([approved, approved], { attempt })).rejects.toThrow(
      'authorization.approved is not legal in authorized',
    );
    expect(await kept(id)).toEqual(before);
  });

  it('that yields gives way to what holds its place and returns it', async () => {
    const { id, approved, declined, append } = await opened();
    await append([approved]);
    const before = await kept(id);
    const gaveWay = await append([declined], { yields: true });
    expect(gaveWay).toMatchObject({ taken: approved, head: 2 });
    expect(await kept(id)).toEqual(before);
  });

  it('that yields keeps its evidence even so, and not its outcome', async () => {
    const { id, approved, declined, operationId, append } = await opened();
    await append([], { attempt: { id: operationId, verb: 'authorize' } });
    const evidence = (mark: string) => ({ evidence: { operationId, exchanges: [{ mark }] } });
    await append([approved], { yields: true, ...evidence('first') });
    await append([declined], { yields: true, ...evidence('twin') });
    expect((await kept(id)).operations).toMatchObject([
      { outcome: 'authorization.approved', exchanges: [{ mark: 'first' }, { mark: 'twin' }] },
    ]);
  });

  it('counts every attempt of an operation in one row', async () => {
    const { id, operationId, append } = await opened();
    const attempt = { id: operationId, verb: 'authorize' };
    expect((await append([], { attempt })).attempts).toBe(1);
    const second = await append([], { attempt });
    expect(second.attempts).toBe(2);
    expect((await kept(id)).operations).toMatchObject([{ id: operationId, attempts: 2 }]);
  });

  it('is refused from a state that the journal does not have', async () => {
    const { id, approved, append, payment } = await opened();
    const context = { ...(payment.opening.context as object), requestedMinor: 1 };
    const other = { ...payment.opening, context };
    await expect(append([{ ...approved, amountMinor: 1 }], { base: other })).rejects.toMatchObject({
      name: 'OtherFact',
    });
    expect((await kept(id)).facts).toHaveLength(1);
  });

  it('is refused at a place that the journal has not reached', async () => {
    const { id, approved, append } = await opened();
    await expect(append([approved], { sequence: 5 })).rejects.toThrow(/not this authorization/);
    expect((await kept(id)).facts).toHaveLength(1);
  });

  it('made by ten at once keeps each fact once, and every other is told to look again or succeeds', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, approved, append } = await opened();
      const settled = await Promise.allSettled(
        Array.from({ length: 10 }, () => append([approved])),
      );
      const failed = settled.filter((each) => each.status === 'rejected');
      for (const { reason } of failed) expect(reason).toMatchObject({ name: 'JournalMoved' });
      expect(failed.length).toBeLessThan(10);
      const { facts, told } = await kept(id);
      expect({ facts: facts.length, told: told?.length }).toEqual({ facts: 2, told: 1 });
      expect(await append([approved])).toMatchObject({ head: 2 });
    }
  });
});

describe('the database itself', () => {
  const insert = (id: string, postings: object[]) =>
    pool.query(
      `insert into facts (payment_id, sequence, type, data, actor, at, postings)
       values ($1, 99, 'x', '{}', 'x', now(), $2)`,
      [id, JSON.stringify(postings)],
    );
  const posting = (account: string, amountMinor: number, currency = 'EUR') => ({
    account,
    currency,
    amountMinor,
  });

  it.each([
    ['one side only', [posting('holds', 1)]],
    ['sides that differ', [posting('holds', 100), posting('authorizations', -99)]],
    ['sides in two currencies', [posting('holds', 100), posting('authorizations', -100, 'USD')]],
  ])('refuses a fact whose postings have %s', async (_what, postings) => {
    const { id } = await opened();
    await expect(insert(id, postings)).rejects.toThrow('facts_postings_balance');
  });

  it('takes a fact whose postings balance in each currency', async () => {
    const { id } = await opened();
    const both = [
      posting('holds', 5),
      posting('holds', -5),
      posting('x', 7, 'USD'),
      posting('y', -7, 'USD'),
    ];
    expect((await insert(id, both)).rowCount).toBe(1);
    // No payment of ours: its amounts know nothing of them.
    await expect(pool.query('delete from payments where id = $1', [id])).rejects.toThrow(
      'foreign key',
    );
  });

  it.each([
    ['changed', `update facts set actor = 'nobody' where payment_id = $1`],
    ['deleted', 'delete from facts where payment_id = $1'],
  ])('refuses that a fact is %s', async (_what, statement) => {
    const { id } = await opened();
    await expect(pool.query(statement, [id])).rejects.toThrow('facts are never changed or deleted');
    expect((await kept(id)).facts).toHaveLength(1);
  });

  it('takes a command’s key once per payment', async () => {
    const { id } = await opened();
    const keyed = (sequence: number) =>
      pool.query(
        `insert into facts (payment_id, sequence, type, data, actor, at, idempotency_key)
         values ($1, $2, 'x', '{}', 'x', now(), 'key')`,
        [id, sequence],
      );
    await keyed(90);
    await expect(keyed(91)).rejects.toThrow('facts_idempotency_key');
  });
});

describe('a payment', () => {
  it('is opened once per id, whoever comes first', async () => {
    const payment = newPayment();
    const opens = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        payments.open({ ...payment, requestHash: `hash ${index}` }),
      ),
    );
    expect(opens.filter(Boolean)).toHaveLength(1);
    expect((await payments.find(payment.id))?.requestHash).toBe(`hash ${opens.indexOf(true)}`);
    expect(await payments.facts(payment.id)).toMatchObject([
      { sequence: 1, event: { type: 'payment.requested', at: AT }, actor: payment.actor },
    ]);
  });
});
