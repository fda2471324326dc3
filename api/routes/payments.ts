import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { isCurrency } from '../../machines/shared/money.ts';
import { STATUSES } from '../../machines/statuses.ts';
import { listPayments } from '../../db/queries/payment-list.ts';
import { listOperations } from '../../db/queries/operation-list.ts';
import type { CommandRequest } from '../../machines/shared/lifecycle.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { allow } from '../middleware/authenticate.ts';
import { createCommander, findPayment } from '../payments/command.ts';
import { decodeCursor, encodeCursor, pageOf } from '../payments/cursor.ts';
import { searchText } from '../payments/fields.ts';
import { presentPayment, presentStory, tellStory } from '../payments/present.ts';
import {
  acceptBody,
  activateBody,
  applyBody,
  bounceBody,
  cancelInvoiceBody,
  captureBody,
  claimBody,
  factSchema,
  invoiceBody,
  modifyBody,
  operationSchema,
  paymentSchema,
  reasonBody,
  receiveBody,
  reduceBody,
  recheckBody,
  refundBody,
  resolveBody,
  shipBody,
  startedSchema,
  voidBody,
} from '../payments/schemas.ts';
import { startBody } from '../payments/start-body.ts';
import { startPayment } from '../payments/start.ts';
import { waitMsOf } from '../payments/waiting.ts';
import { amountParam, listQuery, momentParam, noQuery } from './list-query.ts';
import { answers, idParam, json, keyHeaders } from './shapes.ts';

const TAGS = ['Payments'];

export function addPaymentRoutes(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  addStart(app, deps);
  addCommands(app, deps);
  addReads(app, deps);
}

function addStart(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/payments',
    tags: TAGS,
    summary: 'Start a payment',
    description:
      'Answers 201 when the first outcome is known: authorized, captured, declined, or the buyer ' +
      'must act (`nextAction`). Answers 202 when it is not after the wait; the payment goes on and ' +
      'GET tells. Repeating it with the same key and body has no second effect and the same answer; ' +
      '`otherPayments` alone is as of now.',
    middleware: [allow('payments:start')] as const,
    request: { headers: keyHeaders, body: json(startBody, true) },
    responses: {
      201: answers('The first outcome', startedSchema),
      202: answers('Accepted, not known yet', startedSchema),
    },
  });
  app.openapi(route, async (c) => {
    const { status, payment } = await startPayment(deps, c.get('caller'), {
      idempotencyKey: c.req.valid('header')['idempotency-key'],
      body: c.req.valid('json'),
      waitMs: waitMsOf(c.req.header('prefer')),
    });
    c.header('Location', payment.links['self']);
    return c.json(payment, status);
  });
}

/** What may be asked of a payment, each verb with its body. */
export const COMMANDS = [
  {
    verb: 'capture',
    body: captureBody,
    summary: 'Take held money, all or a part, now or at a time',
  },
  {
    verb: 'give-up',
    body: reasonBody,
    summary: 'Give up an authorization in doubt: what is found of it is given back',
  },
  { verb: 'void', body: voidBody, summary: 'Release the hold, or what is left of it' },
  {
    verb: 'recheck',
    body: recheckBody,
    summary: 'Ask the provider now what became of it; the way out of `parked`',
  },
  {
    verb: 'resolve',
    body: resolveBody,
    summary: 'Say what became of a parked operation; refused where the provider says otherwise',
  },
  { verb: 'refund', body: refundBody, summary: 'Give captured money back, all or a part' },
  {
    verb: 'receive',
    path: 'receipts',
    body: receiveBody,
    summary: 'Record a check or transfer that came',
  },
  {
    verb: 'bounce',
    body: bounceBody,
    summary: 'Record that a check was returned, or a transfer recalled',
  },
  { verb: 'write-off', body: reasonBody, summary: 'Give up what is still owed' },
  {
    verb: 'reduce',
    body: reduceBody,
    summary: 'Record a credit note: less is owed, and what is too much then can be refunded',
  },
  {
    verb: 'cancel',
    body: reasonBody,
    summary: 'Cancel a promise or an order; a reserved limit is released',
  },
  {
    verb: 'accept',
    body: acceptBody,
    summary: 'Say which order the buyer accepted; it counts when the provider says the same',
  },
  {
    verb: 'invoice',
    path: 'invoices',
    body: invoiceBody,
    summary: 'Send an invoice of an accepted order, all or a part, and its shipment',
  },
  { verb: 'ship', body: shipBody, summary: 'Send the shipment of an invoice again' },
  {
    verb: 'cancel-invoice',
    body: cancelInvoiceBody,
    summary: 'Cancel an invoice that the provider has not paid',
  },
  { verb: 'modify', body: modifyBody, summary: 'Change the amount of a reserved order' },
  {
    verb: 'activate',
    body: activateBody,
    summary: 'Ask the provider to guarantee the invoice of a captured order',
  },
  {
    verb: 'apply',
    body: applyBody,
    summary: 'Tell the provider of a receipt that it does not know of',
  },
  {
    verb: 'claim',
    body: claimBody,
    summary: 'Record that the provider has paid in the buyer’s place',
  },
  {
    verb: 'confirm-limit-released',
    body: reasonBody,
    summary: 'Confirm that the order was cancelled in the provider’s portal; it is asked once more',
  },
] as const;

