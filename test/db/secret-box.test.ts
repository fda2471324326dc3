import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSecretBox } from '../../db/secret-box.ts';

const key = () => randomBytes(32).toString('base64');
const box = createSecretBox(key());

describe('a secret box', () => {
  it('gives back what was sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (plain, place) => {
        expect(box.open(box.seal(plain, place), place)).toBe(plain);
      }),
    );
  });

  it('shows nothing of what it holds', () => {
    const sealed = box.seal('sk_test_verysecret', 'integration a@1');
    expect(sealed.toString('latin1')).not.toContain('sk_test');
    expect(sealed.toString('latin1')).not.toContain('integration');
  });

  it('never seals alike, so that equal secrets cannot be told', () => {
    expect(box.seal('same', 'place')).not.toEqual(box.seal('same', 'place'));
  });

  it('does not open in another place', () => {
    const sealed = box.seal('secret', 'integration a@1');
    expect(() => box.open(sealed, 'integration a@2')).toThrow(/authenticate/);
    expect(() => box.open(sealed, '')).toThrow(/authenticate/);
  });

  it('does not open with another key', () => {
    const sealed = box.seal('secret', 'place');
    expect(() => createSecretBox(key()).open(sealed, 'place')).toThrow(/authenticate/);
  });

  it('does not open when any byte was changed, added or taken away', () => {
    const sealed = box.seal('secret', 'place');
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(() => box.open(changed, 'place')).toThrow(/authenticate/);
      expect(() => box.open(sealed.subarray(0, index), 'place')).toThrow();
    }
    expect(() => box.open(Buffer.concat([sealed, Buffer.from([0])]), 'place')).toThrow(
      /authenticate/,
    );
  });

  it.each(['', 'short', randomBytes(16).toString('base64'), randomBytes(33).toString('base64')])(
    'is not made with a key of another length: %j',
    (bad) => {
      expect(() => createSecretBox(bad)).toThrow('HOLDFAST_SECRET_KEY must be 32 bytes');
    },
  );
});
