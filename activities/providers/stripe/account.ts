/** Whose account a key opens: Stripe's keys do not say it themselves. */
import { z } from 'zod';
import type { AccountAnswer, Call } from '../provider.ts';
import { callStripe, type StripeAccount } from './client.ts';
import { unread } from './inquiries.ts';

const account = z.object({ id: z.string().min(1), object: z.literal('account') });

/** Source: https://docs.stripe.com/api/accounts and `GetAccount` in https://github.com/stripe/openapi,
 *  read 2026-12-01. A restricted key may lack the permission: that is 403, and the key is good. */
export async function accountOf(of: StripeAccount, call: Call): Promise<AccountAnswer> {
  const request = { method: 'GET', path: '/v1/account' } as const;
  const answer = await callStripe(of.connection, request, account, call);
  if (answer.kind === 'ok') return { kind: 'told', account: answer.body.id };
  if (answer.kind === 'unknown') return answer;
  const reason = unread(answer);
  return answer.status === 401
    ? { kind: 'refused', fault: 'credentials', reason }
    : { kind: 'untold', reason };
}
