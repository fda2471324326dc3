import { environment } from '../../../api/cli/dev/env.ts';

const url = `http://127.0.0.1:${environment['PORT']}`;
process.stdout.write(`READY ${JSON.stringify({ url })}\n`);
setInterval(() => undefined, 60_000);
