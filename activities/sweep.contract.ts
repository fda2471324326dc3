export type SweepActivities = {
  /** @returns how many runs were started or found running. */
  wakeOverduePayments(): Promise<{ woken: number }>;
};
