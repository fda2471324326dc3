/**
 * The recorded payments: `<behaviour>.<run>@<version>.json` is a run's history as Temporal's server
 * kept it, `<behaviour>@<version>.facts.json` is what the journal had of the payment. The version is
 * the lifecycle's. They are kept for good; a new version adds its own.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Fact } from '../../../machines/shared/fact.ts';

const DIR = new URL('../../replay/', import.meta.url);
const FACTS = '.facts.json';

const fact = z.object({
  event: z.looseObject({ type: z.string(), at: z.number() }),
  actor: z.string(),
});
const recorded = z.object({
  lifecycle: z.string(),
  version: z.int(),
  /** The state that the first fact, `payment.requested`, left. */
  opening: z.object({
    lifecycle: z.string(),
    version: z.int(),
    status: z.string(),
    context: z.unknown(),
  }),
  /** From the second one on. */
  facts: z.array(fact),
  end: z.object({
    status: z.string(),
    amounts: z.record(z.string(), z.union([z.string(), z.number()])),
    /** Of each of these facts. */
    postings: z.array(
      z.array(z.object({ account: z.string(), currency: z.string(), amountMinor: z.int() })),
    ),
  }),
});

export type Recorded = Omit<z.infer<typeof recorded>, 'facts'> & { readonly facts: Fact[] };

const files = (): readonly string[] => readdirSync(DIR).toSorted();

export const histories = (): readonly string[] =>
  files().filter((name) => name.endsWith('.json') && !name.endsWith(FACTS));

export const payments = (): readonly string[] => files().filter((name) => name.endsWith(FACTS));

export const readHistory = (name: string): string => readFileSync(new URL(name, DIR), 'utf8');

export const readPayment = (name: string): Recorded =>
  recorded.parse(JSON.parse(readFileSync(new URL(name, DIR), 'utf8')));

export const isRecorded = (behaviour: string, version: number): boolean =>
  existsSync(new URL(`${behaviour}.1@${version}.json`, DIR));

/** @returns the name of the file */
export function writeHistory(
  behaviour: string,
  run: number,
  version: number,
  json: string,
): string {
  const name = `${behaviour}.${run}@${version}.json`;
  writeFileSync(new URL(name, DIR), `${json}\n`);
  return name;
}

/** @returns the name of the file */
export function writePayment(behaviour: string, payment: Recorded): string {
  const name = `${behaviour}@${payment.version}${FACTS}`;
  writeFileSync(new URL(name, DIR), `${JSON.stringify(payment, null, 2)}\n`);
  return name;
}
