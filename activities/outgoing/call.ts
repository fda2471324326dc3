/** One POST to a merchant's endpoint. Nothing that it does is an error of ours: all is an answer. */
import type { DeliveryAnswer } from '../../db/repositories/webhook-delivery.repository.ts';
import { containsCardNumber } from '../../machines/shared/card-number.ts';

export type Call = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeLimitMs: number;
};

export type Called = {
  readonly answer: DeliveryAnswer;
  readonly retryAfter: string | null;
};

const BODY_CHARACTERS_MAX = 500;
/** Enough for that many characters of any script. */
const BODY_BYTES_MAX = 4 * BODY_CHARACTERS_MAX;

export async function call({ url, headers, body, timeLimitMs }: Call): Promise<Called> {
  const at = new Date();
  const signal = AbortSignal.timeout(timeLimitMs);
  const answered = async (said: Partial<DeliveryAnswer>): Promise<DeliveryAnswer> => ({
    at: at.toISOString(),
    status: null,
    error: null,
    body: '',
    ...said,
    durationMs: Date.now() - at.getTime(),
  });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Holdfast', ...headers },
      body,
      // A redirect is an answer like any other that is not 2xx: the address should be mended.
      redirect: 'manual',
      signal,
    });
    const answer = await answered({
      status: response.status,
      body: presentable(await beginningOf(response)),
    });
    return { answer, retryAfter: response.headers.get('retry-after') };
  } catch (error) {
    const why = signal.aborted ? `no answer within ${timeLimitMs / 1000} s` : describe(error);
    return { answer: await answered({ error: why }), retryAfter: null };
  }
}

/** What comes of the body in time; the status was said already, so a body that hangs changes nothing. */
async function beginningOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk as Uint8Array);
      size += (chunk as Uint8Array).length;
      if (size >= BODY_BYTES_MAX) break;
    }
  } catch {
    // Cut off: what came is what there is.
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Kept and shown to people: no control characters, which Postgres would not take, no card number. */
function presentable(text: string): string {
  if (containsCardNumber(text)) return '(left out: it looks like it holds a card number)';
  const printable = text.replace(/[^\P{Cc}\n\t]/gu, '');
  // Whole characters: Postgres takes no half of a pair.
  return Array.from(printable).slice(0, BODY_CHARACTERS_MAX).join('');
}

function describe(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause !== null && typeof cause === 'object' && 'code' in cause) return String(cause.code);
  if (cause instanceof Error) return cause.message;
  return error instanceof Error ? error.message : 'no connection';
}
