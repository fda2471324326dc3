/** InfinitePay as a `GuaranteeProvider`: reserve, capture, activate, each asked for by itself. */
import type { GuaranteeProvider } from '../guarantee-provider.ts';
import { perform } from './calls.ts';
import type { InfinitePayAccount } from './client.ts';
import type { InfinitePayCredentials, InfinitePaySettings } from './config.ts';
import { inquire } from './inquiries.ts';
import { look } from './looks.ts';

export function createInfinitePayAdapter(
  baseUrl: string,
  credentials: InfinitePayCredentials,
  settings: Pick<InfinitePaySettings, 'namespace' | 'timeoutMs' | 'timeZone'>,
): GuaranteeProvider {
  const account: InfinitePayAccount = { baseUrl, credentials, settings };
  return {
    perform: (effect, terms, call) => perform(account, effect, terms, call),
    inquire: (effect, terms, call, asking) => inquire(account, effect, terms, call, asking),
    look: (question, call) => look(account, question, call),
  };
}
