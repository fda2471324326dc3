/** InfinitePay's words → ours. Pure. STATUS "1" is success, and every other is none: README.md. */
import type {
  GuaranteeNotes,
  GuaranteeOperationEffect,
  GuaranteePicture,
  ProviderStage,
} from '../../../machines/guarantee/guarantee.types.ts';
import type { GuaranteeOutcome } from '../guarantee-provider.ts';
import { fromHundredths, toHundredths } from './amounts.ts';
import { short } from './soap.ts';
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
  readonly evidence: unknown;
};

export function readAnswer(response: unknown): Answer {
  const data = child(response, 'RESPONSE_DATA');
  // Some answers repeat these beside RESPONSE_DATA.
  const said = (name: string): string => textOf(data, name) || textOf(response, name);
  const differs = (name: string): boolean =>
    textOf(response, name) !== '' && textOf(response, name) !== said(name);
  const status = textOf(data, 'STATUS');
  const [providerRef, guaranteed] = [said('REF_NO'), said('GUAR_AMT')];
  const notes = notesOf(response, textOf(data, 'ADD_INFO'));
  return {
    status,
    orderId: said('ORDER_ID'),
    providerRef: providerRef === '' ? null : providerRef,
    guaranteed,
    isContradictory: ['STATUS', 'ORDER_ID', 'REF_NO', 'GUAR_AMT'].some(differs),
    notes,
    requestId: short(textOf(response, 'REQUEST_ID')) || null,
    evidence: {
      status: short(status),
      ref: short(providerRef),
      guaranteed: short(guaranteed),
      additionalInfo: notes.additionalInfo,
      errors: notes.errors,
    },
  };
}

function notesOf(response: unknown, additionalInfo: string): GuaranteeNotes {
  const errors = listOf(child(child(response, 'ERROR_DATA'), 'ERROR'))
    .map((error) => ({
      code: short(textOf(error, 'ERROR_CD')),
      message: short(textOf(error, 'ERROR_MSG')),
    }))
    .filter(({ code, message }) => code !== '' || message !== '');
  return {
    additionalInfo: short(additionalInfo) || null,
    errors: errors.slice(0, ERRORS_MAX),
    correctedDebtor: correctedOf(child(response, 'DEBTOR_CORRECTED_DATA')),
  };
}

const ERRORS_MAX = 20;

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);

const CORRECTED = ['C_NAME', 'C_STREET', 'C_STREET_NO', 'C_ZIP', 'C_CITY', 'C_COUNTRY', 'DB_ID'];

function correctedOf(data: unknown): GuaranteeNotes['correctedDebtor'] {
  const said = CORRECTED.flatMap((name) => {
    const value = short(textOf(data, name));
    return value === '' ? [] : [[name, value] as const];
  });
  return said.length === 0 ? null : Object.fromEntries(said);
}

/** An activation without a sum that could be its guarantee is not believed either way. */
export function toOutcome(effect: GuaranteeOperationEffect, answer: Answer): GuaranteeOutcome {
  if (answer.status !== '1') return toDeclined(answer);
  const guaranteedMinor = fromHundredths(answer.guaranteed, effect.currency);
  if (effect.type === 'activate' && !isGuarantee(guaranteedMinor, effect.amountMinor)) {
    const asked = toHundredths(effect.amountMinor, effect.currency);
    const said = answer.guaranteed === '' ? 'nothing' : short(answer.guaranteed);
    return { kind: 'unknown', reason: `activated, and of ${asked} it guarantees ${said}` };
  }
  const { providerRef, notes } = answer;
  return { kind: 'approved', providerRef, guaranteedMinor, notes };
}

const isGuarantee = (guaranteedMinor: number | null, amountMinor: number): boolean =>
  guaranteedMinor !== null && guaranteedMinor > 0 && guaranteedMinor <= amountMinor;

/** Its codes are not published, so they are passed on and nothing is concluded from them. */
export function toDeclined({
  notes,
  status,
}: Pick<Answer, 'notes' | 'status'>): Extract<GuaranteeOutcome, { kind: 'declined' }> {
  const code = notes.errors.find((error) => error.code !== '')?.code;
  const said = notes.errors.map(({ message }) => message).filter((message) => message !== '');
  const message = said.length === 0 ? 'InfinitePay declined without a reason.' : said.join(' ');
  return {
    kind: 'declined',
    decline: { code: code ?? `status_${short(status)}`, message: short(message), advice: null },
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
