import { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { stripeWebhook } from '../../activities/providers/stripe/webhook.ts';

const SECRET = 'whsec_current';
const NOW_S = 1_790_000_000;
const BODY = JSON.stringify({ id: 'evt_1', object: 'event', note: 'ü' }, null, 2);

const header = (secret = SECRET, timestamp = NOW_S, payload = BODY): string =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });

const verify = (
  signature: string | null,
  { body = BODY, secrets = [SECRET] }: { body?: string; secrets?: string[] } = {},
) =>
  stripeWebhook.verify(
    {
      body: Buffer.from(body),
      headers: signature === null ? {} : { 'stripe-signature': signature },
      tokenHash: null,
    },
    { secretKey: 'sk_test_1', webhookSecrets: secrets },
    NOW_S * 1000,
  );

const hexOf = (signed: string): string => signed.slice(signed.indexOf('v1=') + 3);

describe('the signature of a message', () => {
  it.each([
    ['with the secret', header(), {}],
    ['with any of several secrets', header(), { secrets: ['whsec_old', SECRET, 'whsec_next'] }],
    ['with two secrets while one is rolled', `${header('whsec_old')},v1=${hexOf(header())}`, {}],
    ['beside schemes that are not read', `${header()},v0=00ff`, {}],
    ['299 s ago', header(SECRET, NOW_S - 299), {}],
    ['300 s ago, which is still in time', header(SECRET, NOW_S - 300), {}],
    ['by a clock that is 299 s ahead', header(SECRET, NOW_S + 299), {}],
  ])('proves it when it was made %s', (_what, signature, given) => {
    expect(verify(signature, given)).toEqual({ verified: true });
  });

  it.each([
    ['there is none', null, 'it is not signed'],
    ['it is of another secret', header('whsec_other'), 'none of the integration'],
    ['it is of a secret that was rolled out', header('whsec_old'), 'none of the integration'],
    ['it is 301 s old', header(SECRET, NOW_S - 301), 'signed 301 s before'],
    ['it is of the future', header(SECRET, NOW_S + 301), 'in the future'],
    ['its time was changed', header().replace(`t=${NOW_S}`, `t=${NOW_S - 1}`), 'none of'],
    ['its time is missing', `v1=${hexOf(header())}`, 'cannot be read'],
    ['its time is no number', header().replace(/t=\d+/, 't=now'), 'cannot be read'],
    ['its time is a fraction', header().replace(/t=\d+/, `t=${NOW_S}.5`), 'cannot be read'],
    ['it has no scheme that is read', header().replace('v1=', 'v0='), 'cannot be read'],
    ['its value is empty', `t=${NOW_S},v1=`, 'none of'],
    ['its value lacks a digit', header().slice(0, -1), 'none of'],
    ['its value lacks a byte', header().slice(0, -2), 'none of'],
    ['its value is no hex', `t=${NOW_S},v1=${'z'.repeat(64)}`, 'none of'],
    ['it is empty', '', 'cannot be read'],
    ['it is only commas', ',,,=,', 'cannot be read'],
    ['it is far too long', `t=${NOW_S},${'v1=00,'.repeat(2_000)}`, 'none of'],
  ])('proves nothing when %s', (_what, signature, reason) => {
    const verdict = verify(signature);
    expect(verdict).toMatchObject({ verified: false });
    expect('reason' in verdict && verdict.reason).toContain(reason);
  });

  it('proves nothing when one byte of the body is another', () => {
    expect(verify(header(), { body: BODY.replace('ü', 'u') })).toMatchObject({ verified: false });
    expect(verify(header(), { body: `${BODY}\n` })).toMatchObject({ verified: false });
    expect(verify(header(), { body: '' })).toMatchObject({ verified: false });
  });

  it('proves nothing where there is no secret', () => {
    const verdict = verify(header(), { secrets: [] });
    expect(verdict).toEqual({ verified: false, reason: 'the integration has no webhook secret' });
  });

  it('means the same in capital letters', () => {
    const signed = header();
    const capital = signed.replace(hexOf(signed), hexOf(signed).toUpperCase());
    expect(verify(capital)).toEqual({ verified: true });
  });
});

