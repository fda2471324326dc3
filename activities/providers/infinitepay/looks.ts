/** checkStatusOrder: how an order stands. Moves nothing. */
import type { GuaranteePicture } from '../../../machines/guarantee/guarantee.types.ts';
import type { GuaranteeLook } from '../guarantee-provider.ts';
import type { Call } from '../provider.ts';
import { callInfinitePay, type InfinitePayAccount } from './client.ts';
import { type Answer, toPicture } from './mapping.ts';
import { orderOf, type OrderName } from './requests.ts';

type Seen = {
  readonly kind: 'seen';
  readonly picture: GuaranteePicture;
  readonly answer: Answer;
};

export type Sighting = Seen | Exclude<GuaranteeLook, { kind: 'seen' }>;

/** Not there is: not in order, without a reference, and at no stage that is understood. */
export async function lookAt(
  account: InfinitePayAccount,
  order: OrderName & { readonly currency: string },
  call: Call,
): Promise<Sighting> {
  const reply = await callInfinitePay(account, 'look', { ORDER_DATA: orderOf(order) }, call);
  if (reply.kind !== 'answered') return { kind: 'inconclusive', reason: reply.reason };
  const { answer } = reply;
  const picture = toPicture(answer, order.currency);
  if (!picture.stands && answer.providerRef === null && picture.stage === null) {
    return { kind: 'absent', reason: `InfinitePay has no order ${order.orderId}` };
  }
  return { kind: 'seen', picture, answer };
}

export async function look(
  account: InfinitePayAccount,
  order: OrderName & { readonly currency: string },
  call: Call,
): Promise<GuaranteeLook> {
  const sighting = await lookAt(account, order, call);
  return sighting.kind === 'seen' ? { kind: 'seen', picture: sighting.picture } : sighting;
}
