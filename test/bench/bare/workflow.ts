import {
  allHandlersFinished,
  condition,
  defineUpdate,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { BareActivities, BareInput } from './contract.ts';

const act = proxyActivities<BareActivities>({ startToCloseTimeout: '45s' });

export async function barePayment(input: BareInput): Promise<void> {
  let ref: string | null = null;
  let isAsked = false;
  let isCaptured = false;
  setHandler(defineUpdate<string>('firstOutcome'), async () => {
    await condition(() => ref !== null);
    return ref ?? '';
  });
  setHandler(defineUpdate<void>('capture'), async () => {
    isAsked = true;
    await condition(() => isCaptured);
  });
  ref = await act.authorize(input);
  await condition(() => isAsked, '7 days');
  await act.capture({ paymentId: input.paymentId, ref });
  isCaptured = true;
  await condition(allHandlersFinished);
}