const tags = { holdfast_payment: 'pay_1' };
const intent = (terms: Record<string, unknown> = {}) => ({
  object: 'payment_intent',
  id: 'pi_1',
  amount_capturable: 0,
  amount_received: 0,
  currency: 'eur',
  metadata: tags,
  ...terms,
});
const charge = (terms: Record<string, unknown> = {}) => ({
  object: 'charge',
  id: 'ch_1',
  payment_intent: 'pi_1',
  amount_captured: 0,
  amount_refunded: 0,
  captured: false,
  currency: 'eur',
  metadata: tags,
  ...terms,
});
const refund = (status: string) => ({
  object: 'refund',
  id: 're_1',
  payment_intent: 'pi_1',
  status,
  metadata: {},
});
const dispute = (status: string) => ({
  object: 'dispute',
  id: 'dp_1',
  payment_intent: 'pi_1',
  status,
});
const review = (open: boolean) => ({
  object: 'review',
  id: 'prv_1',
  charge: 'ch_1',
  payment_intent: 'pi_1',
  open,
  reason: open ? 'rule' : 'approved',
});
const warning = {
  object: 'radar.early_fraud_warning',
  id: 'issfr_1',
  actionable: true,
  charge: 'ch_1',
  payment_intent: 'pi_1',
  fraud_type: 'misc',
};
const event = (type: string, object: unknown, terms: Record<string, unknown> = {}) =>
  Buffer.from(
    JSON.stringify({
      object: 'event',
      id: 'evt_1',
      type,
      livemode: false,
      data: { object },
      ...terms,
    }),
  );
const read = (body: Buffer, mode = 'test') => stripeWebhook.read(body, mode);

const captured = (amountMinor: number, isOver: boolean) => ({
  says: 'captured',
  upon: 'pi_1',
  amountMinor,
  isOver,
});
const refundSays = (status: string) => ({ says: 'refund', providerRef: 're_1', status });
const disputeSays = (status: string) => ({ says: 'dispute', providerRef: 'dp_1', status });
const released = { says: 'released', upon: 'pi_1' };

