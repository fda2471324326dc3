/** What a person sees once the stack is up. */
import { relative } from 'node:path';
import { say, type Screen } from '../progress.mjs';
import type { StackInfo, StateDir } from './state-dir.ts';

export function showStack(info: StackInfo, state: StateDir, out: Screen): void {
  const addresses: readonly (readonly [string, string | null])[] = [
    ['API', info.api],
    ['API documentation', info.docs],
    ['Temporal UI', info.temporalUi],
    ['Temporal', info.temporalAddress],
    ['Stripe simulator', info.simulators.stripe],
    ['InfinitePay simulator', `${info.simulators.infinitepay}/_pages/portal`],
    ['Apruve simulator', info.simulators.apruve],
    ['Postgres', info.databaseUrl],
  ];
  const keys = Object.entries(info.keys);
  const width = Math.max(...[...addresses, ...keys].map(([name]) => name.length)) + 2;
  const row = (name: string, value: string) => say(`  ${name.padEnd(width)}${value}`, out);
  say('', out);
  for (const [name, value] of addresses) if (value !== null) row(name, value);
  say('\n  API keys, one for each role', out);
  for (const [role, key] of keys) row(role, key);
  say(`\n  Logs: ${relative(process.cwd(), state.logs) || '.'}/`, out);
  say(`  All of this as JSON: ${relative(process.cwd(), state.stackFile)}\n`, out);
}
