import { describe, expect, it } from 'vitest';
import { readSignal } from '../../workflows/signals.ts';

describe('a signal that asks for a capture at a time', () => {
  it.each([Number.MAX_SAFE_INTEGER, 253_402_300_800_000, 0, -1, 1.5])(
    'is refused when %d is no instant that can be kept: its payment would never go on',
    (captureAt) => {
      expect(readSignal({ captureAt })).toBe('its field captureAt is not valid');
    },
  );

  it('is taken up to the end of the year 9999', () => {
    const captureAt = 253_402_300_799_999;
    expect(new Date(captureAt).toISOString()).toBe('9999-12-31T23:59:59.999Z');
    expect(readSignal({ captureAt })).toEqual({ captureAt });
  });
});
