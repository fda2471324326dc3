/** Answers as nobody should give them, from a server that gives them. */
import { afterEach, describe, expect, it } from 'vitest';
import { createInfinitePayAdapter } from '../../../../activities/providers/infinitepay/adapter.ts';
import { type Exchange, ProviderNotReached } from '../../../../activities/providers/provider.ts';
import { type Listening, listen } from '../../../support/serve.ts';
import {
  callAt,
  CREDENTIALS,
  effectOf,
  ORDER_ID,
  SETTINGS,
  termsOf,
  type Verb,
} from './adapter.stage.ts';

let server: Listening | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

const envelope = (body: string, before = '') =>
  `<?xml version="1.0"?>${before}<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
const GOOD = `<STATUS>1</STATUS><REF_NO>R-1</REF_NO><ORDER_ID>${ORDER_ID}</ORDER_ID>`;
const answered = (data: string, more = '', operation = 'capture') =>
  envelope(
    `<n:${operation}OrderResponse xmlns:n="urn:x"><RESPONSE>${more}<RESPONSE_DATA>${data}</RESPONSE_DATA></RESPONSE></n:${operation}OrderResponse>`,
  );
const fault = (code: string, message = 'No.') =>
  envelope(
    `<s:Fault><faultcode>${code}</faultcode><faultstring>${message}</faultstring></s:Fault>`,
  );

async function ask(text: string, status = 200, verb: Verb = 'capture') {
  server = await listen(() => new Response(text, { status }));
  const provider = createInfinitePayAdapter(server.url, CREDENTIALS, SETTINGS);
  const kept: Exchange[] = [];
  const outcome = await provider
    .perform(effectOf(verb), termsOf(), callAt(kept))
    .catch((error: unknown) => error);
  return { outcome, kept };
}

describe('an answer', () => {
  it.each([
    ['with its own prefixes', answered(GOOD)],
    ['that repeats itself beside RESPONSE_DATA', answered(GOOD, GOOD)],
    ['that gives the reference beside it only', answered('<STATUS>1</STATUS>', GOOD)],
  ])('is approved %s', async (_how, text) => {
    const { outcome } = await ask(text);
    expect(outcome).toMatchObject({ kind: 'approved', providerRef: 'R-1', guaranteedMinor: null });
  });

  it('has no reference where that is empty', async () => {
    const { outcome } = await ask(answered('<STATUS>1</STATUS><REF_NO/>'));
    expect(outcome).toMatchObject({ kind: 'approved', providerRef: null });
  });

  const ENTITIES = '<!DOCTYPE a [<!ENTITY e "1">]>';
  it.each([
    ['is empty', ''],
    ['is no XML', '{"STATUS":"1"}'],
    ['is cut off', answered(GOOD).slice(0, -20)],
    ['has a DOCTYPE', answered(GOOD).replace('?>', '?><!DOCTYPE a>')],
    [
      'uses an entity of its own',
      answered(GOOD).replace('?>', `?>${ENTITIES}`).replace('1<', '&e;<'),
    ],
    ['uses an entity that nobody declared', answered(`${GOOD}<ADD_INFO>&nbsp;</ADD_INFO>`)],
    ['reaches for the prototype', answered(`${GOOD}<__proto__>1</__proto__>`)],
    ['says nothing', envelope('')],
    ['answers another operation', answered(GOOD, '', 'cancel')],
    ['is about another order', answered(GOOD.replace(ORDER_ID, 'ord_2'))],
    ['has no STATUS', answered('<REF_NO>R-1</REF_NO>')],
    ['has an empty STATUS', answered('<STATUS/>')],
    ['has STATUS twice', answered('<STATUS>1</STATUS><STATUS>0</STATUS>')],
    ['has another STATUS beside it', answered(GOOD, '<STATUS>0</STATUS>')],
    ['answers twice', answered(GOOD).replace(/<s:Body>(.*)<\/s:Body>/, '<s:Body>$1$1</s:Body>')],
    ['answers and fails', answered(GOOD).replace('</s:Body>', '<s:Fault/></s:Body>')],
  ])('is unknown when it %s', async (_how, text) => {
    const { outcome, kept } = await ask(text);
    expect(outcome).toEqual({ kind: 'unknown', reason: expect.stringMatching(/./) });
    expect(kept).toHaveLength(1);
  });

  it.each([202, 302, 400, 404, 500, 502])('is unknown with HTTP %d', async (status) => {
    const { outcome } = await ask(answered(GOOD), status);
    expect(outcome).toMatchObject({ kind: 'unknown' });
  });

  it('was not reached when nobody listens', async () => {
    const closed = await listen(() => new Response());
    await closed.stop();
    const provider = createInfinitePayAdapter(closed.url, CREDENTIALS, SETTINGS);
    const outcome = provider.perform(effectOf('reserve'), termsOf(), callAt([]));
    await expect(outcome).rejects.toThrow(ProviderNotReached);
  });

  it.each(['0', '2', 'true', '01', 'OK'])('is declined with STATUS %s', async (status) => {
    const { outcome } = await ask(answered(`<STATUS>${status}</STATUS>`));
    const decline = { code: `status_${status}`, message: expect.stringMatching(/./), advice: null };
    expect(outcome).toMatchObject({ kind: 'declined', decline });
  });

  it('is declined with its first code and all its words, shortened and without card numbers', async () => {
    const errors = `<ERROR_DATA><ERROR><ERROR_CD/><ERROR_MSG>M&#252;ll &amp;lt;</ERROR_MSG></ERROR>
      <ERROR><ERROR_CD>E7</ERROR_CD><ERROR_MSG>4242 4242 4242 4242 ${'x'.repeat(300)}</ERROR_MSG></ERROR></ERROR_DATA>`;
    const { outcome, kept } = await ask(answered('<STATUS>0</STATUS>', errors));
    expect(outcome).toMatchObject({
      kind: 'declined',
      decline: { code: 'E7', message: expect.stringMatching(/^Müll &lt; \[card number\] x+$/) },
      notes: { errors: [{ code: '', message: 'Müll &lt;' }, { code: 'E7' }] },
    });
    expect(JSON.stringify([outcome, kept])).not.toMatch(/4242|x{201}/);
  });
});

describe('an activation that is approved', () => {
  const guaranteeing = (guaranteed: string) =>
    ask(answered(GOOD + guaranteed, '', 'activate'), 200, 'activate');

  it.each([
    ['two sums', '<GUAR_AMT>119000</GUAR_AMT><GUAR_AMT>119000</GUAR_AMT>'],
    ['a sum with elements in it', '<GUAR_AMT><X>119000</X></GUAR_AMT>'],
    ['0', '<GUAR_AMT>0</GUAR_AMT>'],
    ['more than was asked for', '<GUAR_AMT>119001</GUAR_AMT>'],
    ['a sum that cannot be read', '<GUAR_AMT>1190.00</GUAR_AMT>'],
  ])('is unknown when it guarantees %s', async (_what, text) => {
    const { outcome } = await guaranteeing(text);
    expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(/119000|two/) });
  });

  it.each([
    ['it is missing', ''],
    ['it is empty', '<GUAR_AMT/>'],
    ['it is nothing but spaces', '<GUAR_AMT> </GUAR_AMT>'],
    ['it is nil', '<GUAR_AMT xmlns:i="urn:i" i:nil="true"/>'],
  ])('guarantees an amount that is not known when %s', async (_how, text) => {
    const { outcome } = await guaranteeing(text);
    const approved = { kind: 'approved', providerRef: 'R-1', guaranteedMinor: null };
    expect(outcome).toMatchObject(approved);
  });

  it('guarantees what it says', async () => {
    const { outcome } = await guaranteeing('<GUAR_AMT>1</GUAR_AMT>');
    expect(outcome).toMatchObject({ kind: 'approved', guaranteedMinor: 1 });
  });
});

describe('a fault', () => {
  it.each([
    'wsse:FailedAuthentication',
    'wsse:InvalidSecurity',
    'wsse:InvalidSecurityToken',
    'wsse:UnsupportedSecurityToken',
    'wsu:MessageExpired',
    's:Client',
    's:Client.Validation',
  ])('%s is a refusal', async (code) => {
    const { outcome } = await ask(fault(code), 500);
    expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('No.') });
  });

  it.each(['s:Server', 's:Server.Client', 's:VersionMismatch', 'x:Clients', ''])(
    '%s may have acted',
    async (code) => {
      expect((await ask(fault(code), 500)).outcome).toMatchObject({ kind: 'unknown' });
    },
  );

  it('is never told at length, nor with a card number', async () => {
    const message = `4242424242424242 ${'x'.repeat(1_000)}`;
    const { outcome, kept } = await ask(fault('s:Client', message), 500);
    const { reason } = outcome as { reason: string };
    expect(reason.length).toBeLessThanOrEqual(200);
    expect(JSON.stringify([reason, kept])).not.toMatch(/4242|x{201}/);
  });
});

describe('an order whose stage is told in words that are not known', () => {
  const status = (code: string, words: string, more = '') =>
    answered(
      `<STATUS>${code}</STATUS><REF_NO>R-1</REF_NO><ADD_INFO>${words}</ADD_INFO>${more}`,
      '',
      'checkStatus',
    );

  /** A server that shows the order so, and declines everything else. */
  async function inquire(verb: Verb, shown: string, more: object = {}) {
    server = await listen(async (request) => {
      const operation = /<ip:(\w+)Order/.exec(await request.text())?.[1] ?? '';
      const text =
        operation === 'checkStatus' ? shown : answered('<STATUS>0</STATUS>', '', operation);
      return new Response(text);
    });
    const provider = createInfinitePayAdapter(server.url, CREDENTIALS, SETTINGS);
    const asking = { since: 0, lookOnly: false };
    const effect = effectOf(verb, { startBy: 0, ...more });
    return (await provider.inquire(effect, termsOf(), callAt([], 1), asking)).kind;
  }
  const half = '<GUAR_AMT>59500</GUAR_AMT>';

  it.each<[Verb, string, string, string]>([
    ['reserve', 'approved', '1', ''],
    ['reserve', 'declined', '0', ''],
    ['modify', 'declined', '1', ''],
    ['capture', 'inconclusive', '1', ''],
    ['capture', 'declined', '0', ''],
    ['activate', 'approved', '1', half],
    ['activate', 'inconclusive', '1', ''],
    ['activate', 'inconclusive', '0', half],
    ['activate', 'declined', '0', ''],
    ['cancel', 'declined', '1', ''],
    ['cancel', 'approved', '0', ''],
    ['apply', 'inconclusive', '0', half],
    ['apply', 'inconclusive', '1', half],
  ])('%s is %s with STATUS %s%s', async (verb, kind, code, more) => {
    expect(await inquire(verb, status(code, 'In Bearbeitung', more))).toBe(kind);
  });

  it.each([
    ['capture', 'denied', '1', 'inconclusive'],
    ['cancel', 'denied', '0', 'inconclusive'],
    ['cancel', 'guarantee_denied', '0', 'declined'],
    ['capture', 'guarantee_denied', '0', 'approved'],
  ] as const)('and %s of an order that is %s with STATUS %s is %s', async (...row) => {
    const [verb, words, code, kind] = row;
    expect(await inquire(verb, status(code, words))).toBe(kind);
  });

  it.each([
    ['claimed', 'inconclusive'],
    ['overdue', 'approved'],
    ['In Bearbeitung', 'approved'],
  ])('and a last receipt of one that is %s and guaranteed no more is %s', async (words, kind) => {
    const shown = status('1', words, '<GUAR_AMT>0</GUAR_AMT>');
    expect(await inquire('apply', shown, { amountMinor: 119_000 })).toBe(kind);
  });
});
