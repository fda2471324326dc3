/** What a family of payments brings to a call to its provider, and what the call is handed. */
import type { Appended, Journal } from '../db/journal/journal.ts';
import type {
  IntegrationRepository,
  UnlockedIntegration,
} from '../db/repositories/integration.repository.ts';
import type { NotificationRepository } from '../db/repositories/notification.repository.ts';
import type { PaymentRepository, StoredPayment } from '../db/repositories/payment.repository.ts';
import type {
  Effect,
  Frozen,
  Lifecycle,
  LifecycleEvent,
  Refusal,
} from '../machines/shared/lifecycle.ts';
import type { RefusedRequest } from '../machines/shared/operation.ts';
import type { Call } from './providers/provider.ts';

export type ProviderCallDependencies = {
  readonly journal: Journal;
  readonly integrations: IntegrationRepository;
  readonly payments: Pick<PaymentRepository, 'stored'>;
  readonly notifications: Pick<NotificationRepository, 'settle'>;
  /** Ends with the attempt. */
  readonly signal: () => AbortSignal;
  readonly now: () => number;
};

/** The question of every family: about an operation, or about the payment as a whole. */
export type Question = Effect & {
  readonly about: { readonly type: string };
  readonly lookOnly: boolean;
  readonly news: { readonly notificationId: string | null; readonly verified: boolean } | null;
};

export const questionIn = (effect: Effect): Question | null =>
  effect.type === 'inquire' ? (effect as Question) : null;

/** What differs between families. `lifecycle`: of the version that the payment is of. */
export type Family<State, Event extends LifecycleEvent, Work extends Effect, Provider> = {
  readonly lifecycle: Pick<
    Lifecycle<never, State, Event, Work>,
    'applyEvent' | 'thaw' | 'withoutAnswer'
  >;
  readonly providerOf: (integration: UnlockedIntegration) => Provider;
  /** Within this time of its first attempt, sending an operation again cannot act twice; 0 where the
   *  provider knows no key. */
  readonly replayWithinMs: (provider: Provider) => number;
  /** The fact that the operation of `effect` was refused. */
  readonly refused: (effect: Work, at: number, request: RefusedRequest) => Event;
  /** The fact that a whole picture does not fit our books. */
  readonly contradicted: (at: number, reason: string) => Event;
  /** Where terms are computed from the journal alone: why they cannot be, before anything is written. */
  readonly objection?: {
    readonly mayObject: (effect: Work) => boolean;
    readonly to: (effect: Work, on: Objectionable) => Refusal | null;
  };
};

export type Asked<State, Provider> = {
  readonly provider: Provider;
  readonly integration: UnlockedIntegration;
  readonly call: Call;
  readonly journaled: Appended;
  /** The state that the answer has to fit, as it is stored and as its chart reads it. */
  readonly frozen: Frozen;
  readonly state: State;
};

/** What a family may look at: the payment as it will be, and what it was asked with. */
export type Objectionable = {
  readonly integration: UnlockedIntegration;
  readonly payment: StoredPayment;
  readonly frozen: Frozen;
};
