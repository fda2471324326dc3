import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGuarantees, type Guarantees } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a provider without a list of its books', () => {
  let holdfast: Holdfast;
  let infinitepay: Guarantees;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    infinitepay = await createGuarantees(holdfast);
  });
  afterAll(async () => {
    await holdfast.close();
    await infinitepay.close();
  });

  it('is asked about each payment: what it did is taken over, and all else leaves no fact', async () => {
    const [moved, same] = await Promise.all([infinitepay.start(), infinitepay.start()]);
    await infinitepay.atPortal('cancel', moved.body);
    const before = await holdfast.facts(same.body.id);
    const path = '/v1/integrations/infinitepay/reconcile';
    expect((await holdfast.request('POST', path)).status).toBe(202);
    const found = await holdfast.until(moved.body.id, ({ status }) => status === 'cancelled');
    expect(found.amounts).toMatchObject({ voided: found.amounts.authorized });
    const result = await holdfast.temporal.workflow.getHandle('reconcile-infinitepay').result();
    expect(result).toMatchObject({ listed: 2, different: 0 });
    // The look is over when the run of the other one rests or waits again.
    const requests = async () =>
      (await infinitepay.simulate('requests')) as { operation: string | null }[];
    await expect
      .poll(async () => JSON.stringify(await requests()).match(/checkStatusOrder|inquire/g)?.length)
      .toBeGreaterThanOrEqual(2);
    expect(await holdfast.facts(same.body.id)).toEqual(before);
  });
});
