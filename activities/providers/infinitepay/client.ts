/** InfinitePay over HTTP: one call, its evidence, and its answer put into a class. */
import { maskCardNumbers } from '../../../machines/shared/card-number.ts';
import type { GuaranteeVerb } from '../../../machines/guarantee/guarantee.types.ts';
import {
  type Call,
  type Exchange,
  ProviderNotReached,
  type Refused,
  type Unknown,
} from '../provider.ts';
import { type HttpAnswer, NoAnswer, send } from '../shared/http.ts';
import type { InfinitePayCredentials, InfinitePaySettings } from './config.ts';
import { type Answer, readAnswer } from './mapping.ts';
import type { Blocks } from './requests.ts';
import { blameOf, type Envelope, readEnvelope, writeEnvelope } from './soap.ts';
import { type Tell, tellingWithout } from './words.ts';
import { textOf } from './xml.ts';

/** All that a call needs to know of the account. */
export type InfinitePayAccount = {
  readonly baseUrl: string;
  readonly credentials: InfinitePayCredentials;
  readonly settings: Pick<InfinitePaySettings, 'namespace' | 'timeoutMs' | 'timeZone'>;
};

type Verb = Exclude<GuaranteeVerb, 'release'> | 'look';

const OPERATIONS: Readonly<Record<Verb, string>> = {
  reserve: 'reserveOrder',
  modify: 'modifyReservedOrder',
  capture: 'captureOrder',
  activate: 'activateOrder',
  cancel: 'cancelOrder',
  apply: 'applyTransactionOnActivatedOrder',
  look: 'checkStatusOrder',
};

type Reply = { readonly kind: 'answered'; readonly answer: Answer } | Refused | Unknown;

/** @throws ProviderNotReached when it cannot have acted: no connection, or turned away with 429 */
export async function callInfinitePay(
  { baseUrl, credentials, settings }: InfinitePayAccount,
  verb: Verb,
  blocks: Blocks,
  call: Call,
): Promise<Reply> {
  const operation = OPERATIONS[verb];
  const orderId = textOf(blocks.ORDER_DATA, 'ORDER_ID');
  const startedAt = call.now();
  const tell = tellingWithout(credentials, orderId);
  const keep = (said: Omit<Exchange, 'at' | 'request' | 'durationMs'>): void =>
    call.keep({
      at: new Date(startedAt).toISOString(),
      request: requestEvidence(operation, blocks),
      ...said,
      durationMs: Math.round(call.now() - startedAt),
    });
  let http: HttpAnswer;
  try {
    const question = { operation, namespace: settings.namespace, orderId, blocks };
    http = await send({
      url: new URL('/ws/InfinitePayAPI', baseUrl).href,
      method: 'POST',
      headers: { 'content-type': 'text/xml; charset=utf-8', soapaction: '""' },
      body: writeEnvelope(question, credentials, startedAt),
      timeoutMs: settings.timeoutMs,
      signal: call.signal,
    });
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof ProviderNotReached)) throw error;
    keep({ status: null, requestId: null, answer: error.message });
    if (error instanceof ProviderNotReached) throw error;
    return { kind: 'unknown', reason: `no usable answer: ${error.message}` };
  }
  const envelope = readEnvelope(http.text, operation);
  const answer = envelope.kind === 'response' ? readAnswer(envelope.response, tell) : null;
  const reply = answer === null ? judgeOther(http, envelope, tell) : judge(http, answer, orderId);
  keep({
    status: http.status,
    requestId: answer?.requestId ?? null,
    ...refusalOf(reply),
    answer: answer?.evidence ?? evidenceOf(envelope, http, tell),
  });
  if (http.status === 429) throw new ProviderNotReached('InfinitePay asked to slow down (429)');
  return reply;
}

const refusalOf = (reply: Reply): Pick<Exchange, 'refusesCredentials'> =>
  reply.kind === 'refused' && reply.fault === 'credentials' ? { refusesCredentials: true } : {};

function judge({ status }: HttpAnswer, answer: Answer, orderId: string): Reply {
  const doubt = status === 200 ? doubtOf(answer, orderId) : `HTTP ${status}`;
  return doubt === null ? { kind: 'answered', answer } : { kind: 'unknown', reason: doubt };
}

/** What is no answer of the operation. */
function judgeOther({ status }: HttpAnswer, envelope: Envelope, tell: Tell): Refused | Unknown {
  if (status === 401 || status === 403) {
    const reason = `InfinitePay does not let us in: HTTP ${status}`;
    return { kind: 'refused', reason, code: `http_${status}`, fault: 'credentials' };
  }
  if (envelope.kind !== 'fault') {
    const reason = status === 200 ? 'an answer that cannot be read' : `HTTP ${status}`;
    return { kind: 'unknown', reason };
  }
  const reason = tell(`InfinitePay answered ${envelope.code}: ${envelope.message}`);
  const blame = blameOf(envelope.code);
  return blame === null
    ? { kind: 'unknown', reason }
    : { kind: 'refused', reason, code: tell(envelope.code), ...blame };
}

function doubtOf(answer: Answer, orderId: string): string | null {
  if (answer.status === '') return 'an answer without STATUS';
  if (answer.isContradictory) return 'an answer that says two things';
  const isOther = answer.orderId !== '' && answer.orderId !== orderId;
  return isOther ? 'an answer about another order' : null;
}

/** A fault's text is short and masked. What cannot be read may hold anything, so it is not kept. */
const evidenceOf = (envelope: Envelope, http: HttpAnswer, tell: Tell): unknown =>
  envelope.kind === 'fault'
    ? { fault: tell(envelope.code), message: tell(envelope.message) }
    : `${http.text.length} characters that cannot be read`;

/** Names whose values tell the call and nothing of the buyer. */
const KEPT = ['ORDER_ID', 'REF_NO'];
const KEPT_FIGURES = [
  'TRS_AMT_GROSS',
  'TRS_AMT',
  'TRS_CURRENCY',
  'TRS_DT',
  'INVOICE_DATE',
  'DUE_DATE',
  'DELIVERY_DATE',
  'ACCOUNTING_DT',
  'VALUE_DT',
];

function requestEvidence(operation: string, blocks: Blocks): string {
  const fields = [blocks.ORDER_DATA, blocks['INVOICE_DATA'], blocks['TRANSACTION_DATA']];
  const said = fields.flatMap((block) => Object.entries(block ?? {}));
  const kept = said.flatMap(([name, value]) => {
    if (typeof value !== 'string') return [];
    if (KEPT.includes(name)) return [`${name}=${maskCardNumbers(value)}`];
    return KEPT_FIGURES.includes(name) ? [`${name}=${value}`] : [];
  });
  return [operation, ...kept].join(' ');
}
