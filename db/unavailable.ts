/** Classes and codes of errors that say: Postgres cannot be reached now. The rest are bugs.
 *  Source: https://www.postgresql.org/docs/18/errcodes-appendix.html, read 2026-11-21. */
const SQLSTATES = ['08', '53', '57', '25006', '40001', '40P01', '55P03'];
const SOCKET_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);
const MESSAGES =
  /connection terminated|timeout exceeded|read timeout|connection error|not queryable/i;

export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    SOCKET_CODES.has(code) ||
    SQLSTATES.some((prefix) => code.startsWith(prefix) && code.length === 5) ||
    MESSAGES.test(error.message)
  );
}
