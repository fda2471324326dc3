import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LATE_MS } from '../../../../activities/providers/apruve/inquiries.ts';
import { type Listening, listen } from '../../../support/serve.ts';
import { adapterAt, effectsOf, MINUTE_MS, type Refs, stage, type Stage } from './adapter.stage.ts';

let sim: Stage;
beforeEach(async () => {
  sim = await stage();
});
afterEach(() => sim.close());

const posted = async () => (await sim.received()).filter(({ method }) => method === 'POST').length;

describe('a question for an order that is not there', () => {
  const ask = async (terms: { after: number; lookOnly?: boolean; lastSentAfter?: number }) => {
    const { after, lookOnly = false, lastSentAfter } = terms;
    const accountId = await sim.accountOf('buyer');
    const { order } = sim.effects({ accountId });
    const since = sim.clock.now;
    sim.clock.now += after;
    const last = lastSentAfter === undefined ? {} : { lastSentAt: since + lastSentAfter };
    return sim.inquire(order, { since, lookOnly, ...last });
  };

  it.each([
    ['asked at once', { after: 0 }, 'inconclusive', 0],
    ['while it may be on its way', { after: LATE_MS }, 'inconclusive', 0],
    ['after that', { after: LATE_MS + 1 }, 'review', 1],
    [
      'soon after a question that may have sent it',
      { after: 10 * MINUTE_MS, lastSentAfter: 9 * MINUTE_MS },
      'inconclusive',
      0,
    ],
    ['at its last moment', { after: 15 * MINUTE_MS }, 'review', 1],
    ['after its time', { after: 15 * MINUTE_MS + 1 }, 'absent', 0],
    ['by a person who only looks', { after: 5 * MINUTE_MS, lookOnly: true }, 'absent', 0],
    ['by a person who looks at once', { after: LATE_MS, lookOnly: true }, 'inconclusive', 0],
    [
      'by a person who only looks after its time',
      { after: 20 * MINUTE_MS, lookOnly: true },
      'absent',
      0,
    ],
  ])('%s is answered as it may be', async (_when, terms, kind, sent) => {
    expect(await ask(terms)).toMatchObject({ kind });
    expect(await posted()).toBe(sent);
  });
});

describe.each(['invoice', 'ship', 'return'] as const)('a question for %s', (verb) => {
  const prepared = async () => {
    const refs = await sim.ordered();
    return sim.effects(verb === 'invoice' ? refs : await sim.invoiced(refs))[verb];
  };

  it('that is not there is absent once it can no longer come, and sends nothing', async () => {
    const effect = await prepared();
    const sent = await posted();
    const since = sim.clock.now;
    sim.clock.now = since + LATE_MS;
    expect(await sim.inquire(effect, { since })).toMatchObject({ kind: 'inconclusive' });
    const lookOnly = { since, lookOnly: true };
    expect(await sim.inquire(effect, lookOnly)).toMatchObject({ kind: 'inconclusive' });
    sim.clock.now += 1;
    // Against an operator's word, too, that is proof.
    expect(await sim.inquire(effect, lookOnly)).toMatchObject({ kind: 'absent' });
    expect(await sim.inquire(effect, { since })).toMatchObject({ kind: 'absent' });
    expect(await posted()).toBe(sent);
  });

  it('that is there finds it, also for a person who only looks', async () => {
    const effect = await prepared();
    const made = await sim.perform(effect);
    expect(await sim.inquire(effect)).toEqual(made);
    expect(await sim.inquire(effect, { lookOnly: true })).toEqual(made);
  });

  it('does not take another of the same kind for it', async () => {
    const effect = await prepared();
    await sim.perform({
      ...effect,
      ...(effect.type === 'invoice' ? { invoiceNumber: 'other', amountMinor: 1_000 } : {}),
      ...(effect.type === 'ship' ? { shipmentNumber: 'other' } : {}),
      ...(effect.type === 'return' ? { operationId: 'op_11' } : {}),
    });
    sim.clock.now += LATE_MS + 1;
    const since = sim.clock.now - LATE_MS - 1;
    expect(await sim.inquire(effect, { since })).toMatchObject({ kind: 'absent' });
  });

  it('of another amount leaves it in doubt', async () => {
    const effect = await prepared();
    await sim.perform({ ...effect, amountMinor: 1_000 });
    const answer = await sim.inquire(effect);
    expect(answer).toMatchObject({ kind: 'inconclusive' });
    expect('reason' in answer && answer.reason).toContain('is over 1000');
  });

  it('decides nothing where the list is not to be had', async () => {
    const effect = sim.effects({ orderRef: 'x', invoiceRef: 'x' })[verb];
    const since = sim.clock.now - LATE_MS - 1;
    expect(await sim.inquire(effect, { since })).toMatchObject({ kind: 'inconclusive' });
  });
});

