import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Client } from '@temporalio/client';
import {
  listHoldingPayments,
  listPaymentsWithMoney,
  type PaymentWithMoney,
} from '../../db/queries/compared-payments.ts';
import type { FindingRepository } from '../../db/repositories/finding.repository.ts';
import { tellFromHere } from '../news.activities.ts';
import { PROVIDERS } from '../providers/catalog.ts';
import type { ListedPayment } from '../providers/provider.ts';
import { isSuspect, unknown } from './differences.ts';
import {
  type Books,
  contextOf,
  type Examined,
  examine,
  type ExamineDependencies,
  isMoving,
  isRecent,
  reading,
  referencesOf,
} from './examine.ts';
import { type Match, matchPage } from './matches.ts';
import type { Compared, ReconciliationActivities } from './reconciliation.contract.ts';
import { createReporter, type Reporter } from './report.ts';
import { reviewFindings } from './review.ts';
import { createSchedules } from './schedules.ts';

const BATCH = 200;
/** It proves nothing: an answer that says nothing new leaves no fact. */
const LOOK = {
  source: 'reconciliation',
  name: 'nightly look',
  notificationId: null,
  verified: false,
  providerRef: null,
  claim: null,
} as const;
/** So often the whole is tried again because of single payments that could not be read; then the
 *  others are not kept waiting for them. */
const ATTEMPTS_FOR_UNREAD = 4;

type Tally = { -readonly [K in keyof Compared]: Compared[K] };
type Work = {
  readonly deps: ExamineDependencies;
  readonly books: Books;
  readonly report: Reporter;
  readonly tally: Tally;
};

export function createReconciliationActivities(
  deps: ExamineDependencies & { readonly temporal: Client; readonly findings: FindingRepository },
): ReconciliationActivities {
  const schedules = createSchedules(deps.temporal, deps.integrations);

  async function open(integrationId: string, quietMs: number): Promise<Omit<Work, 'tally'>> {
    const integration = await deps.integrations.newest(integrationId);
    if (integration === null) {
      throw ApplicationFailure.nonRetryable(`no integration ${integrationId}`, 'NoIntegration');
    }
    const books = { integration, provider: deps.providerOf(integration), quietMs };
    const report = createReporter(deps.findings, integration, tellFromHere(deps.temporal));
    return { deps, books, report };
  }

  return {
    async askAboutEach({ integrationId }) {
      const integration = await deps.integrations.newest(integrationId);
      if (integration === null) {
        throw ApplicationFailure.nonRetryable(`no integration ${integrationId}`, 'NoIntegration');
      }
      if (PROVIDERS[integration.provider]?.books !== 'each') return { asked: null };
      const tell = tellFromHere(deps.temporal);
      let asked = 0;
      for (let after = ''; ;) {
        const page = await listHoldingPayments(deps.pool, integration, { after, limit: BATCH });
        for (const payment of page) await tell(payment, LOOK);
        asked += page.length;
        after = page.at(-1)?.id ?? '';
        if (page.length < BATCH) return { asked };
      }
    },

    async compareBooks({ integrationId, from, to, quietMs }) {
      const tally: Tally = { listed: 0, different: 0, moving: 0, unread: 0 };
      const work = { ...(await open(integrationId, quietMs)), tally };
      const seen = new Set<string>();
      for await (const page of work.books.provider.listPayments({ from, to }, reading(deps))) {
        tally.listed += page.length;
        for (const match of await matchPage(deps, work.books.integration, page)) {
          seen.add(match.listed.providerRef);
          await compareListed(work, match);
        }
      }
      // Every page was read: only now is what was not in them missing.
      await compareUnlisted(work, seen, { from, to });
      return orAgain(tally);
    },

    async reviewFindings({ integrationId, since, quietMs }) {
      const { books, report } = await open(integrationId, quietMs);
      return orAgain(await reviewFindings(deps, books, report, new Date(since)));
    },

    scheduleReconciliations: () => schedules.ensureAll(Context.current().info.taskQueue),
  };
}

async function compareListed(work: Work, { listed, payment }: Match): Promise<void> {
  const { deps, books, report, tally } = work;
  if (payment === 'elsewhere') return;
  if (payment === null) return reportUnknown(work, listed, null);
  const context = contextOf(payment);
  if (context === null) return;
  const refs = referencesOf(payment);
  const isItsOwn = refs.length === 0 || refs.includes(listed.providerRef);
  if (!isItsOwn || listed.currency !== context.currency) {
    // A hold that is being renewed stands there under a reference that we are about to learn.
    if (!isMoving(payment, books.quietMs, deps.now())) {
      return reportUnknown(work, listed, payment.id);
    }
    tally.moving += 1;
    return;
  }
  if (!isSuspect(context, listed)) return;
  if (isRecent(listed.createdAt, books.quietMs, deps.now())) {
    tally.moving += 1;
    return;
  }
  count(
    tally,
    await report.examined(payment, await examine(deps, books, payment, listed.providerRef)),
  );
}

/** A payment is journaled before its provider hears of it, so what is not there is not on its way. */
async function reportUnknown(
  { deps, books, report, tally }: Work,
  listed: ListedPayment,
  paymentId: string | null,
): Promise<void> {
  const difference = unknown(listed, paymentId);
  if (difference === null) return;
  if (isRecent(listed.createdAt, books.quietMs, deps.now())) tally.moving += 1;
  else if (await report.difference(difference, null)) tally.different += 1;
}

async function compareUnlisted(
  { deps, books, report, tally }: Work,
  seen: ReadonlySet<string>,
  { from, to }: { from: number; to: number },
): Promise<void> {
  const window = { from: new Date(from), to: new Date(to), limit: BATCH };
  let after: PaymentWithMoney | undefined;
  for (;;) {
    const page = await listPaymentsWithMoney(deps.pool, books.integration, { ...window, after });
    for (const { id, providerRef } of page) {
      const payment = seen.has(providerRef) ? null : await deps.payments.find(id);
      if (payment === null) continue;
      count(tally, await report.examined(payment, await examine(deps, books, payment, null)));
    }
    after = page.at(-1);
    if (page.length < BATCH) return;
  }
}

function count(tally: Tally, { kind, different }: { kind: Examined['kind']; different: number }) {
  if (kind === 'seen') tally.different += different;
  else tally[kind] += 1;
}

/** @throws Error while it is worth trying again */
function orAgain<T extends { readonly unread: number }>(tally: T): T {
  const { attempt } = Context.current().info;
  if (tally.unread > 0 && attempt < ATTEMPTS_FOR_UNREAD) {
    throw new Error(`${tally.unread} payments could not be read at the provider`);
  }
  return tally;
}
