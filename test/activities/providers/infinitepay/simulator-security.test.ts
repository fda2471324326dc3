import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  callOf,
  client,
  envelope,
  reservation,
  securityCode,
  securityHeader,
  simulatorClient,
  type Answer,
  type Sender,
} from './infinitepay-simulator.client.ts';

let infinitepay: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  infinitepay = simulatorClient();
});
afterEach(() => infinitepay.simulator.close());

const RESERVE = callOf('reserveOrder', reservation('A-1'));
const from = (sender: Sender) => infinitepay.send(envelope(RESERVE, securityHeader(sender)));
const faultOf = ({ status, body }: Answer) => [status, body['Fault']?.faultcode as unknown];

/** Nothing may have happened, whatever was answered. */
afterEach(async () => expect(await infinitepay.movements()).toEqual([]));

describe('the sender of a message', () => {
  it('without a WS-Security header gets a fault in the form that is documented', async () => {
    const answer = await infinitepay.send(envelope(RESERVE, ''));
    expect(faultOf(answer)).toEqual([500, 'wsse:InvalidSecurity']);
    expect(answer.body['Fault'].detail.GenericSoapFault.message).toBe(
      'There is no WS-Security header.',
    );
  });

  it.each<[string, string, Sender]>([
    ['a wrong username', 'wsse:FailedAuthentication', { username: 'somebody' }],
    ['a wrong password', 'wsse:FailedAuthentication', { password: 'simulator-passwore' }],
    ['a password digest', 'wsse:UnsupportedSecurityToken', { passwordType: '#PasswordDigest' }],
    ['a message that has expired', 'wsse:MessageExpired', { createdAt: Date.now() - 601_000 }],
    ['a message of tomorrow', 'wsse:InvalidSecurity', { createdAt: Date.now() + 86_400_000 }],
    ['a message that lives too long', 'wsse:InvalidSecurity', { lifetimeMs: 601_000 }],
    ['a message that ends before it begins', 'wsse:InvalidSecurity', { lifetimeMs: -1 }],
  ])('is refused for %s', async (_what, code, sender) => {
    expect(faultOf(await from(sender))).toEqual([500, code]);
  });

  it('is refused without a timestamp, or with two passwords', async () => {
    const header = securityHeader();
    const unstamped = header.replace(/<wsu:Timestamp>.*<\/wsu:Timestamp>/, '');
    const [password = ''] = /<wsse:Password.*<\/wsse:Password>/.exec(header) ?? [];
    const twice = header.replace(password, password + password);
    for (const wrong of [unstamped, twice]) {
      const answer = await infinitepay.send(envelope(RESERVE, wrong));
      expect(faultOf(answer)).toEqual([500, 'wsse:InvalidSecurity']);
    }
  });

  it('goes by its own clock, however far the one of the simulator was advanced', async () => {
    await infinitepay.advance(40 * 86_400_000);
    const answer = await infinitepay.send(envelope(RESERVE.replace('119000', '0')));
    expect(answer.status).toBe(200);
  });
});

describe('SECURITY_CD', () => {
  it('is base64 over the hex digits of client reference and order', () => {
    // Computed with: printf 'HOLDFAST-SIMA-1' | openssl dgst -sha256 -hmac simulator-secret -hex, its digits through base64
    expect(securityCode('A-1')).toBe(
      'ZmE1MzZlNDg1ZTE3Y2RlNzA5YTE2YmUyOTJlNGU1MWYxNjBiNzU1MDZmN2VjOTE2MWRiOWQ2NWU4ODIzNWIzOQ==',
    );
    expect(securityCode('A-1')).toHaveLength(88);
  });

  it.each([
    ['of another order', { SECURITY_CD: securityCode('A-2') }, 'SIM_SECURITY'],
    ['made with another secret', { SECURITY_CD: securityCode('A-1', 'other') }, 'SIM_SECURITY'],
    ['over the bytes', { SECURITY_CD: bytesOf(securityCode('A-1')) }, 'SIM_SECURITY'],
    ['that is missing', { SECURITY_CD: undefined }, 'SIM_SECURITY'],
    ['of another client', { CLIENT_REF: 'OTHER' }, 'SIM_CLIENT'],
  ])('%s is refused with STATUS 0', async (_what, wrong, code) => {
    const request = { ...reservation('A-1'), CLIENT_DATA: { ...client('A-1'), ...wrong } };
    const answer = await infinitepay.call('reserveOrder', request);
    expect(answer['RESPONSE_DATA'].STATUS).toBe('0');
    expect(answer['ERROR_DATA'].ERROR.ERROR_CD).toBe(code);
  });
});

function bytesOf(code: string): string {
  return Buffer.from(Buffer.from(code, 'base64').toString('ascii'), 'hex').toString('base64');
}

describe('credentials that are replaced', () => {
  const OTHERS = { username: 'second', password: 'other-password', secret: 'other-secret' };
  const admin = (path: string, body: object) =>
    infinitepay.simulator.app.request(`/_sim/credentials/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });

  it('let a sender in while they are accepted, and not once they are revoked', async () => {
    const order = { CLIENT_DATA: client('A-9'), ORDER_DATA: { ORDER_ID: 'A-9' } };
    const check = callOf('checkStatusOrder', order);
    const asks = async () =>
      faultOf(await infinitepay.send(envelope(check, securityHeader(OTHERS))))[1];
    expect(await asks()).toBe('wsse:FailedAuthentication');
    await admin('accept', OTHERS);
    expect(await asks()).toBeUndefined();
    await admin('revoke', OTHERS);
    expect(await asks()).toBe('wsse:FailedAuthentication');
  });
});
