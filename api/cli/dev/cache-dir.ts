/** Where big things that several checkouts share are kept. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** `HOLDFAST_CACHE_DIR`, else the user's cache folder by the XDG rules. */
export function cacheDir(env: Env): string {
  if (env['HOLDFAST_CACHE_DIR']) return resolve(env['HOLDFAST_CACHE_DIR']);
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'holdfast');
}
