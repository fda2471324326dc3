import { within } from './payments/waiting.ts';
import type { Problem } from './problem.ts';

/** A sender that is still at it gets so much time, or room, to come to its end and hear the answer. */
const DISCARD_WITHIN_MS = 500;
const DISCARD_BYTES_MAX = 64 * 1024 * 1024;

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** The whole body. Of a larger one nothing is kept; whether it was announced does not matter.
 *  @throws `problem` when there is more than `bytesMax` */
export async function readBody(
  { body, headers }: Request,
  bytesMax: number,
  problem: Problem,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader: Reader | undefined = body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = Number(headers.get('content-length') ?? 0) > bytesMax ? Infinity : 0;
  while (size <= bytesMax) {
    const { done, value } = await reader.read();
    if (done) return Uint8Array.from(Buffer.concat(chunks));
    size += value.length;
    chunks.push(value);
  }
  // A connection that is cut in the middle of sending never delivers the answer.
  await within(discard(reader), DISCARD_WITHIN_MS, null);
  throw problem;
}

async function discard(reader: Reader): Promise<null> {
  let size = 0;
  while (size <= DISCARD_BYTES_MAX) {
    const { done, value } = await reader.read();
    if (done) return null;
    size += value.length;
  }
  return null;
}
