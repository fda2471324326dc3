/** What InfinitePay refuses: who has to mend it, and what is kept of its words. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { securityCode } from '../../../../activities/providers/infinitepay/security.ts';
import { ProviderNotReached } from '../../../../activities/providers/provider.ts';
import {
  CREDENTIALS,
  LATE_MS,
  openStage,
  ORDER_ID,
  type Stage,
  type Verb,
} from './adapter.stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const envelope = (body: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
const answered = (response: string, operation = 'reserve') =>
  envelope(
    `<n:${operation}OrderResponse xmlns:n="urn:x"><RESPONSE>${response}</RESPONSE></n:${operation}OrderResponse>`,
  );
const GOOD = answered('<RESPONSE_DATA><STATUS>1</STATUS><REF_NO>R-1</REF_NO></RESPONSE_DATA>');
const NO = '<RESPONSE_DATA><STATUS>0</STATUS></RESPONSE_DATA>';
const fault = (code: string, text = 'No.', more = '') =>
  envelope(
    `<s:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring>${more}</s:Fault>`,
  );
const VERBS: Verb[] = ['reserve', 'modify', 'capture', 'activate', 'cancel', 'apply'];

describe('a refusal', () => {
  it.each([
    ['wsse:FailedAuthentication', 'credentials'],
    ['wsse:InvalidSecurity', 'credentials'],
    ['wsse:InvalidSecurityToken', 'credentials'],
    ['wsse:SecurityTokenUnavailable', 'credentials'],
    ['ns1:SecurityError', 'credentials'],
    ['wsu:MessageExpired', 'ours'],
    ['wsse:UnsupportedSecurityToken', 'ours'],
    ['wsse:UnsupportedAlgorithm', 'ours'],
    ['wsse:FailedCheck', 'ours'],
    ['s:Client', undefined],
    ['s:Client.Validation', undefined],
  ])('with the fault %s has its code, and is to be mended by: %s', async (code, blamed) => {
    await stage.answer(500, fault(code));
    const outcome = await stage.perform('reserve');
    expect(outcome).toMatchObject({ kind: 'refused', code: code.split(':')[1] });
    expect((outcome as { fault?: string }).fault).toBe(blamed);
  });

  it.each<[number, string]>([
    [401, ''],
    [403, '<html>Forbidden</html>'],
    [401, fault('s:Server')],
    [403, '{"error":"forbidden"}'],
  ])('with HTTP %d blames the credentials, whatever the body is: %s', async (status, body) => {
    for (const verb of VERBS) {
      await stage.answer(status, body);
      expect(await stage.perform(verb)).toMatchObject({
        kind: 'refused',
        fault: 'credentials',
        code: `http_${status}`,
      });
    }
    expect(await stage.movements()).toEqual([]);
  });

  it('is not believed where HTTP turns away what the answer grants', async () => {
    await stage.answer(401, GOOD);
    expect(await stage.perform('reserve')).toMatchObject({ kind: 'unknown' });
  });

  it('of an amount that cannot be sent is ours, and nothing leaves', async () => {
    const odd = { amountMinor: 10_001, currency: 'KWD' };
    expect(await stage.perform('reserve', odd)).toMatchObject({ kind: 'refused', fault: 'ours' });
    expect(await stage.bodies()).toEqual([]);
  });

  it('by 429 was not reached, and by 500, 502 or 503 it may have acted', async () => {
    await stage.answer(429, '');
    await expect(stage.perform('reserve')).rejects.toThrow(ProviderNotReached);
    for (const status of [500, 502, 503]) {
      await stage.answer(status, '<html>Sorry</html>');
      expect(await stage.perform('reserve')).toMatchObject({ kind: 'unknown' });
    }
  });

  it.each<[Verb, Verb]>([
    ['capture', 'capture'],
    ['activate', 'activate'],
    ['cancel', 'cancel'],
    ['activate', 'capture'],
    ['cancel', 'capture'],
    ['activate', 'cancel'],
    ['capture', 'modify'],
    ['cancel', 'activate'],
  ])(
    'after %s that speaks of the order’s state is a decline of %s that blames nobody',
    async (...row) => {
      const [done, verb] = row;
      await stage.prepare(done);
      await stage.perform(done);
      const outcome = await stage.perform(verb);
      expect(outcome).toMatchObject({ kind: 'declined', decline: { code: expect.any(String) } });
      expect(outcome).not.toHaveProperty('fault');
    },
  );
});

describe('an error that is plain text', () => {
  it.each([
    ['in ERROR', '<ERROR_DATA><ERROR>limit used up</ERROR></ERROR_DATA>'],
    ['in ERROR_DATA', '<ERROR_DATA>limit used up</ERROR_DATA>'],
    ['in CDATA', '<ERROR_DATA><ERROR><![CDATA[limit used up]]></ERROR></ERROR_DATA>'],
    ['with an attribute', '<ERROR_DATA><ERROR lang="en">limit used up</ERROR></ERROR_DATA>'],
    ['beside an empty code', '<ERROR_DATA><ERROR>limit used up<ERROR_CD/></ERROR></ERROR_DATA>'],
  ])('is kept %s', async (_where, errors) => {
    await stage.answer(200, answered(errors + NO));
    const noted = [{ code: '', message: 'limit used up' }];
    expect(await stage.perform('reserve')).toMatchObject({
      kind: 'declined',
      decline: { code: 'status_0', message: 'limit used up' },
      notes: { errors: noted },
    });
    expect(stage.kept.at(-1)?.answer).toMatchObject({ errors: noted });
  });

  it('stands beside those that have a code, in their order', async () => {
    const errors = `<ERROR_DATA><ERROR>first</ERROR><ERROR><ERROR_CD>E7</ERROR_CD><ERROR_MSG>second</ERROR_MSG></ERROR><ERROR>third</ERROR></ERROR_DATA>`;
    await stage.answer(200, answered(errors + NO));
    expect(await stage.perform('reserve')).toMatchObject({
      decline: { code: 'E7', message: 'first second third' },
      notes: { errors: [{ code: '' }, { code: 'E7' }, { code: '' }] },
    });
  });

  it('is kept where the answer is good, too', async () => {
    const errors = '<ERROR_DATA><ERROR>address not checked</ERROR></ERROR_DATA>';
    await stage.answer(200, GOOD.replace('<RESPONSE>', `<RESPONSE>${errors}`));
    expect(await stage.perform('reserve')).toMatchObject({
      kind: 'approved',
      notes: { errors: [{ message: 'address not checked' }] },
    });
  });
});

describe('what is kept of its words', () => {
  const code = securityCode(CREDENTIALS, ORDER_ID);
  const SECRETS = [CREDENTIALS.username, CREDENTIALS.password, CREDENTIALS.secret, code];
  const CARD = '4242 4242 4242 4242';
  const quoted = `${SECRETS.join(' ')} ${CARD}`;
  /** So that the cut goes through the last secret. */
  const longer = `${'x'.repeat(190)} ${CREDENTIALS.password}`;

  it.each<[string, number, (text: string) => string]>([
    ['an error', 200, (text) => answered(`<ERROR_DATA><ERROR>${text}</ERROR></ERROR_DATA>${NO}`)],
    [
      'an error with a code',
      200,
      (text) =>
        answered(
          `<ERROR_DATA><ERROR><ERROR_CD>${text}</ERROR_CD><ERROR_MSG>${text}</ERROR_MSG></ERROR></ERROR_DATA>${NO}`,
        ),
    ],
    [
      'ADD_INFO',
      200,
      (text) => answered(NO.replace('</STATUS>', `</STATUS><ADD_INFO>${text}</ADD_INFO>`)),
    ],
    ['a status', 200, (text) => answered(NO.replace('0', text))],
    ['a fault', 500, (text) => fault('s:Client', text)],
    ['a fault’s code', 500, (text) => fault(`s:Client.${text}`)],
    [
      'a fault’s detail',
      500,
      (text) =>
        fault(
          's:Server',
          '',
          `<detail><n:GenericSoapFault xmlns:n="urn:x"><message>${text}</message></n:GenericSoapFault></detail>`,
        ),
    ],
  ])('has no secret and no card number in it, and is short: %s', async (_where, status, body) => {
    for (const text of [quoted, longer]) {
      await stage.answer(status, body(text));
      const outcome = await stage.perform('reserve');
      expect(outcome.kind).toMatch(/declined|refused|unknown/);
      const told = JSON.stringify([outcome, stage.kept.at(-1)]);
      expect(told).toMatch(/credentials\]|x{100}/);
      for (const secret of [...SECRETS, CARD, 'simulator-p', 'x'.repeat(201)]) {
        expect(told).not.toContain(secret);
      }
    }
  });

  it('of a fault is its own detail where it says nothing else', async () => {
    const detail =
      '<detail><GenericSoapFault><message>Try later.</message></GenericSoapFault></detail>';
    await stage.answer(500, fault('s:Server', '', detail));
    expect(await stage.perform('reserve')).toMatchObject({
      kind: 'unknown',
      reason: 'InfinitePay answered Server: Try later.',
    });
  });
});

