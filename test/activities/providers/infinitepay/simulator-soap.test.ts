import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  callOf,
  envelope,
  reservation,
  simulatorClient,
  type Answer,
} from './infinitepay-simulator.client.ts';

let infinitepay: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  infinitepay = simulatorClient();
});
afterEach(() => infinitepay.simulator.close());

const RESERVE = callOf('reserveOrder', reservation('A-1'));
const faultOf = ({ status, body }: Answer) => [status, body['Fault']?.faultcode as unknown];
const CLIENT_FAULT = [500, 'soap:Client'];

describe('a message', () => {
  it('with a DOCTYPE or an entity of its own is refused unread', async () => {
    const good = envelope(RESERVE);
    const doctype =
      '<!DOCTYPE x [<!ENTITY bomb "boom"><!ENTITY file SYSTEM "file:///etc/passwd">]>';
    const bombs = [
      good.replace('?>', `?>${doctype}`),
      good.replace('?>', '?><!doctype x>'),
      good.replace('Berlin', '&file;'),
      good.replace('Berlin', '&nbsp;'),
    ];
    for (const text of bombs) expect(faultOf(await infinitepay.send(text))).toEqual(CLIENT_FAULT);
    expect(await infinitepay.movements()).toEqual([]);
  });

  it('keeps its ampersands, umlauts and leading zeros there and back', async () => {
    const company = { COMPANY_NAME: 'Müller & Söhne <Berlin> GmbH' };
    const email = 'buyer+corrected@example.com';
    const answer = await infinitepay.reserve('00-ß', {
      email,
      company,
      debtor: { BD_ZIP: '01067' },
    });
    expect(answer['RESPONSE_DATA'].ORDER_ID).toBe('00-ß');
    expect(answer['DEBTOR_CORRECTED_DATA']).toMatchObject({
      C_NAME: 'Müller & Söhne <Berlin> GmbH',
      C_ZIP: '01067',
    });
    const numeric = envelope(RESERVE).replace('Muster &amp;', 'M&#252;ster &#x26;');
    await infinitepay.send(numeric);
    const [debtor] = infinitepay.simulator.state.debtors.values();
    expect(debtor?.name).toBe('Müster & Söhne GmbH');
  });

  it.each([
    ['nothing', ''],
    ['JSON', '{"ORDER_ID":"A-1"}'],
    ['XML cut off', envelope(RESERVE).slice(0, -20)],
    ['no envelope', RESERVE],
    ['two operations', envelope(RESERVE + RESERVE)],
    ['no operation', envelope('')],
    ['an unknown operation', envelope(callOf('refundOrder', reservation('A-1')))],
    ['an operation without a REQUEST', envelope('<ip:reserveOrder xmlns:ip="urn:x"/>')],
    ['an undeclared prefix', envelope(RESERVE.replace(/ xmlns:ip="[^"]*"/, ''))],
    ['a name that is not documented', envelope(RESERVE.replaceAll('TRS_AMT_NET', 'TRS_AMT_NETTO'))],
    ['a field told twice', envelope(RESERVE.replace('<PAY_TYPE>', '<PAY_TYPE>1</PAY_TYPE>$&'))],
    ['a block of another operation', envelope(callOf('cancelOrder', reservation('A-1')))],
  ])('that is %s gets a fault', async (_what, text) => {
    expect(faultOf(await infinitepay.send(text))).toEqual(CLIENT_FAULT);
    expect(await infinitepay.movements()).toEqual([]);
  });

  it('of SOAP 1.2 is told its version', async () => {
    const newer = 'http://www.w3.org/2003/05/soap-envelope';
    const text = envelope(RESERVE).replace('http://schemas.xmlsoap.org/soap/envelope/', newer);
    expect(faultOf(await infinitepay.send(text))).toEqual([500, 'soap:VersionMismatch']);
    const typed = await infinitepay.send(text, { 'content-type': 'application/soap+xml' });
    expect(typed.status).toBe(415);
  });

  it('may choose its prefixes, and is answered in its own namespace', async () => {
    const text = envelope(RESERVE)
      .replaceAll('soap:', 'S:')
      .replaceAll(':soap=', ':S=')
      .replaceAll('ip:reserve', 'x:reserve')
      .replace('xmlns:ip', 'xmlns:x');
    const answer = await infinitepay.send(text);
    expect(answer.text).toContain('Response xmlns:ip="urn:test:infinitepay"');
    expect(answer.body['reserveOrderResponse'].RESPONSE.RESPONSE_DATA.STATUS).toBe('1');
  });

  it('in another namespace than the one that was configured is refused', async () => {
    const strict = simulatorClient({ namespace: 'urn:theirs' });
    expect(faultOf(await strict.send(envelope(RESERVE)))).toEqual(CLIENT_FAULT);
    const theirs = callOf('reserveOrder', reservation('A-1'), 'urn:theirs');
    expect((await strict.send(envelope(theirs))).status).toBe(200);
    strict.simulator.close();
  });
});
