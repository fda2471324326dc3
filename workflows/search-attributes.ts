/**
 * What operators filter by in the Temporal UI. A namespace that lacks one of them refuses each start
 * of a payment, so workers and API look for them and say what makes them.
 */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';

export const paymentStatus = defineSearchAttributeKey('PaymentStatus', SearchAttributeType.KEYWORD);
export const lifecycleName = defineSearchAttributeKey('Lifecycle', SearchAttributeType.KEYWORD);
export const providerName = defineSearchAttributeKey('Provider', SearchAttributeType.KEYWORD);
export const orderNumber = defineSearchAttributeKey('OrderNumber', SearchAttributeType.KEYWORD);
export const needsAttention = defineSearchAttributeKey('NeedsAttention', SearchAttributeType.BOOL);

export const SEARCH_ATTRIBUTES = [
  paymentStatus,
  lifecycleName,
  providerName,
  orderNumber,
  needsAttention,
];

/** As the CLI writes a type, by the number that the server answers with.
 *  Source: temporal.api.enums.v1.IndexedValueType, read 2026-12-01. */
const TYPE_NAMES = [
  'Unspecified',
  'Text',
  'Keyword',
  'Int',
  'Double',
  'Bool',
  'Datetime',
  'KeywordList',
];
const CLI_TYPES = { KEYWORD: 'Keyword', BOOL: 'Bool' } as const;

const NOT_FOUND = 5;
/** `PERMISSION_DENIED` and `UNIMPLEMENTED`: so Temporal Cloud answers whoever may only run things. */
const MAY_NOT_LIST = [7, 12];

type OperatorService = {
  listSearchAttributes(request: {
    namespace: string;
  }): Promise<{ readonly customAttributes?: Readonly<Record<string, number>> | null }>;
};

/** `unknown`: this login may not list them, so nobody can tell. */
export type SearchAttributeState = 'present' | 'unknown' | { readonly trouble: string };

/**
 * Whether `namespace` has all of them, with the command that makes those that are missing.
 * @param address of the server, for the command; left out where a stranger may read it.
 * @throws what the connection throws when the server does not answer.
 */
export async function searchAttributeState(
  operator: OperatorService,
  namespace: string,
  address?: string,
): Promise<SearchAttributeState> {
  const cli = (command: string, rest: string): string => {
    const at = address === undefined ? '' : ` --address ${address}`;
    return `temporal operator ${command}${at} --namespace ${namespace}${rest}`;
  };
  try {
    const { customAttributes } = await operator.listSearchAttributes({ namespace });
    const trouble = troubleOf(customAttributes ?? {}, cli);
    return trouble === null
      ? 'present'
      : { trouble: `Namespace ${namespace} of Temporal lacks search attributes. ${trouble}` };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === NOT_FOUND) {
      const command = cli('namespace create', '');
      return { trouble: `Temporal has no namespace ${namespace}. Make it: ${command}` };
    }
    if (MAY_NOT_LIST.some((each) => each === code)) return 'unknown';
    throw error;
  }
}

function troubleOf(
  known: Readonly<Record<string, number>>,
  cli: (command: string, rest: string) => string,
): string | null {
  const unfit = SEARCH_ATTRIBUTES.map(({ name, type }) => ({
    name,
    type: CLI_TYPES[type],
    is: known[name] === undefined ? null : (TYPE_NAMES[known[name]] ?? 'another'),
  })).filter(({ type, is }) => type !== is);
  if (unfit.length === 0) return null;
  const wrong = unfit.filter(({ is }) => is !== null);
  const removes = wrong.map(({ name, is }) => {
    const command = cli('search-attribute remove', ` --yes --name ${name}`);
    return `${name} has the type ${is}; remove it first: ${command}. `;
  });
  // One pair each: with several names and one type the CLI makes the first and says that it is done.
  const pairs = unfit.map(({ name, type }) => ` --name ${name} --type ${type}`).join('');
  return `${removes.join('')}Make them: ${cli('search-attribute create', pairs)}`;
}