describe('a question for an invoice', () => {
  it('that somebody canceled is declined, unless another stands under its number', async () => {
    const refs = await sim.ordered();
    const first = await sim.invoiced(refs);
    const { invoice, 'cancel-invoice': cancelInvoice } = sim.effects(first);
    await sim.perform(cancelInvoice);
    expect(await sim.inquire(invoice)).toMatchObject({
      kind: 'declined',
      decline: { code: 'invoice_canceled' },
    });
    const { invoiceRef: providerRef } = await sim.invoiced(refs);
    expect(await sim.inquire(invoice)).toEqual({ kind: 'approved', providerRef });
  });

  it('that was made twice is left to a person', async () => {
    const refs = await sim.ordered();
    const invoice = { ...sim.effects(refs).invoice, amountMinor: 5_000 };
    for (let time = 0; time < 2; time += 1) {
      const made = { amount_cents: 5_000, merchant_invoice_id: 'inv_1', issue_on_create: true };
      await sim.send(`/api/v4/orders/${refs.orderRef}/invoices`, made);
    }
    expect(await sim.inquire(invoice)).toMatchObject({ kind: 'inconclusive' });
    await expect(sim.perform(invoice)).rejects.toThrow('2 invoices are inv_1');
  });
});

describe.each(['cancel', 'cancel-invoice'] as const)('a question for %s', (verb) => {
  const prepared = async (): Promise<{
    refs: Refs;
    effect: ReturnType<Stage['effects']>[typeof verb];
  }> => {
    const ordered = await sim.ordered();
    const refs = verb === 'cancel' ? ordered : await sim.invoiced(ordered);
    return { refs, effect: sim.effects(refs)[verb] };
  };

  it('that did not arrive sends it again, for it cannot act twice', async () => {
    const { effect } = await prepared();
    expect(await sim.inquire(effect)).toMatchObject({ kind: 'approved' });
    expect(await sim.inquire(effect)).toMatchObject({ kind: 'approved' });
    expect((await sim.ledger()).at(-1)).toBe(`${verb} 10000`);
  });

  it('sends nothing for a person who only looks', async () => {
    const { effect } = await prepared();
    const sent = await posted();
    expect(await sim.inquire(effect, { lookOnly: true })).toMatchObject({ kind: 'inconclusive' });
    const since = sim.clock.now - LATE_MS - 1;
    // What still stands that long after it was to be cancelled was not cancelled.
    expect(await sim.inquire(effect, { since, lookOnly: true })).toMatchObject({ kind: 'absent' });
    expect(await posted()).toBe(sent);
  });

  it('that cannot be is declined with the reason', async () => {
    const { refs, effect } = await prepared();
    if (verb === 'cancel') await sim.invoiced(refs);
    else await sim.send('/_sim/dashboard/fund', { ref: refs.invoiceRef });
    expect(await sim.inquire(effect)).toMatchObject({
      kind: 'declined',
      decline: { message: expect.stringMatching(/\w+/) as string },
    });
  });
});

describe('a cancellation that is sent again and refused', () => {
  let server: Listening;
  afterEach(() => server.stop());
  /** An order that stands, refuses to be canceled, and says `then` when it is looked at again. */
  const ask = async (then: Response) => {
    const looks = [Response.json({ id: 'ord_1', status: 'accepted' }), then];
    server = await listen(({ method }) =>
      method === 'POST'
        ? Response.json({ errors: [{ title: 'No' }] }, { status: 409 })
        : (looks.shift() ?? Response.error()),
    );
    const { clock, inquire } = adapterAt(server.url);
    return inquire(effectsOf(clock, { orderRef: 'ord_1' }).cancel);
  };

  it('because it has just come through is found by looking once more', async () => {
    const answer = await ask(Response.json({ id: 'ord_1', status: 'canceled' }));
    expect(answer).toEqual({ kind: 'approved', providerRef: 'ord_1' });
  });

  it('stays in doubt when nobody can be asked why', async () => {
    const answer = await ask(Response.json({}, { status: 500 }));
    expect(answer).toMatchObject({ kind: 'inconclusive' });
  });
});

it('an offer in doubt is made again', async () => {
  const { offer } = sim.effects();
  expect(await sim.inquire(offer)).toEqual(await sim.perform(offer));
});
