/** All activities of the worker, over one journal, one pool and one Temporal client. */
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { createJournal } from '../db/journal/journal.ts';
import { createFindingRepository } from '../db/repositories/finding.repository.ts';
import { createIntegrationRepository } from '../db/repositories/integration.repository.ts';
import { createNotificationRepository } from '../db/repositories/notification.repository.ts';
import { createPaymentRepository } from '../db/repositories/payment.repository.ts';
import { createSecretBox } from '../db/secret-box.ts';
import { type CardDependencies, createCardActivities } from './card.activities.ts';
import { createCreditActivities, type CreditDependencies } from './credit.activities.ts';
import { createIdentifyActivities } from './identify.activities.ts';
import { createGuaranteeActivities, type GuaranteeDependencies } from './guarantee.activities.ts';
import { createJournalActivities } from './journal.activities.ts';
import { createNewsActivities } from './news.activities.ts';
import {
  cardProviderOf,
  creditProviderOf,
  guaranteeProviderOf,
  invoiceTermsOf,
} from './providers/registry.ts';
import { createReconciliationActivities } from './reconciliation/reconciliation.activities.ts';
import { createSweepActivities } from './sweep.activities.ts';

export type ActivityDependencies = {
  readonly pool: pg.Pool;
  readonly temporal: Client;
  readonly secretKey: string;
  readonly publicUrl: string;
  readonly sweepGraceMs?: number;
};

/** Parts to use in place of the real ones; `providerOf` is the one for cards. */
export type Instead = Partial<CardDependencies> & {
  readonly guaranteeProviderOf?: GuaranteeDependencies['providerOf'];
  readonly creditProviderOf?: CreditDependencies['providerOf'];
};

export function createActivities(deps: ActivityDependencies, instead: Instead = {}) {
  const { pool, temporal, secretKey, publicUrl, sweepGraceMs } = deps;
  const journal = instead.journal ?? createJournal(pool);
  const payments = createPaymentRepository(pool);
  const integrations = createIntegrationRepository(pool, createSecretBox(secretKey));
  const calls = {
    journal,
    integrations,
    payments,
    notifications: createNotificationRepository(pool),
    signal: instead.signal ?? (() => Context.current().cancellationSignal),
    now: instead.now ?? Date.now,
  };
  return {
    ...createJournalActivities({ journal, payments }),
    ...createNewsActivities({ pool, temporal }),
    ...createSweepActivities({
      pool,
      temporal,
      ...(sweepGraceMs === undefined ? {} : { graceMs: sweepGraceMs }),
    }),
    ...createReconciliationActivities({
      pool,
      temporal,
      payments,
      integrations,
      findings: createFindingRepository(pool),
      providerOf: instead.providerOf ?? cardProviderOf,
      now: calls.now,
      signal: calls.signal,
    }),
    ...createIdentifyActivities({
      integrations,
      providerOf: instead.providerOf ?? cardProviderOf,
      now: calls.now,
      signal: calls.signal,
    }),
    ...createCardActivities({
      ...calls,
      providerOf: cardProviderOf,
      returnUrlOf: (paymentId) => new URL(`/return/${paymentId}`, publicUrl).href,
      ...instead,
    }),
    ...createGuaranteeActivities({
      ...calls,
      providerOf: instead.guaranteeProviderOf ?? guaranteeProviderOf,
      invoiceTermsOf,
    }),
    ...createCreditActivities({
      ...calls,
      providerOf: instead.creditProviderOf ?? creditProviderOf,
    }),
  };
}
