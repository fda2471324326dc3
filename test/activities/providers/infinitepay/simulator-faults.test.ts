import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  callOf,
  client,
  AUTOMATIC,
  envelope,
  readAnswer,
  reservation,
  served,
  simulatorClient,
  type Served,
} from './infinitepay-simulator.client.ts';

/** Long enough to look before it happens, even on a busy machine. */
const LATE_MS = 700;
const PATIENT = { timeout: 4_000 };

describe('a fault', () => {
  let sim: Served;
  beforeEach(async () => {
    sim = await served();
  });
  afterEach(() => sim.close());

  const send = async (call: string) => {
    const headers = { 'content-type': 'text/xml' };
    const body = envelope(call);
    const response = await fetch(`${sim.url}/ws/InfinitePayAPI`, { method: 'POST', headers, body });
    return readAnswer(response.status, await response.text());
  };
  const reserve = (wish = {}) => send(callOf('reserveOrder', reservation('A-1', wish)));
  const check = async () => {
    const request = { CLIENT_DATA: client('A-1'), ORDER_DATA: { ORDER_ID: 'A-1' } };
    const { body } = await send(callOf('checkStatusOrder', request));
    return body['checkStatusOrderResponse'].RESPONSE.RESPONSE_DATA.STATUS as string;
  };
  const arm = (fault: string, operation: string, more = {}) =>
    fetch(`${sim.url}/_sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ operation, fault, ...more }),
    });
  const kinds = async () => {
    const ledger = await (await fetch(`${sim.url}/_sim/ledger`)).json();
    return (ledger as { kind: string }[]).map(({ kind }) => kind);
  };

  it('drops the connection after it was done, and the status tells', async () => {
    await arm('drop-after', 'reserve');
    await expect(reserve()).rejects.toThrow('fetch failed');
    expect(await kinds()).toEqual(['reserve']);
    expect(await check()).toBe('1');
  });

  it('acts late: the status says no, and then the limit is blocked all the same', async () => {
    await arm('acts-late', 'reserve', { delayMs: LATE_MS });
    await expect(reserve()).rejects.toThrow('fetch failed');
    expect(await check()).toBe('0');
    await expect.poll(kinds, PATIENT).toEqual(['reserve']);
    expect(await check()).toBe('1');
  });

  it('answers in SOAP what the server says, before or after', async () => {
    await arm('status-500-before', 'reserve');
    await arm('status-500-after', 'reserve');
    for (const done of [[], ['reserve']]) {
      const { status, body } = await reserve();
      expect([status, body['Fault'].faultcode]).toEqual([500, 'soap:Server']);
      expect(await kinds()).toEqual(done);
    }
  });

  it('cuts the answer, or turns the caller away', async () => {
    await arm('half-body-after', 'reserve');
    await expect(reserve()).rejects.toThrow('terminated');
    await arm('rate-limited', 'inquire');
    await expect(check()).rejects.toThrow();
    expect(await kinds()).toEqual(['reserve']);
  });

  it('strikes a reservation for each step that is in it', async () => {
    await arm('status-500-before', 'activate');
    expect((await reserve()).status).toBe(200);
    const both = callOf('reserveOrder', reservation('A-2', AUTOMATIC));
    expect((await send(both)).status).toBe(500);
    expect((await send(both)).status).toBe(200);
  });
});

describe('a state file', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'simulator-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('brings back orders, limits, ledger and clock, and a reset forgets them', async () => {
    const dataFile = join(dir, 'infinitepay.json');
    const first = simulatorClient({ dataFile });
    await first.reserve('A-1', AUTOMATIC);
    await first.portal('limit', { debtor: 'DE123456789', currency: 'EUR', limitMinor: 119_001 });
    await first.advance(15 * 86_400_000);
    first.simulator.close();

    const second = simulatorClient({ dataFile });
    expect((await second.check('A-1'))['RESPONSE_DATA'].ADD_INFO).toBe('overdue');
    expect((await second.reserve('A-2', { amount: '2' }))['RESPONSE_DATA'].STATUS).toBe('0');
    expect(await second.movements()).toHaveLength(3);
    await second.admin('reset', {});
    expect((await second.check('A-1'))['ERROR_DATA'].ERROR.ERROR_CD).toBe('SIM_ORDER_UNKNOWN');
    second.simulator.close();
  });
});
