/** Asks a Temporal server whether it serves what Holdfast needs. */
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';

/**
 * The search attributes that workflows set and `namespace` does not know; null when this login may
 * not list them (Temporal Cloud). Throws when the server does not answer for the namespace within
 * `timeoutMs`.
 */
export async function missingSearchAttributes(
  address: string,
  namespace: string,
  timeoutMs: number,
): Promise<string[] | null> {
  const connection = await Connection.connect({ address, connectTimeout: timeoutMs });
  const deadline = Date.now() + timeoutMs;
  try {
    await connection.withDeadline(deadline, () =>
      connection.workflowService.describeNamespace({ namespace }),
    );
    const known = await connection
      .withDeadline(deadline, () => connection.operatorService.listSearchAttributes({ namespace }))
      .catch(() => null);
    if (known === null) return null;
    return Object.keys(SEARCH_ATTRIBUTES).filter((name) => !(name in known.customAttributes));
  } finally {
    await connection.close();
  }
}
