import { apruveConfig } from '../../activities/providers/apruve/config.ts';
import { policyOf } from '../../activities/providers/catalog.ts';
import { lacking, type Opening, orderIdOf, refuse } from './opening-rules.ts';

/** All of it but `pay_`: the provider's messages name the order and thereby the payment. */
const PAYMENT_ID_LENGTH = 26;

/** @throws Problem when the request lacks what this method needs, or has what it cannot use */
export function creditInput(opening: Opening): object {
  const { paymentId, settings, provider, body, at } = opening;
  refuse(
    body,
    ['paymentToken', 'capture', 'term', 'dueOn'],
    'The buyer accepts the order, and invoices follow',
  );
  const { corporateAccountId = null } = body;
  if (corporateAccountId !== null && body.buyer?.email === undefined) {
    throw lacking('buyer.email', 'send the address of the buyer who may order for this account');
  }
  const own = apruveConfig.settingsIn(settings);
  const policy = policyOf(settings['policy']);
  return {
    paymentId,
    total: body.amount,
    provider,
    orderId: orderIdOf(opening, PAYMENT_ID_LENGTH),
    corporateAccountId,
    policy: {
      startWithinMs: policy.startWithinMs,
      inquireWithinMs: policy.inquireWithinMs,
      buyerWithinMs: own.offerWithinMs,
      reviewWithinMs: policy.reviewWithinMs,
      orderWithinMs: own.orderWithinMs,
      fundWithinMs: own.fundWithinMs,
      onLateAcceptance: policy.onLateMoney,
    },
    at,
  };
}
