export type NewsActivities = {
  /** Brings news that is due to its payments. */
  deliverDueNews(): Promise<{ delivered: number; failed: number }>;
};
