/** What a command was asked for, before it starts anything. */
import { parseArgs, type ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Ends the process with 2 and says why, and what would be right. */
export function misused(reason: string, usage: string): never {
  process.stderr.write(`${reason}\n\n${usage}\n`);
  process.exit(2);
}

/** What `options` say of the command line. `--help` prints `usage` and ends the process with 0; what
 *  is not among them ends it with 2. */
export function readOptions<const T extends Options>(usage: string, options: T) {
  try {
    const { values } = parseArgs({ options });
    if ((values as { help?: boolean }).help !== true) return values;
  } catch (error) {
    misused(error instanceof Error ? error.message : String(error), usage);
  }
  process.stdout.write(`${usage}\n`);
  process.exit(0);
}

export type Bounds = { readonly min: number; readonly max: number };

/** A whole number within `bounds`; anything else ends the process with 2. */
export function wholeNumber(
  usage: string,
  name: string,
  text: string,
  { min, max }: Bounds,
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  return misused(`--${name} has to be a whole number from ${min} to ${max}, not '${text}'.`, usage);
}
