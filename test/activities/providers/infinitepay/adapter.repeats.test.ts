/** An operation sent again, with the first request arriving in between: answers one after another. */
import { afterEach, describe, expect, it } from 'vitest';
import { createInfinitePayAdapter } from '../../../../activities/providers/infinitepay/adapter.ts';
import { type Listening, listen } from '../../../support/serve.ts';
import {
  callAt,
  CREDENTIALS,
  effectOf,
  LATE_MS,
  SETTINGS,
  termsOf,
  type Verb,
} from './adapter.stage.ts';

let server: Listening | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

const OPERATION: Readonly<Record<string, string>> = {
  modify: 'modifyReserved',
  check: 'checkStatus',
};

const envelope = (body: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
const says = (verb: string, data: string) => {
  const name = `${OPERATION[verb] ?? verb}OrderResponse`;
  return envelope(`<${name}><RESPONSE><RESPONSE_DATA>${data}</RESPONSE_DATA></RESPONSE></${name}>`);
};
const stands = (words: string, guaranteed = 0) =>
  says(
    'check',
    `<STATUS>1</STATUS><REF_NO>R-1</REF_NO><ADD_INFO>${words}</ADD_INFO><GUAR_AMT>${guaranteed}</GUAR_AMT>`,
  );
const fallen = (words: string) =>
  says('check', `<STATUS>0</STATUS><REF_NO>R-1</REF_NO><ADD_INFO>${words}</ADD_INFO>`);
const ABSENT = says('check', '<STATUS>0</STATUS>');
const REFUSED = envelope('<s:Fault><faultcode>s:Client</faultcode></s:Fault>');

/** Asks a server that has these answers and no more. */
async function inquire(verb: Verb, answers: string[], sentMsAgo = 0) {
  const left = [...answers];
  server = await listen(() => new Response(left.shift() ?? '', { status: 200 }));
  const provider = createInfinitePayAdapter(server.url, CREDENTIALS, SETTINGS);
  const call = callAt([], Date.now() - sentMsAgo);
  const asking = { since: 0, lookOnly: false };
  const found = await provider.inquire(effectOf(verb), termsOf(), call, asking);
  expect(left).toEqual([]);
  return found;
}

describe('a repeat that is declined', () => {
  it.each<[Verb, string, string]>([
    ['reserve', ABSENT, stands('reserved')],
    ['capture', stands('reserved'), stands('captured')],
    ['activate', stands('captured'), stands('guaranteed', 119_000)],
    ['activate', stands('captured'), stands('In Bearbeitung', 119_000)],
    ['cancel', stands('reserved'), fallen('cancelled')],
  ])('is no decline of %s when the first request came through', async (verb, before, after) => {
    const declined = says(verb, '<STATUS>0</STATUS>');
    expect(await inquire(verb, [before, declined, after])).toMatchObject({ kind: 'approved' });
  });

  it.each<[Verb, string, string]>([
    ['reserve', ABSENT, ABSENT],
    ['reserve', ABSENT, fallen('denied')],
    ['capture', stands('reserved'), stands('reserved')],
    ['cancel', stands('captured'), stands('captured')],
  ])('is a decline of %s when the order says so, too', async (verb, before, after) => {
    const declined = says(verb, '<STATUS>0</STATUS>');
    expect(await inquire(verb, [before, declined, after])).toMatchObject({ kind: 'declined' });
  });

  it.each([fallen('guarantee_denied'), stands('captured')])(
    'is a decline of activate once the first request cannot arrive any more: it may be approved',
    async (after) => {
      const answers = [stands('captured'), says('activate', '<STATUS>0</STATUS>'), after];
      expect(await inquire('activate', answers)).toMatchObject({ kind: 'inconclusive' });
      expect(await inquire('activate', answers, LATE_MS)).toMatchObject({ kind: 'declined' });
    },
  );

  it.each<Verb>(['reserve', 'capture', 'activate', 'cancel'])(
    'leaves %s in doubt when the order cannot be seen',
    async (verb) => {
      const before = verb === 'reserve' ? ABSENT : stands('');
      const answers = [before, says(verb, '<STATUS>0</STATUS>'), '<html>'];
      expect(await inquire(verb, answers)).toMatchObject({ kind: 'inconclusive' });
    },
  );

  it('is a decline of a modification, which does not mind its twin', async () => {
    const answers = [stands('reserved'), says('modify', '<STATUS>0</STATUS>')];
    expect(await inquire('modify', answers)).toMatchObject({ kind: 'declined' });
  });
});

describe('a repeat that is refused', () => {
  it('says nothing of a first request that may still be on its way', async () => {
    const answers = [stands('reserved'), REFUSED];
    expect(await inquire('capture', answers)).toMatchObject({ kind: 'inconclusive' });
    expect(await inquire('capture', answers, LATE_MS)).toMatchObject({ kind: 'refused' });
  });
});
