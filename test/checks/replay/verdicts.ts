/** What today's code says of a payment that was recorded. */
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { canonicalJson } from '../../../machines/shared/canonical-json.ts';
import { fold } from '../../../db/journal/fold.ts';
import type { Recorded } from './corpus.ts';

export type Bundle = { readonly codePath: string } | WorkflowBundleWithSourceMap;

/** Would the workflows do the same commands again? Null when they would, else what they did. */
export async function whatBreaks(history: string, workflowBundle: Bundle): Promise<string | null> {
  try {
    await Worker.runReplayHistory({ workflowBundle }, historyFromJSON(JSON.parse(history)));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Do the charts still make the same money of the same facts? One sentence a difference. */
export function whatMoneyDiffers({ opening, facts, end }: Recorded): readonly string[] {
  try {
    const { view, facts: folded } = fold(opening, 1, facts);
    const ledger: Record<string, number> = {};
    for (const { account, amountMinor } of folded.flatMap(({ postings }) => postings)) {
      ledger[account] = (ledger[account] ?? 0) + amountMinor;
    }
    const now = { status: view.status, amounts: view.amounts, ledger };
    return (['status', 'amounts', 'ledger'] as const).flatMap((what) => {
      const [before, today] = [canonicalJson(end[what]), canonicalJson(now[what])];
      return before === today ? [] : [`${what}: ${today} today and ${before} when it was recorded`];
    });
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
