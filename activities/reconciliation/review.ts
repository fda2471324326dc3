/** Findings that the comparison did not come by: each is looked at again, also long after its time. */
import { matchPayment } from '../../db/news/deliver-news.ts';
import type { Finding, FindingRepository } from '../../db/repositories/finding.repository.ts';
import { PROVIDERS } from '../providers/catalog.ts';
import { findingIdOf, hasMoney, type Says } from './differences.ts';
import { type Books, examine, type ExamineDependencies, reading } from './examine.ts';
import type { Reporter } from './report.ts';
import type { Reviewed } from './reconciliation.contract.ts';

const BATCH = 200;

/** Why it is over; `open` when it is not, `unread` when nobody can tell now. */
type Verdict = { readonly over: string } | 'open' | 'unread';
type Dependencies = ExamineDependencies & { readonly findings: FindingRepository };

export async function reviewFindings(
  deps: Dependencies,
  books: Books,
  report: Reporter,
  since: Date,
): Promise<Reviewed> {
  const tally = { resolved: 0, unread: 0 };
  let afterId = '';
  for (;;) {
    const page = await deps.findings.unseen(books.integration, { since, afterId, limit: BATCH });
    for (const finding of page) {
      const verdict = await judge(deps, books, report, finding);
      if (verdict === 'unread') tally.unread += 1;
      if (typeof verdict !== 'object') continue;
      await deps.findings.settle(finding.id, verdict.over);
      tally.resolved += 1;
    }
    afterId = page.at(-1)?.id ?? afterId;
    if (page.length < BATCH) return tally;
  }
}

async function judge(
  deps: Dependencies,
  books: Books,
  report: Reporter,
  finding: Finding,
): Promise<Verdict> {
  if (finding.kind === 'unknown_payment') return judgeUnknown(deps, books, finding);
  const payment = await deps.payments.find(finding.paymentId ?? '');
  if (payment === null) return { over: 'the payment is gone.' };
  const examined = await examine(deps, books, payment, finding.providerRef);
  if (examined.kind === 'unread') return 'unread';
  if (examined.kind === 'moving') return 'open';
  await report.examined(payment, examined);
  const { differences } = examined;
  const isThere = differences.some(
    (each) => findingIdOf(books.integration.id, each) === finding.id,
  );
  if (isThere) return 'open';
  const isOtherwise = differences.some(({ kind }) => kind === finding.kind);
  return isOtherwise
    ? { over: 'it differs otherwise now, which is a finding of its own.' }
    : { over: `the payment and ${labelOf(books)} say the same.` };
}

async function judgeUnknown(
  deps: Dependencies,
  { integration, provider }: Books,
  finding: Finding,
): Promise<Verdict> {
  const { accountId, mode, integrationId, providerRef } = finding;
  const ours = { accountId, mode, integrationId, providerRef, paymentId: null };
  const payment = await matchPayment(deps.pool, ours);
  if (payment !== null) return { over: `${payment.id} has it now.` };
  const { currency } = finding.providerSays as Says;
  const question = { type: 'picture', providerRefs: [providerRef], currency } as const;
  const looked = await provider.look(question, reading(deps));
  const label = PROVIDERS[integration.provider]?.label ?? integration.provider;
  if (looked.kind === 'inconclusive') {
    return looked.absentRef === undefined
      ? 'unread'
      : { over: `${label} does not have it any more.` };
  }
  const refunds = looked.pictures.flatMap((picture) => picture.refunds);
  const there = {
    heldMinor: looked.pictures[0]?.heldMinor ?? 0,
    capturedMinor: looked.pictures[0]?.capturedMinor ?? 0,
    refundedMinor: refunds
      .filter(({ status }) => status === 'succeeded')
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0),
  };
  if (!hasMoney(there)) return { over: `there is no money any more at ${label}.` };
  await deps.findings.touch(finding.id);
  return 'open';
}

const labelOf = ({ integration }: Books): string =>
  PROVIDERS[integration.provider]?.label ?? integration.provider;
