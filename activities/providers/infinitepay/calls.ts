/** The calls that move something, each made once and its answer read. */
import type { GuaranteeOperationEffect } from '../../../machines/guarantee/guarantee.types.ts';
import type { GuaranteeOutcome, GuaranteeTerms } from '../guarantee-provider.ts';
import type { Call } from '../provider.ts';
import { UnsendableAmount } from './amounts.ts';
import { callInfinitePay, type InfinitePayAccount } from './client.ts';
import { toOutcome } from './mapping.ts';
import { type Blocks, blocksOf, momentIn, UnsendableRequest } from './requests.ts';

export async function perform(
  account: InfinitePayAccount,
  effect: GuaranteeOperationEffect,
  terms: GuaranteeTerms,
  call: Call,
): Promise<GuaranteeOutcome> {
  let blocks: Blocks;
  try {
    blocks = blocksOf(effect, terms, momentIn(account.settings.timeZone, call.now()));
  } catch (error) {
    if (!(error instanceof UnsendableAmount || error instanceof UnsendableRequest)) throw error;
    return { kind: 'refused', reason: error.message, fault: 'ours' };
  }
  const reply = await callInfinitePay(account, effect.type, blocks, call);
  return reply.kind === 'answered' ? toOutcome(effect, reply.answer) : reply;
}
