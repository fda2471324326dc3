export type SweepActivities = {
  /** @returns how many runs were started or found running, and how many could not be. */
  wakeOverduePayments(): Promise<{ woken: number; failed: number }>;
  /** The same for events on their way to merchants. */
  wakeOverdueDeliveries(): Promise<{ woken: number; failed: number }>;
};
