export type NextDelivery = {
  readonly eventId: string;
  readonly type: string;
  readonly sequence: number;
};

export type OutgoingActivities = {
  /** The first event of this payment that this endpoint has not got yet. */
  nextDelivery(endpointId: string, paymentId: string): Promise<NextDelivery | null>;
  /** One attempt. @throws ApplicationFailure that says when to try again. */
  deliverEvent(endpointId: string, eventId: string): Promise<'delivered' | 'failed' | 'skipped'>;
  giveUpDelivery(endpointId: string, eventId: string): Promise<void>;
  sendTestEvent(endpointId: string, eventId: string): Promise<void>;
};