function addCommands(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  const commandPayment = createCommander(deps);
  for (const each of COMMANDS) {
    const { verb, body, summary } = each;
    const path = 'path' in each ? each.path : verb;
    const route = createRoute({
      method: 'post',
      path: `/v1/payments/{id}/${path}`,
      tags: TAGS,
      summary,
      description:
        'Answers 200 with the payment when the provider has answered, 202 while it runs. What is ' +
        'not legal now is refused with 409 and what is; an amount that cannot be, with 422.',
      middleware: [allow(`payments:${verb}`)] as const,
      request: { params: idParam, headers: keyHeaders, body: json(body, false) },
      responses: {
        200: answers('Done, or declined', paymentSchema),
        202: answers('It runs', paymentSchema),
      },
    });
    app.openapi(route, async (c) => {
      const { status, payment } = await commandPayment(c.get('caller'), c.req.valid('param').id, {
        command: commandOf(verb, c.req.valid('json')),
        idempotencyKey: c.req.valid('header')['idempotency-key'],
        waitMs: waitMsOf(c.req.header('prefer')),
      });
      return c.json(payment, status);
    });
  }
}

/** The API speaks of instants in ISO 8601, the charts in milliseconds. */
function commandOf(
  verb: string,
  { at, ...terms }: Record<string, unknown> & { at?: string | null | undefined },
): CommandRequest {
  if (at === undefined) return { ...terms, verb };
  return { ...terms, verb, captureAt: at === null ? null : Date.parse(at) };
}

const query = listQuery({
  status: z.enum(STATUSES).optional(),
  order: searchText(64)
    .min(1)
    .optional()
    .openapi({ description: 'Number of the order, quote or invoice.' }),
  provider: searchText(40).min(1).optional(),
  currency: z.string().refine(isCurrency, 'must be an ISO 4217 code in capitals').optional(),
  amountMinor: amountParam.optional().openapi({ description: 'What was asked for, exactly.' }),
  amountFrom: amountParam.optional().openapi({ description: 'In minor units, this one included.' }),
  amountTo: amountParam.optional().openapi({ description: 'In minor units, this one included.' }),
  createdFrom: momentParam('from')
    .optional()
    .openapi({ description: 'A date counts from its beginning in UTC; an instant is included.' }),
  createdTo: momentParam('to')
    .optional()
    .openapi({ description: 'A date counts to its end in UTC; an instant is included.' }),
});

function addReads(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/payments',
      tags: TAGS,
      summary: 'List payments, newest first',
      middleware: [allow('payments:read')] as const,
      request: { query },
      responses: {
        200: answers(
          'A page',
          z.object({ data: z.array(paymentSchema), nextCursor: z.string().nullable() }),
        ),
      },
    }),
    async (c) => {
      const { cursor, limit, ...filter } = c.req.valid('query');
      const { accountId, mode } = c.get('caller');
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const found = await listPayments(deps.pool, { ...filter, accountId, mode, limit, after });
      const { page, nextCursor } = pageOf(found, limit, (last) =>
        encodeCursor(last.createdAt, last.id),
      );
      return c.json({
        data: page.map((record) => presentPayment(record, deps.publicUrl)),
        nextCursor,
      });
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/payments/{id}',
      tags: TAGS,
      summary: 'One payment as it stands',
      middleware: [allow('payments:read')] as const,
      request: { params: idParam, query: noQuery },
      responses: { 200: answers('The payment', paymentSchema) },
    }),
    async (c) => {
      const record = await findPayment(deps, c.get('caller'), c.req.valid('param').id);
      return c.json(presentPayment(record, deps.publicUrl));
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/payments/{id}/events',
      tags: TAGS,
      summary: 'Its story: the facts in their order',
      middleware: [allow('payments:read')] as const,
      request: { params: idParam, query: noQuery },
      responses: { 200: answers('The facts', z.object({ data: z.array(factSchema) })) },
    }),
    async (c) => {
      const record = await findPayment(deps, c.get('caller'), c.req.valid('param').id);
      const story = tellStory(record, await deps.payments.facts(record.id));
      return c.json({ data: presentStory(story) });
    },
  );
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/payments/{id}/operations',
      tags: TAGS,
      summary: 'The evidence: every exchange with the provider',
      middleware: [allow('operations:read')] as const,
      request: { params: idParam, query: noQuery },
      responses: { 200: answers('The operations', z.object({ data: z.array(operationSchema) })) },
    }),
    async (c) => {
      const record = await findPayment(deps, c.get('caller'), c.req.valid('param').id);
      return c.json({ data: [...(await listOperations(deps.pool, record.id))] });
    },
  );
}
