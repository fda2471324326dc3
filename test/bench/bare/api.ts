import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client';
import { Hono } from 'hono';
import { benchEnvironment } from '../env.ts';
import { BARE_QUEUE } from './contract.ts';

const connection = await Connection.connect({ address: benchEnvironment().temporalAddress });
const { workflow } = new Client({ connection });

const app = new Hono();
app.post('/payments', async (c) => {
  const { amountMinor } = await c.req.json<{ amountMinor: number }>();
  const paymentId = randomUUID();
  const startWorkflowOperation = new WithStartWorkflowOperation('barePayment', {
    workflowId: paymentId,
    taskQueue: BARE_QUEUE,
    args: [{ paymentId, amountMinor }],
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  await workflow.executeUpdateWithStart('firstOutcome', { startWorkflowOperation, args: [] });
  return c.json({ id: paymentId }, 201);
});
app.post('/payments/:id/capture', async (c) => {
  const id = c.req.param('id');
  await workflow.getHandle(id).executeUpdate('capture', { args: [] });
  return c.json({ id });
});

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (address: AddressInfo) =>
  process.stdout.write(`READY {"url":"http://127.0.0.1:${address.port}"}\n`),
);
process.once('SIGTERM', () => {
  server.close();
  void connection.close();
});
