/** The one piece of outside work that a waiting payment is owed. */
import { assert, assertNever } from '../shared/assert.ts';
import { unpaidThereMinor } from './guarantee.amounts.ts';
import type {
  GuaranteeContext,
  GuaranteeEffect,
  GuaranteeOperationEffect,
} from './guarantee.types.ts';

export function operationEffect(c: GuaranteeContext): GuaranteeOperationEffect {
  assert(c.operation !== null, 'a waiting state has no operation');
  const { id, verb, amountMinor, requestedAt } = c.operation;
  const { currency, orderId, providerRef } = c;
  const terms = { operationId: id, orderId, providerRef, amountMinor, currency };
  switch (verb) {
    case 'reserve':
      return { type: verb, ...terms, startBy: c.requestedAt + c.policy.startWithinMs };
    case 'activate':
      return { type: verb, ...terms, wish: c.wish, requestedAt, wasDenied: c.stage === 'denied' };
    case 'apply': {
      const receipt = c.receipts[c.applying ?? ''];
      assert(receipt !== undefined && c.invoice !== null, 'there is nothing to tell');
      const { reference, receivedOn } = receipt;
      const { guaranteedMinor } = c;
      const { invoiceNumber } = c.invoice;
      const openMinor = unpaidThereMinor(c);
      return {
        type: verb,
        ...terms,
        reference,
        receivedOn,
        openMinor,
        guaranteedMinor,
        invoiceNumber,
      };
    }
    case 'modify':
    case 'capture':
    case 'cancel':
      return { type: verb, ...terms };
    case 'release':
      throw new Error('Invariant broken: whether a limit is free is only asked');
    default:
      return assertNever(verb);
  }
}

/** The question that is due: about the operation in doubt, or else about the order as a whole. */
export function inquiry(c: GuaranteeContext): GuaranteeEffect {
  const { currency, operation, orderId, providerRef } = c;
  // Neither who resolves nor a message may make us send again.
  const lookOnly = c.resolution !== null || c.news !== null;
  const since = operation?.requestedAt ?? c.asking?.since ?? c.requestedAt;
  const about =
    operation === null || operation.verb === 'release'
      ? ({ type: 'picture', orderId, providerRef, currency } as const)
      : operationEffect(c);
  return {
    type: 'inquire',
    about,
    operationId: operation?.id ?? null,
    since,
    lookOnly,
    news: c.news,
  };
}
