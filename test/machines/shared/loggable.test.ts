import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { loggable, SAFE_LOGGING } from '../../../machines/shared/loggable.ts';
import { redact } from '../../../machines/shared/redact.ts';

const hide = (text: string): string => redact(text, 2_000);

describe('a text for the log', () => {
  const key = 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ=';
  it.each([
    ['postgres://holdfast:s3cret@db:5432/holdfast', 's3cret'],
    ['invalid postgresql://u:p@ss/w0rd@db/x here', 'ss/w0rd'],
    ['https://:only@host/', 'only'],
    ['Authorization: Bearer abc.def-ghi', 'abc'],
    ['sent Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['{"authorization":"Basic dXNlcjpwYXNz"}', 'dXNlcjpwYXNz'],
    ['Invalid API Key provided: sk_test_********cret', 'cret'],
    ['rk_live_51Habc and sk_live_51Habc', '51Habc'],
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'MfKQ9'],
    ['pi_3Abc_secret_Xyz123', 'Xyz123'],
    ['key hf_live_Zm9vYmFyYmF6', 'Zm9v'],
    ['{"password":"hunter2"}', 'hunter2'],
    [String.raw`{\"secretKey\":\"hunter2\"}`, 'hunter2'],
    ['password=hunter2&user=a', 'hunter2'],
    ['https://x.example/cb?token=hunter2', 'hunter2'],
    ['Apruve-Api-Key: hunter2', 'hunter2'],
    ['<wsse:Password>hunter2</wsse:Password>', 'hunter2'],
    ['POST /webhooks/apruve/apruve_test/token-0123456789 failed', 'token-0123456789'],
    ['eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl', 'eyJzdWIiOi'],
    [`the key ${key} has 32 bytes`, key],
    ['-----BEGIN PRIVATE KEY-----\nMIIEvQ\n-----END PRIVATE KEY-----', 'MIIEvQ'],
    ['card 4242 4242 4242 4242 declined', '4242 4242'],
  ])('holds no secret: %s', (text, secret) => {
    expect(hide(text)).not.toContain(secret);
    expect(hide(text)).toMatch(/\[(hidden|card number)\]/);
  });

  it.each([
    'relation "payments" does not exist',
    'password authentication failed for user "holdfast"',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'POST https://api.stripe.com/v1/payment_intents answered 503',
    'pay_731qe9zzn4b3kb8q2pvf7j4p8t stays in op_731qe9zzn4b3kb8q2pvf7j4p8t_capture_2',
    'NoSuchSearchAttribute: Namespace default has no mapping defined for search attribute OrderNumber',
  ])('stays as it is without one: %s', (text) => {
    expect(hide(text)).toBe(text);
  });

  it('is cut, however long it is', () => {
    expect(redact('x'.repeat(1_000_000), 100)).toBe(`${'x'.repeat(100)}…`);
    expect(redact(`${'x'.repeat(90)} sk_live_abcdefghijklmnop`, 100)).not.toContain('abcdef');
  });
});

describe('a value for the log', () => {
  it('shows the reason of an error under any key, and of what caused it', () => {
    const cause = Object.assign(new Error('bad key sk_live_abc'), { code: 'EAUTH', detail: 'row' });
    const error = new TypeError('could not start', { cause });
    expect(loggable({ id: 'pay_1', error, nested: { list: [error] } })).toMatchObject({
      id: 'pay_1',
      error: {
        name: 'TypeError',
        message: 'could not start',
        cause: { message: 'bad key [hidden]', code: 'EAUTH' },
        stack: expect.arrayContaining([expect.stringMatching(/^at /)]) as string[],
      },
      nested: { list: [{ message: 'could not start' }] },
    });
    expect(JSON.stringify(loggable({ error }))).not.toContain('row');
    expect(loggable(new AggregateError([cause], 'all'))).toMatchObject({
      errors: [{ code: 'EAUTH' }],
    });
  });

  it('hides what is named like a secret, and numbers of cards', () => {
    expect(
      loggable({ password: 'x', secretKey: ['x'], taskToken: 'x', card: 4242424242424242, n: 7 }),
    ).toEqual({
      password: '[hidden]',
      secretKey: '[hidden]',
      taskToken: '[hidden]',
      card: '[card number]',
      n: 7,
    });
  });

  it('is bounded, whatever it refers to', () => {
    const circle: Record<string, unknown> = { many: Array.from({ length: 1_000 }, () => 1) };
    circle['self'] = circle;
    let deep: unknown = 'end';
    for (let depth = 0; depth < 100; depth += 1) deep = { deep };
    const text = JSON.stringify(
      loggable({ circle, deep, bytes: Buffer.alloc(1_000_000), big: 1n }),
    );
    expect(text.length).toBeLessThan(1_000);
    expect(text).toContain('[circular]');
    expect(text).toContain('[1000000 bytes]');
  });
});

describe('a line of the log', () => {
  const lines = (write: (log: pino.Logger) => void): unknown[] => {
    const written: unknown[] = [];
    const stream = { write: (line: string) => written.push(JSON.parse(line)) };
    write(pino({ base: null, timestamp: false, ...SAFE_LOGGING }, stream));
    return written;
  };

  it('says why, also when the error comes alone, and holds no secret in its message', () => {
    const error = new Error('postgres://u:s3cret@db is gone');
    const said = { message: 'postgres://u:[hidden]@db is gone' };
    expect(
      lines((log) => {
        log.warn({ error }, 'no %s', 'Bearer abc');
        log.error(error);
        log.error(error, 'in words');
      }),
    ).toMatchObject([
      { error: said, msg: 'no Bearer [hidden]' },
      { err: said, msg: said.message },
      { err: said, msg: 'in words' },
    ]);
  });
});
