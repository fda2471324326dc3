/** Variant B, the honest simple way: a row before the call and after it, and nothing else. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { connect } from '../../../db/client.ts';
import { benchEnvironment } from '../env.ts';
import { authorizeCall, captureCall } from '../stripe-calls.ts';

const { databaseUrl, stripe } = benchEnvironment();
const pool = connect(databaseUrl);
await pool.query(
  `create table if not exists simple_payments (
     id text primary key, status text not null, ref text, amount_minor bigint not null)`,
);

const app = new Hono();
app.post('/payments', async (c) => {
  const { amountMinor } = await c.req.json<{ amountMinor: number }>();
  const id = randomUUID();
  await pool.query(`insert into simple_payments values ($1, 'requested', null, $2)`, [
    id,
    amountMinor,
  ]);
  const { id: ref } = await authorizeCall(stripe, `${id}-authorize`, amountMinor);
  await pool.query(`update simple_payments set status = 'authorized', ref = $2 where id = $1`, [
    id,
    ref,
  ]);
  return c.json({ id }, 201);
});
app.post('/payments/:id/capture', async (c) => {
  const id = c.req.param('id');
  const { rows } = await pool.query<{ ref: string }>(
    `update simple_payments set status = 'capturing' where id = $1 returning ref`,
    [id],
  );
  await captureCall(stripe, `${id}-capture`, rows[0]?.ref ?? '');
  await pool.query(`update simple_payments set status = 'captured' where id = $1`, [id]);
  return c.json({ id });
});

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (address: AddressInfo) =>
  process.stdout.write(`READY {"url":"http://127.0.0.1:${address.port}"}\n`),
);
process.once('SIGTERM', () => {
  server.close();
  void pool.end();
});
