import type { PaymentResource } from '../../api/payments/schemas.ts';

/** The page that the buyer is sent to. @throws Error when there is none */
export function pageOf({ nextAction }: Pick<PaymentResource, 'nextAction'>): string {
  if (nextAction?.type !== 'redirect') throw new Error('the buyer is not sent anywhere');
  return nextAction.url;
}
