import { environment } from '../../../api/cli/dev/env.ts';

const stripe = `http://127.0.0.1:${environment['STRIPE_SIMULATOR_PORT']}`;
process.stdout.write(`READY ${JSON.stringify({ stripe })}\n`);
setInterval(() => undefined, 60_000);
