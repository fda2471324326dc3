/**
 * One HTTP call to a provider, with a deadline, and with every failure put into one of two classes:
 * it cannot have acted, or it may have. The classes were observed on Node 20 (undici 6).
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { ProviderNotReached } from '../provider.ts';

export type HttpRequest = {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
};

/** For the evidence: the answer says that the caller's credentials are not taken, and nothing was done. */
export const refusesCredentials = ({ status }: Pick<HttpAnswer, 'status'>) =>
  status === 401 || status === 403 ? { refusesCredentials: true as const } : {};

/** No usable answer came, and the provider may have acted. */
export class NoAnswer extends Error {
  override name = 'NoAnswer';
}

/** Whether a request that may act has left while some work was done. */
export type Sends = { hasSent: boolean };

const watching = new AsyncLocalStorage<Sends>();

/** Does `work` and notes in `sends` when the first byte of a request that may act is about to leave.
 *  What is thrown before that moment proves that nothing was done. */
export const watchSends = <T>(sends: Sends, work: () => Promise<T>): Promise<T> =>
  watching.run(sends, work);

const BODY_BYTES_MAX = 1_048_576;

/** Errors of making the connection: nothing of the request left this machine. */
const NOT_SENT = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * @throws ProviderNotReached when no connection could be made
 * @throws NoAnswer on time-out, reset, a body cut off, or one that is larger than 1 MiB
 */
export async function send(request: HttpRequest): Promise<HttpAnswer> {
  const sends = watching.getStore();
  if (sends !== undefined && request.method !== 'GET') sends.hasSent = true;
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: request.headers,
      ...(request.body === undefined ? {} : { body: request.body }),
      redirect: 'error',
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(request.timeoutMs)]),
    });
    return { status: response.status, headers: response.headers, text: await readText(response) };
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    const reason = describe(error);
    if (NOT_SENT.has(reason) || reason.startsWith('CERT_')) throw new ProviderNotReached(reason);
    throw new NoAnswer(reason);
  }
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > BODY_BYTES_MAX) throw new NoAnswer('the answer is larger than 1 MiB');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** A short, stable word for the log and the evidence: a code where there is one. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause !== null && typeof cause === 'object' && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : `${error.name}: ${error.message}`;
}
