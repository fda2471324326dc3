import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { benchEnvironment } from '../env.ts';
import { authorizeCall, captureCall } from '../stripe-calls.ts';
import { BARE_QUEUE, type BareActivities } from './contract.ts';

Runtime.install({ shutdownSignals: [] });
const { stripe, temporalAddress } = benchEnvironment();
const activities: BareActivities = {
  authorize: async ({ paymentId, amountMinor }) =>
    (await authorizeCall(stripe, `${paymentId}-authorize`, amountMinor)).id,
  capture: async ({ paymentId, ref }) => {
    await captureCall(stripe, `${paymentId}-capture`, ref);
  },
};
const connection = await NativeConnection.connect({ address: temporalAddress });
// The same limits as the product's worker.
const worker = await Worker.create({
  connection,
  taskQueue: BARE_QUEUE,
  workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)),
  activities,
  stickyQueueScheduleToStartTimeout: '3s',
  maxConcurrentWorkflowTaskExecutions: 40,
  maxConcurrentActivityTaskExecutions: 100,
});
const running = worker.run();
process.once('SIGTERM', () => worker.shutdown());
process.stdout.write('READY {}\n');
await running;
await connection.close();
