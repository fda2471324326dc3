/**
 * What is known about a process of this machine by its id, so that a reused id is never mistaken
 * for ours.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/**
 * Start time and command line of a running process, or null when there is none (or only a zombie).
 * Two processes never share it, even when the id is used again.
 */
export function processIdentity(pid: number): string | null {
  if (existsSync('/proc/self/stat')) return linuxIdentity(pid);
  const ps = spawnSync('ps', ['-o', 'lstart=,command=', '-p', String(pid)], { encoding: 'utf8' });
  const line = (ps.stdout ?? '').trim();
  return line === '' ? null : line;
}

function linuxIdentity(pid: number): string | null {
  try {
    // The second field is the name in brackets and may itself contain spaces and brackets.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const [state, startTicks] = [fields[0], fields[19]];
    if (state === 'Z' || state === 'X') return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return `${startTicks} ${command}`;
  } catch {
    return null;
  }
}

/**
 * Waits until the process with this identity is gone; false when it is still there after
 * `timeoutMs`.
 */
export async function waitUntilGone(
  pid: number,
  identity: string,
  timeoutMs: number,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (processIdentity(pid) === identity) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}
