export type Slice = {
  readonly integrationId: string;
  /** Milliseconds since 1970; `to` itself is not in it. */
  readonly from: number;
  readonly to: number;
  /** What changed within this time is still moving, and is left for the next comparison. */
  readonly quietMs: number;
};

export type Compared = {
  /** Payments that the provider listed. */
  readonly listed: number;
  /** Differences that were found, also those that were known. */
  readonly different: number;
  /** Left for the next comparison: an operation is in flight, or it has just changed. */
  readonly moving: number;
  /** The provider gave no readable answer about them; nothing is said of them. */
  readonly unread: number;
};

export type Reviewed = {
  readonly resolved: number;
  readonly unread: number;
};

/** Payments that were told to look; null where the provider has a list to compare with. */
export type AskedAll = { readonly asked: number | null };

export type ReconciliationActivities = {
  /** A provider that has no list of its books is asked about each payment that holds something there.
   *  What it shows moves the payment; what it shows again leaves no fact. */
  askAboutEach(input: { readonly integrationId: string }): Promise<AskedAll>;
  /**
   * Compares what the provider lists for a part of the window with our payments, and keeps each
   * difference as a finding. Repeating it finds the same.
   */
  compareBooks(slice: Slice): Promise<Compared>;
  /** Looks again at findings that are open and were not seen since, and closes what is over. */
  reviewFindings(input: {
    readonly integrationId: string;
    readonly since: number;
    readonly quietMs: number;
  }): Promise<Reviewed>;
  /** Makes sure that each integration is compared every night. */
  scheduleReconciliations(): Promise<{ readonly scheduled: number; readonly failed: number }>;
};
