import { z } from 'zod';

/** Longer than any hold, order, review or doubt lasts, and far below what timers and clocks count in:
 *  what is longer is a slip of the keyboard. */
export const YEAR_MS = 366 * 86_400_000;

/** Of what is waited for; in milliseconds. */
export const duration = z.int().positive().max(YEAR_MS);
