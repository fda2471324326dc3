/** What was said to and by the provider, for those who have to find out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

let holdfast: Holdfast;
beforeAll(async () => {
  holdfast = await createHoldfast();
});
afterAll(() => holdfast.close());

describe('the evidence of a payment’s operations', () => {
  it('has every exchange with the provider, and no secret', async () => {
    const { id } = (await holdfast.start()).body;
    await holdfast.command(id, 'capture');
    const path = `/v1/payments/${id}/operations`;
    const key = holdfast.keys.operator;
    const { status, body } = await holdfast.request('GET', path, { key });
    expect(status).toBe(200);
    const exchange = { at: ISO, status: 200, requestId: expect.stringMatching(/^req_/) };
    expect(body).toMatchObject({
      data: [
        {
          verb: 'authorize',
          attempts: 1,
          outcome: 'authorization.approved',
          exchanges: [{ ...exchange, answer: { status: 'requires_capture' } }],
        },
        {
          verb: 'capture',
          attempts: 1,
          outcome: 'capture.succeeded',
          exchanges: [{ ...exchange, answer: { amount_received: 10_500 } }],
        },
      ],
    });
    expect(JSON.stringify(body)).not.toMatch(/sk_test|client_secret|_secret_|bearer|hf_test/i);
  });

  it('is for operators and administrators only', async () => {
    const { id } = (await holdfast.start()).body;
    const statusFor = async (role: keyof typeof holdfast.keys) =>
      (await holdfast.request('GET', `/v1/payments/${id}/operations`, { key: holdfast.keys[role] }))
        .status;
    expect(await statusFor('operator')).toBe(200);
    expect(await statusFor('admin')).toBe(200);
    expect(await statusFor('checkout')).toBe(403);
    expect(await statusFor('sales')).toBe(403);
  });
});
