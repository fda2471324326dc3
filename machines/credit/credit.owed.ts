/** The one piece of outside work that a waiting payment is owed. */
import { assert, assertNever } from '../shared/assert.ts';
import { invoiceOf } from './credit.invoices.ts';
import type { CreditContext, CreditEffect, CreditOperationEffect } from './credit.types.ts';

export function operationEffect(c: CreditContext): CreditOperationEffect {
  assert(c.operation !== null, 'a waiting state has no operation');
  const { id, verb, amountMinor, reason, requestedAt } = c.operation;
  const terms = { operationId: id, orderId: c.orderId, amountMinor, currency: c.currency };
  switch (verb) {
    case 'offer':
      return { type: verb, ...terms, expiresAt: c.requestedAt + c.policy.orderWithinMs };
    case 'order': {
      assert(c.corporateAccountId !== null, 'an order is placed for nobody');
      const startBy = c.requestedAt + c.policy.startWithinMs;
      return { type: verb, ...terms, corporateAccountId: c.corporateAccountId, startBy };
    }
    case 'invoice': {
      const { dueOn, number: invoiceNumber } = c.wish;
      return { type: verb, ...ofOrder(c, terms), invoiceNumber, dueOn };
    }
    case 'ship': {
      const wish = c.wish.shipment;
      const shipmentNumber = `${c.wish.number}-S`;
      return { type: verb, ...ofInvoice(c, terms), shipmentNumber, wish, requestedAt };
    }
    case 'cancel':
      return { type: verb, ...ofOrder(c, terms) };
    case 'cancel-invoice':
      return { type: verb, ...ofInvoice(c, terms) };
    case 'return':
      return { type: verb, ...ofInvoice(c, terms), reason: reason ?? 'OTHER' };
    case 'accept':
      throw new Error('Invariant broken: an acceptance is only looked for');
    default:
      return assertNever(verb);
  }
}

type Terms = Pick<CreditOperationEffect, 'operationId' | 'orderId' | 'amountMinor' | 'currency'>;

function ofOrder(c: CreditContext, terms: Terms): Terms & { readonly providerRef: string } {
  assert(c.providerRef !== null, 'the provider has no such order');
  return { ...terms, providerRef: c.providerRef };
}

function ofInvoice(c: CreditContext, terms: Terms) {
  const { number: invoiceNumber, providerRef: invoiceRef } = invoiceOf(c, c.upon);
  return { ...ofOrder(c, terms), invoiceNumber, invoiceRef };
}

/** Somebody may have taken back there what could not be taken back from here. */
const returnsIn = (c: CreditContext): { readonly returnsOf?: string } =>
  c.refused?.verb === 'return' ? { returnsOf: invoiceOf(c, c.upon).providerRef } : {};

/** The question that is due: about the operation in doubt, or else about the order as a whole. */
export function inquiry(c: CreditContext): CreditEffect {
  const { claimedRef, currency, operation, orderId } = c;
  const providerRef = claimedRef ?? c.providerRef;
  const about =
    operation === null || operation.verb === 'accept'
      ? ({ type: 'picture', orderId, providerRef, currency, ...returnsIn(c) } as const)
      : operationEffect(c);
  return {
    type: 'inquire',
    about,
    operationId: operation?.id ?? null,
    since: operation?.requestedAt ?? c.asking?.since ?? c.requestedAt,
    // Neither who resolves nor a message may make us send again.
    lookOnly: c.resolution !== null || c.news !== null,
    news: c.news,
  };
}
