import { environment } from '../../../api/cli/dev/env.ts';

if (environment['FAKE_WORKER_FAILS']) {
  process.stderr.write('no task queue\n');
  process.exit(7);
}
process.stdout.write('READY {}\n');
setInterval(() => undefined, 60_000);
