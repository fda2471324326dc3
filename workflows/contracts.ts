/** Names, shapes and start options that the workflow's callers share with it. */
import { type SearchAttributePair, TypedSearchAttributes } from '@temporalio/common';
import { formatMoney } from '../machines/shared/money.ts';
import type { CommandRequest, Frozen, Refusal } from '../machines/shared/lifecycle.ts';
import {
  lifecycleName,
  needsAttention,
  orderNumber,
  paymentStatus,
  providerName,
} from './search-attributes.ts';

export const TASK_QUEUE = 'holdfast-payments';

/** Workflow type per lifecycle: the Temporal UI's type column says what a payment is. */
const WORKFLOW_TYPES: Readonly<Record<string, string>> = {
  card: 'cardPayment',
  promise: 'promisedPayment',
  guarantee: 'guaranteedPayment',
  credit: 'creditPayment',
};

export const SWEEP_WORKFLOW = 'sweepPayments';
export const SWEEP_SCHEDULE = 'holdfast-sweep';

export const RECONCILE_WORKFLOW = 'reconcileIntegration';
export const RECONCILE_NIGHTLY_WORKFLOW = 'reconcileNightly';

/** Update: wait for the first outcome. Asked with the start, hence an Update and not a query. */
export const FIRST_OUTCOME = 'firstOutcome';

/** Signal: somebody says that something happened to the payment. */
export const NEWS = 'news';

/** Signal: the journal's last sequence. A run that lives and knows less looks into the journal. */
export const JOURNAL_AHEAD = 'journalAhead';

export type PaymentRunInput = {
  readonly paymentId: string;
  /** Given by the caller that has just journaled the request: spares the run a look. */
  readonly opening?: Frozen;
};

/** A command of a person, with the key that makes repeating it harmless. */
export type CommandMessage = CommandRequest & {
  readonly actor: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  /** Milliseconds since 1970. Later nobody waits for it and its caller was told so: it is refused. */
  readonly validUntil: number;
};

/** As staff type it into the Temporal UI or its CLI. */
export type CommandSignal = Omit<CommandRequest, 'verb'> & { readonly idempotencyKey?: string };

/** Which facts a request became and was answered by; null: not known to this run. */
export type Answer = {
  readonly requested: number;
  readonly answered: number | null;
};

/** `type` of the failures that a refused Update ends with. */
export const COMMAND_REFUSED = 'CommandRefused';
export const KEY_REUSED = 'IdempotencyKeyReused';
export const COMMAND_TOO_LATE = 'CommandTooLate';
export const PAYMENT_UNKNOWN = 'PaymentUnknown';
export const OTHER_FACT = 'OtherFact';

export type CommandRefusal = Refusal;

export type RunDescription = {
  readonly id: string;
  readonly lifecycle: string;
  readonly provider: string;
  /** The provider as people say it. */
  readonly providerLabel: string;
  readonly status: string;
  /** What the payment pays: an order, a quote or an invoice. */
  readonly source: { readonly kind: string; readonly number: string };
  readonly currency: string;
  readonly requestedMinor: number;
};

/** How a payment's run is started or found, by whoever needs it: the id is the lock. */
export function runOptions(payment: RunDescription, input: PaymentRunInput) {
  const pairs: SearchAttributePair[] = [
    { key: paymentStatus, value: payment.status },
    { key: lifecycleName, value: payment.lifecycle },
    { key: providerName, value: payment.provider },
    { key: orderNumber, value: payment.source.number },
    { key: needsAttention, value: payment.status === 'parked' },
  ];
  const { kind, number } = payment.source;
  const amount = formatMoney(payment.requestedMinor, payment.currency);
  return {
    workflowId: payment.id,
    taskQueue: TASK_QUEUE,
    args: [input] as [PaymentRunInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    typedSearchAttributes: new TypedSearchAttributes(pairs),
    staticSummary: `${amount} · ${kind} ${number} · ${payment.providerLabel}`,
  };
}

export function workflowTypeOf(lifecycle: string): string {
  const type = WORKFLOW_TYPES[lifecycle];
  if (type === undefined) throw new Error(`no workflow type for lifecycle ${lifecycle}`);
  return type;
}

/** How a process reaches Temporal, from its environment: plain locally, TLS and a key in the cloud. */
export type TemporalEnv = {
  readonly TEMPORAL_ADDRESS: string;
  readonly TEMPORAL_API_KEY?: string | undefined;
  readonly TEMPORAL_TLS: boolean;
};

export function connectionOptions(env: TemporalEnv) {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: apiKey, TEMPORAL_TLS: tls } = env;
  return { address, tls: tls || apiKey !== undefined, ...(apiKey === undefined ? {} : { apiKey }) };
}

