/** Keeps what differs, and tells the payment, which looks at the provider and corrects itself. */
import type { TellPayment } from '../../db/news/deliver-news.ts';
import type { FindingRepository } from '../../db/repositories/finding.repository.ts';
import type { Integration } from '../../db/repositories/integration.repository.ts';
import type { PaymentRecord } from '../../db/repositories/payment.repository.ts';
import { PROVIDERS } from '../providers/catalog.ts';
import { type Difference, findingIdOf } from './differences.ts';
import type { Examined } from './examine.ts';
import { sentenceOf } from './sentences.ts';

export type Reporter = {
  /** Returns whether somebody has to look at it: not when a person resolved it before. */
  difference(difference: Difference, payment: PaymentRecord | null): Promise<boolean>;
  /** Reports all of it; returns how many differences are open. */
  examined(
    payment: PaymentRecord,
    examined: Examined,
  ): Promise<{ readonly kind: Examined['kind']; readonly different: number }>;
};

export function createReporter(
  findings: FindingRepository,
  integration: Integration,
  tell: TellPayment,
): Reporter {
  const { id: integrationId, accountId, mode } = integration;
  const provider = PROVIDERS[integration.provider]?.label ?? integration.provider;

  async function difference(what: Difference, payment: PaymentRecord | null): Promise<boolean> {
    const id = findingIdOf(integrationId, what);
    const { kind, providerRef, paymentId, providerSays, holdfastSays } = what;
    // Told first: a finding that lies there has been told. What looking cannot mend is told once.
    if (payment !== null && (what.isCorrectable || !(await findings.has(id)))) {
      await tell(payment, {
        source: 'reconciliation',
        name: kind,
        notificationId: null,
        verified: true,
        providerRef,
        claim: null,
      });
    }
    const source = payment === null ? null : `${payment.source.kind} ${payment.source.number}`;
    const state = await findings.note({
      id,
      accountId,
      mode,
      integrationId,
      kind,
      providerRef,
      paymentId,
      detail: sentenceOf(what, { provider, source }),
      providerSays,
      holdfastSays,
    });
    return state === 'open';
  }

  return {
    difference,
    async examined(payment, examined) {
      let different = 0;
      for (const each of examined.kind === 'seen' ? examined.differences : []) {
        if (await difference(each, payment)) different += 1;
      }
      return { kind: examined.kind, different };
    },
  };
}
