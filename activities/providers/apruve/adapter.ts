/** Apruve as a `CreditProvider`: orders on a buyer's credit line, and their invoices. */
import type { CreditProvider } from '../credit-provider.ts';
import { perform } from './calls.ts';
import type { ApruveAccount } from './client.ts';
import type { ApruveCredentials, ApruveSettings } from './config.ts';
import { inquire } from './inquiries.ts';
import { look } from './looks.ts';

export function createApruveAdapter(
  baseUrl: string,
  credentials: ApruveCredentials,
  settings: ApruveSettings,
): CreditProvider {
  const account: ApruveAccount = { baseUrl, credentials, settings };
  return {
    perform: (effect, terms, call) => perform(account, effect, terms, call),
    inquire: (effect, terms, call, asking) => inquire(account, effect, terms, call, asking),
    look: (question, call) => look(account, question, call),
  };
}
