import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apruveConfig } from '../../../../activities/providers/apruve/config.ts';
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

/** A real message of test.apruve.com, its signature and the public key, as the tests of
 *  https://github.com/oroinc/OroApruveBundle keep them; read 2026-12-01. */
const real = (name: string): Buffer =>
  readFileSync(new URL(`./webhook-of-2017/${name}`, import.meta.url));
const BODY = real('body.txt');
const SIGNATURE = real('signature.txt').toString();
const KEY = real('public-key.pem').toString();

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength });
const pem = (key: { export: (how: { type: 'spki'; format: 'pem' }) => string | Buffer }): string =>
  key.export({ type: 'spki', format: 'pem' }).toString();

const credentialsWith = (webhookPublicKey: string) => ({
  merchantId: 'm',
  apiKey: 'k',
  webhookTokens: [TOKEN],
  webhookPublicKey,
});

function verifySigned(
  signature: string | null,
  body = BODY,
  key = KEY,
  token: string | null = TOKEN,
) {
  const headers: Record<string, string> =
    signature === null ? {} : { 'x-apruve-signature': signature };
  const message = { body, headers, tokenHash: hashOf(token) };
  return apruveWebhook.verify(message, credentialsWith(key), 0);
}

describe('the signature of a message, where the public key is known,', () => {
  it('proves a real one, whatever its address says', () => {
    expect(verifySigned(SIGNATURE)).toEqual({ verified: true });
    expect(verifySigned(SIGNATURE, BODY, KEY, null)).toEqual({ verified: true });
    expect(apruveWebhook.headers).toContain('x-apruve-signature');
  });

  it('proves one by the very key that it is signed with, and by no other', () => {
    const { privateKey, publicKey } = rsa(2_048);
    const body = message('order.accepted', order);
    const signature = sign('sha256', body, privateKey).toString('base64');
    expect(verifySigned(signature, body, pem(publicKey))).toEqual({ verified: true });
    expect(verifySigned(signature, body)).toMatchObject({ verified: false });
  });

  it.each([
    ['is missing', null, BODY, 'it is not signed'],
    ['is empty', '', BODY, 'is not of the integration'],
    ['is of another body', SIGNATURE, Buffer.concat([BODY, Buffer.from(' ')]), 'is not of the'],
    ['lacks its end', SIGNATURE.slice(0, 600), BODY, 'is not of the integration'],
    ['is no Base64', '!?', BODY, 'is not of the integration'],
    [
      'is the plain hash that anybody can make',
      createHash('sha256').update(BODY).digest('hex'),
      BODY,
      'is not of the integration',
    ],
  ])('proves nothing when it %s, though the token is right', (_what, signature, body, reason) => {
    const verdict = verifySigned(signature, body);
    expect(verdict).toMatchObject({ verified: false });
    expect('reason' in verdict && verdict.reason).toContain(reason);
  });

  it('proves nothing when one letter of an amount is another', () => {
    const tampered = Buffer.from(
      BODY.toString().replace('"amount_cents":2000', '"amount_cents":2001'),
    );
    expect(tampered.equals(BODY)).toBe(false);
    expect(verifySigned(SIGNATURE, tampered)).toMatchObject({ verified: false });
  });

  it('reads the real message: its invoice is closed', () => {
    expect(apruveWebhook.read(BODY, 'test')).toMatchObject({
      kind: 'news',
      eventId: '164f07d6dfdca4ba584e24ae1909329c',
      type: 'invoice.closed',
      providerRef: 'b03c7d8658b429b68326eff6ad25346a',
      claim: { says: 'closed', invoiceRef: '8741c6d16b0dc7c411d14fceb36a16b8' },
    });
  });
});

describe('a public key', () => {
  const isTaken = (key: string): boolean =>
    apruveConfig.credentials.safeParse(credentialsWith(key)).success;

  it('is taken as Apruve shows it, with and without a line at its end', () => {
    expect([isTaken(KEY), isTaken(`${KEY}\n`), isTaken(KEY.trim())]).toEqual([true, true, true]);
  });

  it.each([
    ['empty', ''],
    ['another text', 'public key'],
    ['cut', KEY.slice(0, 400)],
    ['without its frame', KEY.split('\n').slice(1, -1).join('\n')],
    ['of 1024 bits', pem(rsa(1_024).publicKey)],
    ['of another kind', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey)],
    ['private', rsa(2_048).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()],
  ])('is refused when it is %s', (_what, key) => {
    expect(isTaken(key)).toBe(false);
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