describe('a message', () => {
  it.each([
    [
      'payment_intent.amount_capturable_updated',
      intent({ amount_capturable: 900 }),
      { says: 'authorized', upon: 'pi_1' },
    ],
    [
      'payment_intent.amount_capturable_updated',
      intent({ amount_capturable: 500, amount_received: 400 }),
      captured(400, false),
    ],
    ['payment_intent.succeeded', intent({ amount_received: 400 }), captured(400, true)],
    ['payment_intent.canceled', intent({ amount_received: 400 }), released],
    ['payment_intent.payment_failed', intent(), { says: 'declined' }],
    ['charge.succeeded', charge(), { says: 'authorized', upon: 'pi_1' }],
    ['charge.succeeded', charge({ captured: true, amount_captured: 900 }), captured(900, true)],
    ['charge.captured', charge({ captured: true, amount_captured: 400 }), captured(400, true)],
    ['charge.expired', charge(), released],
    ['charge.failed', charge(), { says: 'declined' }],
    [
      'charge.refunded',
      charge({ captured: true, amount_refunded: 300 }),
      { says: 'refunded', upon: 'pi_1', amountMinor: 300 },
    ],
    ['refund.created', refund('succeeded'), refundSays('succeeded')],
    ['refund.created', refund('pending'), refundSays('pending')],
    ['refund.created', refund('requires_action'), refundSays('pending')],
    ['refund.updated', refund('succeeded'), refundSays('succeeded')],
    ['refund.failed', refund('failed'), refundSays('failed')],
    ['refund.updated', refund('canceled'), refundSays('failed')],
    ['charge.refund.updated', refund('failed'), refundSays('failed')],
    ['refund.updated', refund('of_tomorrow'), { says: 'changed' }],
    ['charge.dispute.created', dispute('needs_response'), disputeSays('open')],
    ['charge.dispute.updated', dispute('under_review'), disputeSays('open')],
    ['charge.dispute.funds_withdrawn', dispute('needs_response'), disputeSays('open')],
    ['charge.dispute.closed', dispute('won'), disputeSays('won')],
    ['charge.dispute.funds_reinstated', dispute('won'), disputeSays('won')],
    ['charge.dispute.closed', dispute('lost'), disputeSays('lost')],
    ['charge.dispute.closed', dispute('of_tomorrow'), { says: 'changed' }],
    ['review.opened', review(true), { says: 'changed' }],
    ['review.closed', review(false), { says: 'changed' }],
    ['radar.early_fraud_warning.created', warning, { says: 'changed' }],
    ['radar.early_fraud_warning.updated', warning, { says: 'changed' }],
  ])('of type %s says what the lifecycle can compare', (type, object, claim) => {
    expect(read(event(type, object))).toMatchObject({
      kind: 'news',
      eventId: 'evt_1',
      type,
      providerRef: 'pi_1',
      paymentId: 'metadata' in object && 'holdfast_payment' in object.metadata ? 'pay_1' : null,
      claim,
    });
  });

  it.each([{ amount: 900 }, { currency: 'eur' }])(
    'of a dispute says that it has changed when %o was otherwise before',
    (previous_attributes) => {
      const data = { object: dispute('needs_response'), previous_attributes };
      const body = event('charge.dispute.updated', null, { data });
      expect(read(body)).toMatchObject({ kind: 'news', claim: { says: 'changed' } });
    },
  );

  it('of a dispute whose status alone was otherwise says its status', () => {
    const previous_attributes = { status: 'needs_response' };
    const data = { object: dispute('under_review'), previous_attributes };
    const body = event('charge.dispute.updated', null, { data });
    expect(read(body)).toMatchObject({ claim: disputeSays('open') });
  });

  it('is in the minor units of ISO 4217, whatever Stripe’s are', () => {
    const isk = intent({ amount_received: 105_000, currency: 'isk' });
    expect(read(event('payment_intent.succeeded', isk))).toMatchObject({
      claim: captured(1_050, true),
    });
  });

  it.each([
    [
      'of an unknown type',
      event('customer.created', intent()),
      'Holdfast uses no customer.created',
    ],
    [
      'of live mode',
      event('charge.captured', charge(), { livemode: true }),
      'it is not of mode test',
    ],
    [
      'of a charge without PaymentIntent',
      event('charge.captured', charge({ payment_intent: null })),
      'it names no PaymentIntent',
    ],
    [
      'of a thing that its type does not fit',
      event('charge.captured', { object: 'customer', id: 'cus_1' }),
      'it names no PaymentIntent',
    ],
    [
      'of amounts that are none',
      event('payment_intent.succeeded', intent({ amount_received: '1e9' })),
      'it names no PaymentIntent',
    ],
    [
      'of a review of no PaymentIntent',
      event('review.opened', { ...review(true), payment_intent: undefined }),
      'it names no PaymentIntent',
    ],
    [
      'of an inquiry that takes no money',
      event('charge.dispute.created', dispute('warning_needs_response')),
      'its status says nothing new',
    ],
  ])('%s is ignored with its reason', (_what, body, reason) => {
    expect(read(body)).toMatchObject({ kind: 'ignored', eventId: 'evt_1', reason });
  });

  it('of test mode is ignored by an integration of live mode', () => {
    expect(read(event('charge.captured', charge()), 'live')).toMatchObject({
      kind: 'ignored',
      reason: 'it is not of mode live',
    });
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['a number', '7'],
    ['an array', '[]'],
    ['another object', '{"object":"list"}'],
    ['an id that is none of an event', event('x', {}, { id: 'pi_1' }).toString()],
    ['a type of a thousand letters', event('x'.repeat(1_000), intent()).toString()],
    ['U+0000 in its type', event('a\0', intent()).toString()],
    ['a thing that is no object', event('charge.captured', 'ch_1').toString()],
    ['a hundred thousand arrays in each other', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    [
      'a hundred thousand objects in each other',
      `${'{"object":'.repeat(100_000)}1${'}'.repeat(100_000)}`,
    ],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe, 0x00]).toString('latin1')],
  ])('of %s cannot be read, which is no error', (_what, body) => {
    expect(read(Buffer.from(body))).toEqual({
      kind: 'unreadable',
      reason: 'it is not an event of Stripe’s',
    });
  });

  it('with junk of any depth beside what is read says the same', () => {
    const junk = `${'{"a":['.repeat(20_000)}${']}'.repeat(20_000)}`;
    const body = event('payment_intent.succeeded', intent({ amount_received: 400 }))
      .toString()
      .replace('"object":"payment_intent"', `"__proto__":${junk},"object":"payment_intent"`);
    expect(read(Buffer.from(body))).toMatchObject({ kind: 'news', claim: captured(400, true) });
  });
});
