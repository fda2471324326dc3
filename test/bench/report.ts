/** One run of the bench as a page of Markdown. */
import { cpus, totalmem } from 'node:os';
import type { Latencies } from './load.ts';
import type { Holds } from './holds.ts';
import { type Memory, rateOf, ratio, type Ratio, type Shape, type Throughput } from './measure.ts';
import { median } from './load.ts';

export type Run = {
  readonly at: string;
  readonly commit: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly quick: boolean;
  readonly firstAnswers: Readonly<Record<string, Latencies>>;
  readonly throughputs: readonly Throughput[];
  readonly shapes: Readonly<Record<string, Shape>>;
  readonly memory: Memory;
  readonly holds: Holds;
  readonly wake: { readonly warm: Latencies; readonly cold: number };
};

export type Target = {
  readonly name: string;
  readonly wanted: string;
  readonly found: string;
  readonly isMet: boolean;
};

const ms = (value: number): string => `${value.toFixed(1)} ms`;
const total = (used: Readonly<Record<string, number>>): number =>
  Object.values(used).reduce((sum, each) => sum + each, 0);
const spread = ({ median: mid, min, max }: Ratio): string =>
  `${mid.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`;

export function targetsOf(run: Run): readonly Target[] {
  const { A, D } = run.firstAnswers;
  const busiest =
    run.throughputs.find(({ concurrency }) => concurrency === 8) ?? run.throughputs[0];
  const shape = run.shapes['D'];
  if (A === undefined || D === undefined || busiest === undefined || shape === undefined) return [];
  const speed = ratio(busiest, 'D', 'C', ({ perSecond }) => perSecond);
  const cpu = ratio(busiest, 'D', 'C', ({ cpuMs }) => total(cpuMs));
  const rate = rateOf(run.throughputs, 8, 'D');
  const target = (name: string, wanted: string, found: string, isMet: boolean): Target => ({
    name,
    wanted,
    found,
    isMet,
  });
  return [
    target('throughput, D over C', '≥ 0.90', spread(speed), speed.median >= 0.9),
    target('processor time, D over C', '≤ 1.25', spread(cpu), cpu.median <= 1.25),
    target('first answer added to A, p50', '≤ 35 ms', ms(D.p50 - A.p50), D.p50 - A.p50 <= 35),
    target('first answer added to A, p99', '≤ 120 ms', ms(D.p99 - A.p99), D.p99 - A.p99 <= 120),
    target(
      'billable actions of authorize and capture',
      '≤ 8',
      shape.actions.toFixed(1),
      shape.actions <= 8,
    ),
    target('history events', '≤ 30', shape.events.toFixed(1), shape.events <= 30),
    target('own rows', '≤ 10', shape.rows.toFixed(1), shape.rows <= 10),
    target('own bytes', '≤ 8192', shape.bytes.toFixed(0), shape.bytes <= 8192),
    target('payments a second, 8 at once', '≥ 35', rate.toFixed(1), rate >= 35),
  ];
}

const latencyRow = (name: string, { p50, p99, max }: Latencies): string =>
  `| ${name} | ${ms(p50)} | ${ms(p99)} | ${ms(max)} |`;

export function markdown(run: Run): string {
  const lines = [
    `Measured ${run.at} at ${run.commit} on ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ` +
      `${Math.round(totalmem() / 2 ** 30)} GiB; everything on one machine, the load generator and the ` +
      `simulator too. ${Object.entries(run.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}.${run.quick ? ' A quick run: small blocks, wide spreads.' : ''}`,
    '',
    '### Targets',
    '',
    '| What | Wanted | Found | |',
    '| --- | --- | --- | --- |',
    ...targetsOf(run).map(
      ({ name, wanted, found, isMet }) =>
        `| ${name} | ${wanted} | ${found} | ${isMet ? 'met' : '**missed**'} |`,
    ),
    '',
    '### First answer, 5 a second, from the intended start',
    '',
    '| Variant | p50 | p99 | longest |',
    '| --- | ---: | ---: | ---: |',
    ...Object.entries(run.firstAnswers).map(([letter, found]) => latencyRow(letter, found)),
    '',
    '### Payments a second (authorize and capture), closed loop',
    '',
    '| At once | Variant | Median | Lowest | Highest | CPU-ms a payment |',
    '| ---: | --- | ---: | ---: | ---: | --- |',
    ...run.throughputs.flatMap(({ concurrency, blocks }) =>
      Object.entries(blocks)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([letter, found]) => {
          const speeds = found.map(({ perSecond }) => perSecond);
          const names = Object.keys(found[0]?.cpuMs ?? {});
          const cpu = names.map(
            (name) => `${name} ${median(found.map((block) => block.cpuMs[name] ?? 0)).toFixed(1)}`,
          );
          return (
            `| ${concurrency} | ${letter} | ${median(speeds).toFixed(1)} | ${Math.min(...speeds).toFixed(1)} | ` +
            `${Math.max(...speeds).toFixed(1)} | ${cpu.join(', ') || '–'} |`
          );
        }),
    ),
    '',
    '### What one payment leaves behind',
    '',
    '| Variant | Billable actions | History events | History bytes | Own rows | Own bytes |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...Object.entries(run.shapes).map(
      ([letter, shape]) =>
        `| ${letter} | ${shape.actions.toFixed(1)} | ${shape.events.toFixed(1)} | ${shape.historyBytes.toFixed(0)} | ` +
        `${shape.rows.toFixed(1)} | ${Number.isFinite(shape.bytes) ? shape.bytes.toFixed(0) : '–'} |`,
    ),
    '',
    `### Memory of ${run.memory.payments} more payments, MiB`,
    '',
    '| Process | waiting on their hold | captured |',
    '| --- | ---: | ---: |',
    ...Object.entries(run.memory.waiting).map(
      ([name, mib]) =>
        `| ${name} | ${mib.toFixed(1)} | ${(run.memory.atRest[name] ?? 0).toFixed(1)} |`,
    ),
    '',
    `### ${run.holds.payments} holds that end within a minute, while ${run.holds.perSecond.toFixed(1)} other payments a second go on`,
    '',
    '| | p50 | p99 | longest |',
    '| --- | ---: | ---: | ---: |',
    latencyRow('First answer, no hold ends', run.holds.calm),
    latencyRow('First answer, in that minute', run.holds.during),
    latencyRow('From the end of a hold until its run is awake', run.holds.woken),
    latencyRow('Until the provider was asked and the end is journaled', run.holds.settled),
    '',
    `Starts and captures in that minute that had no outcome in ten seconds (202, or 503 to ask again): ${run.holds.withoutOutcome}.`,
    '',
    '### Capture after the worker was started anew',
    '',
    `The first one: ${ms(run.wake.cold)}. With a warm worker: p50 ${ms(run.wake.warm.p50)}, p99 ${ms(run.wake.warm.p99)}.`,
    '',
  ];
  return lines.join('\n');
}
