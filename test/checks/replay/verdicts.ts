/** What today's code says of a payment that was recorded. */
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { canonicalJson } from '../../../machines/shared/canonical-json.ts';
import { fold } from '../../../db/journal/fold.ts';
import type { Recorded } from './corpus.ts';

export type Bundle = { readonly codePath: string } | WorkflowBundleWithSourceMap;

/** Would the workflows give the same commands again? By name what they did instead, or null. */
export async function whatBreaks(
  named: readonly { readonly name: string; readonly json: string }[],
  workflowBundle: Bundle,
): Promise<ReadonlyMap<string, string | null>> {
  const histories = named.map(({ name, json }) => ({
    workflowId: name,
    history: historyFromJSON(JSON.parse(json)),
  }));
  const broken = new Map<string, string | null>();
  for await (const each of Worker.runReplayHistories({ workflowBundle }, histories)) {
    broken.set(each.workflowId, each.error?.message ?? null);
  }
  return broken;
}

/** As the API shows them: families that know no pending refunds, and payments of before there were any,
 *  have none. */
const asShown = (amounts: Recorded['end']['amounts']) => ({ refundPending: 0, ...amounts });

/** Do the charts still make the same money of the same facts? One sentence a difference. */
export function whatMoneyDiffers({ opening, facts, end }: Recorded): readonly string[] {
  try {
    const { view, facts: folded } = fold(opening, 1, facts);
    // Fact by fact: what moved and moved back is a difference, too.
    const postings = folded.map((each) => each.postings);
    const now = { status: view.status, amounts: asShown({ ...view.amounts }), postings };
    const then = { ...end, amounts: asShown(end.amounts) };
    return (['status', 'amounts', 'postings'] as const).flatMap((what) => {
      const [before, today] = [canonicalJson(then[what]), canonicalJson(now[what])];
      return before === today ? [] : [`${what}: ${today} today and ${before} when it was recorded`];
    });
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