describe('an answer of any kind', () => {
  const elements = fc.constantFrom(
    ...['RESPONSE_DATA', 'ERROR_DATA', 'ERROR', 'ERROR_CD', 'STATUS', 'GUAR_AMT', 'ORDER_ID'],
    ...['REF_NO', 'ADD_INFO', 'DEBTOR_CORRECTED_DATA', 'C_STREET', 'RESPONSE', 's:Fault', 'X'],
  );
  const text = fc.constantFrom(
    '',
    '1',
    '0',
    ORDER_ID,
    'guaranteed',
    '119000',
    '&#0;',
    '&#x110000;',
    ' ',
  );
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      text,
      fc
        .tuple(elements, fc.array(tie('tree'), { maxLength: 4 }))
        .map(([name, held]) => `<${name}>${held.join('')}</${name}>`),
    ),
  }));
  const body = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    tree.map((held) => envelope(held)),
    tree.map((held) => answered(held, 'activate')),
    tree.map((held) => answered(held, 'checkStatus')),
    tree.map((held) => fault(held, held)),
  );

  it('is read without throwing, once the request has left', async () => {
    const kinds = ['approved', 'declined', 'refused', 'unknown', 'absent', 'inconclusive', 'seen'];
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(200, 400, 401, 500), async (answer, status) => {
        await stage.answer(status, answer, 4);
        const outcomes = [
          await stage.perform('activate'),
          await stage.inquire('activate', { lookOnly: true, sentMsAgo: LATE_MS }),
          await stage.inquire('apply', { lookOnly: true, sentMsAgo: LATE_MS }),
          await stage.look(),
        ];
        for (const { kind } of outcomes) expect(kinds).toContain(kind);
      }),
      { numRuns: 40 },
    );
  });
});