/** Events for merchants have workers of their own: an endpoint that hangs takes no slot of money. */
const EVENTS_TASK_QUEUE = 'holdfast-events';

/** The queue for events that belongs to a queue for payments. */
export const eventsQueueOf = (taskQueue: string = TASK_QUEUE): string =>
  taskQueue === TASK_QUEUE ? EVENTS_TASK_QUEUE : `${taskQueue}-events`;

export const DELIVER_WORKFLOW = 'deliverEvents';
export const TEST_EVENT_WORKFLOW = 'sendTestEvent';

/** Signal: there is something to deliver. Those who send it have committed it before. */
export const EVENTS_ADDED = 'eventsAdded';

export type EventsAdded = {
  /** Look now, whatever the run waits for: that is over, or somebody asked for it. */
  readonly isUrgent: boolean;
};

/** One run delivers one payment's events to one endpoint: the id is the lock that keeps their order. */
export type DeliveryRunInput = {
  readonly endpointId: string;
  readonly paymentId: string;
  /** For those who read the run. The address itself may hold a secret. */
  readonly host: string;
};

export type TestEventInput = {
  readonly endpointId: string;
  readonly eventId: string;
  readonly host: string;
};

/** How a delivery run is started or found, by whoever has something for it. */
export function deliveryOptions(input: DeliveryRunInput, taskQueue?: string) {
  return {
    workflowId: `deliver-${input.endpointId}-${input.paymentId}`,
    taskQueue: eventsQueueOf(taskQueue),
    args: [input] as [DeliveryRunInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    staticSummary: `Tell ${input.host} of ${input.paymentId}`,
  };
}

/** What a comparison of books is asked for. */
export type ReconcileInput = {
  readonly integrationId: string;
  /** How far back; longer than the longest hold when left out, since captures have no list. */
  readonly windowMs?: number;
  /** What changed within this time is still moving, and is left for the next comparison. */
  readonly quietMs?: number;
};

/** Of the schedule and of the comparison itself: an integration has one under way at a time. */
export const reconcileIdOf = (integrationId: string): string => `reconcile-${integrationId}`;

/** How a comparison is started or found. */
export const reconcileOptions = (input: ReconcileInput) => ({
  workflowId: reconcileIdOf(input.integrationId),
  taskQueue: TASK_QUEUE,
  args: [input] as [ReconcileInput],
  workflowIdConflictPolicy: 'USE_EXISTING' as const,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
  staticSummary: `Compare the books of ${input.integrationId} with its provider’s`,
});

export const IDENTIFY_WORKFLOW = 'identifyAccount';

/** Credentials that are about to be saved, and what is known of the account in force. */
export type IdentifyInput = {
  readonly integration: {
    readonly id: string;
    readonly accountId: string;
    readonly provider: string;
    readonly mode: 'test' | 'live';
    readonly baseUrl: string;
    readonly settings: unknown;
  };
  /** Base64. Sealed, because Temporal keeps what a run is given. */
  readonly sealed: string;
  readonly formerAccount: string | null;
  /** One that the account in force has, to look for where no name tells; null when there is none. */
  readonly payment: { readonly providerRef: string; readonly currency: string } | null;
};

export type Identified =
  | {
      readonly kind: 'identified';
      /** By the provider's name; null where these credentials may not know it. */
      readonly account: string | null;
      /** Is it the account in force? Null: nothing tells. */
      readonly isSame: boolean | null;
    }
  /** The provider does not accept these credentials. */
  | { readonly kind: 'refused'; readonly reason: string };

/** How an account is asked for. What is not answered in time ends by itself and is asked anew. */
export const identifyOptions = (input: IdentifyInput, once: string, withinMs: number) => ({
  workflowId: `identify-${input.integration.id}-${once}`,
  taskQueue: TASK_QUEUE,
  args: [input] as [IdentifyInput],
  workflowExecutionTimeout: withinMs,
  staticSummary: `Ask whose account the new credentials of ${input.integration.id} are of`,
});
