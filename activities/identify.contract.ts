import type { Identified, IdentifyInput } from '../workflows/contracts.ts';

export type IdentifyActivities = {
  /** Asks the provider whose account credentials are of that are to be saved.
   *  @throws Error while the provider gives no answer that can be read */
  identifyAccount(input: IdentifyInput): Promise<Identified>;
};
