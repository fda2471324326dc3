/** The end of a log file: what a person wants to see first when a process has died. */
import { existsSync, readFileSync, statSync } from 'node:fs';

const LINES_MAX = 20;

export const logSize = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** The last lines written after byte `from`. */
export function logTail(file: string, from: number): string {
  if (!existsSync(file)) return '';
  const text = readFileSync(file).subarray(from).toString('utf8').trimEnd();
  return text.split('\n').slice(-LINES_MAX).join('\n');
}
