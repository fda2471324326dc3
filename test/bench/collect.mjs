/**
 * Loaded into a measured Node process, and by inheritance into each of its threads: on SIGUSR2 all of
 * them collect their garbage, so that what is left is what is kept.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const channel = new BroadcastChannel('holdfast-collect');
channel.addEventListener('message', () => collect());
channel.unref();
if (isMainThread) {
  process.on('SIGUSR2', () => {
    collect();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none
    channel.postMessage('collect');
  });
}
