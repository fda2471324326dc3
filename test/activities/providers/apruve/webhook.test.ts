import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { apruveWebhook } from '../../../../activities/providers/apruve/webhook.ts';

const TOKEN = 'a_token_of_twenty_letters';
const OTHER = 'another_token_of_twenty_letters';

const hashOf = (token: string | null): string | null =>
  token === null ? null : createHash('sha256').update(token).digest('hex');

const verify = (token: string | null, webhookTokens: string[] = [TOKEN]) =>
  apruveWebhook.verify(
    {
      body: Buffer.from('{}'),
      headers: { 'x-apruve-signature': 'c2lnbmVk' },
      tokenHash: hashOf(token),
    },
    { merchantId: 'm', apiKey: 'k', webhookTokens },
    0,
  );

describe('the address of a message', () => {
  it.each([
    ['the token', TOKEN, [TOKEN]],
    ['the old of two tokens while one is replaced', TOKEN, [OTHER, TOKEN]],
    ['the new of two tokens while one is replaced', OTHER, [OTHER, TOKEN]],
  ])('proves it with %s', (_what, token, tokens) => {
    expect(verify(token, tokens)).toEqual({ verified: true });
  });

  it.each([
    ['it has no token', null, [TOKEN], 'its address has no token'],
    ['its token is empty', '', [TOKEN], 'none of the integration'],
    ['its token is another', OTHER, [TOKEN], 'none of the integration'],
    ['its token lacks a letter', TOKEN.slice(0, -1), [TOKEN], 'none of the integration'],
    ['its token is longer', `${TOKEN}x`, [TOKEN], 'none of the integration'],
    ['its token is in capitals', TOKEN.toUpperCase(), [TOKEN], 'none of the integration'],
    ['the integration has none', TOKEN, [], 'the integration has no webhook token'],
  ])('proves nothing when %s, whatever is signed', (_what, token, tokens, reason) => {
    const verdict = verify(token, tokens);
    expect(verdict).toMatchObject({ verified: false });
    expect('reason' in verdict && verdict.reason).toContain(reason);
  });
});

const order = { id: 'ord_1', status: 'accepted', merchant_order_id: 'pay_1' };
const invoice = { id: 'inv_1', order_id: 'ord_1', status: 'open' };
const term = { purchase_order_id: 'ord_1', status: 'accepted' };
const message = (event: unknown, entity: unknown, more: object = {}) =>
  Buffer.from(
    JSON.stringify({ uuid: 'u-1', created_at: '2026-11-21T12:00:00Z', event, entity, ...more }),
  );
const read = (body: Buffer) => apruveWebhook.read(body, 'test');

describe('a message', () => {
  it.each([
    ['order.accepted', order, { says: 'accepted', orderRef: 'ord_1' }],
    ['payment_term.accepted', term, { says: 'accepted', orderRef: 'ord_1' }],
    ['order.canceled', order, { says: 'cancelled' }],
    ['order.cancelled', order, { says: 'cancelled' }],
    ['invoice.funded', invoice, { says: 'funded', invoiceRef: 'inv_1' }],
    [
      'invoice.funded',
      { ...invoice, amount_due: 5_590 },
      { says: 'funded', invoiceRef: 'inv_1', amountMinor: 5_590 },
    ],
    [
      'invoice.funded',
      { ...invoice, amount_due: 'all of it' },
      { says: 'funded', invoiceRef: 'inv_1' },
    ],
    ['invoice.closed', invoice, { says: 'closed', invoiceRef: 'inv_1' }],
    ['invoice.canceled', invoice, { says: 'invoice_cancelled', invoiceRef: 'inv_1' }],
    ['invoice.cancelled', invoice, { says: 'invoice_cancelled', invoiceRef: 'inv_1' }],
  ])('%s says of its order what the lifecycle can compare', (type, entity, claim) => {
    expect(read(message(type, entity))).toEqual({
      kind: 'news',
      eventId: 'u-1',
      type,
      providerRef: 'ord_1',
      paymentId: null,
      claim,
    });
  });

  it.each([
    ['shipment.created', invoice, 'shipments are told to Apruve and move no money'],
    ['corporate_account.approved', {}, 'Holdfast uses no corporate_account.approved'],
    ['order.created', order, 'Holdfast uses no order.created'],
    ['order.accepted.x', order, 'Holdfast uses no order.accepted.x'],
    ['order.accepted', {}, 'it names no order'],
    ['payment_term.accepted', order, 'it names no order'],
    ['invoice.funded', { id: 'inv_1' }, 'it names no order'],
    ['invoice.funded', { order_id: 'ord_1' }, 'it names no order'],
    ['order.accepted', { id: 7 }, 'it names no order'],
    ['order.accepted', { id: 'a\0b' }, 'it names no order'],
  ])('%s of %j is ignored with its reason', (type, entity, reason) => {
    expect(read(message(type, entity))).toEqual({ kind: 'ignored', eventId: 'u-1', type, reason });
  });

  it.each([
    ['nothing', Buffer.from('')],
    ['no JSON', Buffer.from('{')],
    ['null', Buffer.from('null')],
    ['an array', Buffer.from('[]')],
    ['no uuid', message('order.accepted', order, { uuid: null })],
    ['no event', message(null, order)],
    ['no entity', message('order.accepted', 'ord_1')],
    ['U+0000 in its event', message('a\0', order)],
    ['a uuid of a thousand letters', message('x', order, { uuid: 'u'.repeat(1_000) })],
    ['a hundred thousand arrays in each other', Buffer.from('['.repeat(100_000))],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x00])],
  ])('of %s cannot be read, which is no error', (_what, body) => {
    expect(read(body)).toEqual({
      kind: 'unreadable',
      reason: 'it is not an event of Apruve’s',
    });
  });
});
