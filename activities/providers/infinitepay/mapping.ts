/** InfinitePay's words → ours. Pure. STATUS "1" is success, and every other is none: README.md. */
import type {
  GuaranteeNotes,
  GuaranteeOperationEffect,
  GuaranteePicture,
  ProviderStage,
} from '../../../machines/guarantee/guarantee.types.ts';
import type { GuaranteeOutcome } from '../guarantee-provider.ts';
import { fromHundredths, toHundredths } from './amounts.ts';
import type { Tell } from './words.ts';
import { child, textOf } from './xml.ts';

/** RESPONSE as it came: empty where it says nothing. */
export type Answer = {
  readonly status: string;
  readonly orderId: string;
  readonly providerRef: string | null;
  /** GUAR_AMT, in hundredths. */
  readonly guaranteed: string;
  /** What it says twice is not the same. */
  readonly isContradictory: boolean;
  readonly notes: GuaranteeNotes;
  readonly requestId: string | null;
  /** Of the same, what is kept and shown. */
  readonly evidence: {
    readonly status: string;
    readonly ref: string;
    readonly guaranteed: string;
  } & Pick<GuaranteeNotes, 'additionalInfo' | 'errors'>;
};

/** `tell` is what is kept of its words. */
export function readAnswer(response: unknown, tell: Tell): Answer {
  const data = child(response, 'RESPONSE_DATA');
  // Some answers repeat these beside RESPONSE_DATA.
  const said = (name: string): string => textOf(data, name) || textOf(response, name);
  const differs = (name: string): boolean =>
    (textOf(response, name) !== '' && textOf(response, name) !== said(name)) ||
    [data, response].some((part) => isNoText(child(part, name)));
  const status = textOf(data, 'STATUS');
  const [providerRef, guaranteed] = [said('REF_NO'), said('GUAR_AMT')];
  const notes = notesOf(response, textOf(data, 'ADD_INFO'), tell);
  return {
    status,
    orderId: said('ORDER_ID'),
    providerRef: providerRef === '' ? null : providerRef,
    guaranteed,
    isContradictory: ['STATUS', 'ORDER_ID', 'REF_NO', 'GUAR_AMT'].some(differs),
    notes,
    requestId: tell(textOf(response, 'REQUEST_ID')) || null,
    evidence: {
      status: tell(status),
      ref: tell(providerRef),
      guaranteed: tell(guaranteed),
      additionalInfo: notes.additionalInfo,
      errors: notes.errors,
    },
  };
}

/** It is there twice, or holds elements. */
const isNoText = (value: unknown): boolean => value !== undefined && typeof value !== 'string';

function notesOf(response: unknown, additionalInfo: string, tell: Tell): GuaranteeNotes {
  const errors = listOf(child(response, 'ERROR_DATA'))
    .flatMap((data) => [...textIn(data), ...listOf(child(data, 'ERROR'))])
    .map((error) => ({
      code: tell(textOf(error, 'ERROR_CD')),
      message: tell(textOf(error, 'ERROR_MSG') || textIn(error).join(' ')),
    }))
    .filter(({ code, message }) => code !== '' || message !== '');
  return {
    additionalInfo: tell(additionalInfo) || null,
    errors: errors.slice(0, ERRORS_MAX),
    correctedDebtor: correctedOf(child(response, 'DEBTOR_CORRECTED_DATA'), tell),
  };
}

/** Plain text where elements are documented: the client's own stand-in answers so. */
function textIn(error: unknown): string[] {
  const text = typeof error === 'string' ? error : textOf(error, '#text');
  return text === '' ? [] : [text];
}

const ERRORS_MAX = 20;

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const CORRECTED = ['C_NAME', 'C_STREET', 'C_STREET_NO', 'C_ZIP', 'C_CITY', 'C_COUNTRY', 'DB_ID'];

function correctedOf(data: unknown, tell: Tell): GuaranteeNotes['correctedDebtor'] {
  const said = CORRECTED.flatMap((name) => {
    const value = tell(textOf(data, name));
    return value === '' ? [] : [[name, value] as const];
  });
  return said.length === 0 ? null : Object.fromEntries(said);
}

/** An activation with a sum that cannot be its guarantee is not believed either way. One without a sum
 *  is guaranteed: STATUS is all that the only public client reads. */
export function toOutcome(effect: GuaranteeOperationEffect, answer: Answer): GuaranteeOutcome {
  if (answer.status !== '1') return toDeclined(answer);
  const guaranteedMinor = fromHundredths(answer.guaranteed, effect.currency);
  const isUnsaid = answer.guaranteed === '';
  if (
    effect.type === 'activate' &&
    !isUnsaid &&
    !isGuarantee(guaranteedMinor, effect.amountMinor)
  ) {
    const asked = toHundredths(effect.amountMinor, effect.currency);
    const { guaranteed: said } = answer.evidence;
    return { kind: 'unknown', reason: `activated, and of ${asked} it guarantees ${said}` };
  }
  const { providerRef, notes } = answer;
  return { kind: 'approved', providerRef, guaranteedMinor, notes };
}

const isGuarantee = (guaranteedMinor: number | null, amountMinor: number): boolean =>
  guaranteedMinor !== null && guaranteedMinor > 0 && guaranteedMinor <= amountMinor;

const MESSAGE_MAX = 200;

/** Its codes are not published, so they are passed on and nothing is concluded from them. */
export function toDeclined({
  evidence: { status },
  notes,
}: Pick<Answer, 'evidence' | 'notes'>): Extract<GuaranteeOutcome, { kind: 'declined' }> {
  const code = notes.errors.find((error) => error.code !== '')?.code;
  const said = notes.errors.map(({ message }) => message).filter((message) => message !== '');
  const message = said.length === 0 ? 'InfinitePay declined without a reason.' : said.join(' ');
  return {
    kind: 'declined',
    decline: {
      code: code ?? `status_${status}`,
      message: message.slice(0, MESSAGE_MAX),
      advice: null,
    },
    notes,
  };
}

/** ADD_INFO's words are not documented: these are the simulator's. Any other is null, so nothing
 *  may depend on one being there. */
const STAGES: ReadonlyMap<string, ProviderStage> = new Map(
  (
    [
      'reserved',
      'captured',
      'guaranteed',
      'guarantee_denied',
      'overdue',
      'paid',
      'claimed',
      'denied',
      'cancelled',
    ] as const
  ).map((stage) => [stage, stage]),
);

export const toPicture = (answer: Answer, currency: string): GuaranteePicture => ({
  stands: answer.status === '1',
  stage: STAGES.get(answer.notes.additionalInfo ?? '') ?? null,
  guaranteedMinor: fromHundredths(answer.guaranteed, currency),
  notes: answer.notes,
});
