/**
 * What a line of the log may hold. JSON makes `{}` of an error, whatever its key; here each one shows
 * its reason, and all that is logged is bounded and without secrets.
 */
import { redact } from './redact.ts';

const TEXT_MAX = 2_000;
const FRAMES_MAX = 15;
const PARTS_MAX = 50;
const DEPTH_MAX = 6;

const SECRET_NAME = /passw|secret|credential|authorization|cookie|token$|api[-_]?key/i;

/** Pino's hook: every argument of every line goes through here. */
export const SAFE_LOGGING = {
  hooks: {
    logMethod(this: unknown, args: readonly unknown[], method: (...args: never[]) => void): void {
      const [first, ...rest] = args;
      // Pino takes an error that comes alone for `{ err }`, and its message for the line's.
      const known =
        first instanceof Error
          ? [{ err: first }, ...(rest.length > 0 ? rest : [first.message])]
          : args;
      method.apply(this, known.map(loggable) as never[]);
    },
  },
};

/** `value` as plain data: bounded, without credentials and card numbers. */
export const loggable = (value: unknown): unknown => plain(value, []);

function plain(value: unknown, above: readonly object[]): unknown {
  switch (typeof value) {
    case 'string':
      return redact(value, TEXT_MAX);
    case 'number':
    case 'bigint': {
      const text = String(value);
      return redact(text, TEXT_MAX) === text && typeof value === 'number'
        ? value
        : redact(text, TEXT_MAX);
    }
    case 'object':
      return value === null ? null : plainObject(value, above);
    case 'function':
    case 'symbol':
      return undefined;
    default:
      return value;
  }
}

function plainObject(value: object, above: readonly object[]): unknown {
  if (above.includes(value)) return '[circular]';
  if (above.length >= DEPTH_MAX) return '[…]';
  const within = [...above, value];
  if (isError(value)) return plainError(value, within);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    return plain((value as { toJSON(): unknown }).toJSON(), within);
  }
  if (value instanceof Map || value instanceof Set) return plain([...value], within);
  if (Array.isArray(value)) return value.slice(0, PARTS_MAX).map((part) => plain(part, within));
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, PARTS_MAX)
      .map(([name, part]) => [
        redact(name, TEXT_MAX),
        SECRET_NAME.test(name) && part !== null ? '[hidden]' : plain(part, within),
      ]),
  );
}

/** Also one of another realm, as the sandbox of workflows is. */
const isError = (value: object): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';

/** Fields that are chosen: others may hold what was asked or answered (`detail` of Postgres does). */
function plainError(error: Error, within: readonly object[]): Record<string, unknown> {
  const { code, status, type, errors } = error as {
    code?: unknown;
    status?: unknown;
    type?: unknown;
    errors?: unknown;
  };
  const chosen = {
    name: error.name,
    message: error.message,
    code: scalar(code),
    status: scalar(status),
    type: scalar(type),
    cause: error.cause,
    errors: Array.isArray(errors) ? errors : undefined,
    stack: framesOf(error.stack),
  };
  return Object.fromEntries(
    Object.entries(chosen)
      .filter(([, part]) => part !== undefined && part !== null)
      .map(([name, part]) => [name, plain(part, within)]),
  );
}

const scalar = (value: unknown): unknown =>
  typeof value === 'string' || typeof value === 'number' ? value : undefined;

/** Without the message, which stands beside them. */
function framesOf(stack: unknown): string[] | undefined {
  if (typeof stack !== 'string') return undefined;
  const frames = stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
  return frames.length === 0 ? undefined : frames.slice(0, FRAMES_MAX);
}
