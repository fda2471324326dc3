/** `npm run check:crashes`: every behaviour, cut everywhere, ends as if nothing had happened. */
import pLimit from 'p-limit';
import { seconds, step } from '../../../api/cli/progress.mjs';
import { given } from '../../bench/env.ts';
import { startServers, type Servers } from '../../support/servers.ts';
import { type Behaviour, BEHAVIOURS } from '../behaviours.ts';
import { runCommand } from '../command.ts';
import { FAMILIES } from '../families.ts';
import { misused, readOptions, wholeNumber } from '../options.ts';
import { differences } from './compare.ts';
import { type Cut, nameOf, POINTS } from './cut.ts';
import { type Ran, run } from './run.ts';

const USAGE = `Usage: npm run check:crashes -- [options]

Runs every behaviour of every family, and again for each place where its worker may die, with a
fresh worker that goes on. What is left must be the same: state, amounts, facts, ledger, what the
merchant was told, and what the provider did.

  --family <name>   only this one: ${FAMILIES.join(', ')}
  --only <name>     only the behaviours whose names contain this
  --quick           one behaviour a family, cut at its first calls: two minutes
  --parallel <n>    payments at once (20): most of the time they only wait
  --json            print the result as JSON (progress goes to standard error)
  --help            this

Exits with 1 when a cut made a difference, 2 when it could not be checked.`;

const values = readOptions(USAGE, {
  family: { type: 'string' },
  only: { type: 'string', default: '' },
  quick: { type: 'boolean', default: false },
  parallel: { type: 'string', default: '20' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
});

const parallel = wholeNumber(USAGE, 'parallel', values.parallel, { min: 1, max: 100 });

const screen = values.json ? process.stderr : process.stdout;

type Verdict = {
  readonly behaviour: string;
  readonly calls: number;
  readonly requests: number;
  readonly tasks: number;
  readonly cuts: number;
  /** Cuts after which a person had to ask again for what was never done. */
  readonly askedAgain: number;
  readonly differences: readonly string[];
};

/** Everywhere that the uncut run came by. */
function cutsOf({ passed, steps }: Ran): readonly Cut[] {
  const numbers = (count: number): number[] => Array.from({ length: count }, (_each, i) => i + 1);
  const points = POINTS.flatMap((at) =>
    numbers(values.quick && passed[at] > 1 ? 1 : passed[at]).map((nth): Cut => ({ at, nth })),
  );
  const between = numbers(values.quick ? 1 : steps).map((nth): Cut => ({
    at: 'between-steps',
    nth,
  }));
  return [{ at: 'every-task' }, ...between, ...points];
}

type Tried = { readonly differing: readonly string[]; readonly isAgain: boolean };

/** How often news comes before an answer, and so how often facts are journaled apart, differs from run
 *  to run: a cut that was not come by is tried anew. */
const TRIES = 4;

async function tryCut(
  servers: Servers,
  behaviour: Behaviour,
  uncut: Ran,
  cut: Cut,
): Promise<Tried> {
  const where = `${behaviour.name}, ${nameOf(cut)}`;
  try {
    for (let tries = 1; ; tries += 1) {
      const ran = await run(servers, behaviour, cut, given);
      const isAgain = ran.left.askedAgain.length > 0;
      const shouldDie = cut.at !== 'every-task';
      const found = differences(uncut.left, ran.left).map((each) => `${where}: ${each}`);
      if (ran.isCut === shouldDie || found.length > 0) return { differing: found, isAgain };
      if (!shouldDie || tries === TRIES) {
        return { differing: [`${where}: the worker ${died(ran.isCut)}`], isAgain };
      }
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { differing: [`${where}: ${why}`], isAgain: false };
  }
}

const died = (did: boolean): string =>
  did ? 'died where none was to die' : 'never came there, so nothing was proven';

function chosenBehaviours(): readonly Behaviour[] {
  const families = new Set<string>();
  const chosen = BEHAVIOURS.filter(({ family, name }) => {
    const isChosen =
      (values.family === undefined || values.family === family) && name.includes(values.only);
    if (!isChosen || (values.quick && families.has(family))) return false;
    families.add(family);
    return true;
  });
  if (chosen.length > 0) return chosen;
  const names = BEHAVIOURS.map(({ family, name }) => `  ${family.padEnd(11)}${name}`).join('\n');
  return misused(`There is no such behaviour. There are:\n${names}`, USAGE);
}

async function check(servers: Servers, chosen: readonly Behaviour[]): Promise<readonly Verdict[]> {
  const limit = pLimit(parallel);
  const uncut = await step(
    'Uncut runs',
    () => limit.map(chosen, async (behaviour) => run(servers, behaviour, null, given)),
    screen,
  );
  const plan = chosen.flatMap((behaviour, i) => {
    const ran = uncut[i]!;
    return cutsOf(ran).map((cut) => ({ behaviour, ran, cut }));
  });
  let done = 0;
  let different = 0;
  const found = await step(
    'Cuts',
    (report) =>
      limit.map(plan, async ({ behaviour, ran, cut }) => {
        const { differing, isAgain } = await tryCut(servers, behaviour, ran, cut);
        done += 1;
        different += differing.length;
        for (const line of differing) report.note(line);
        report.doing(`${done} of ${plan.length}, ${different} differences`);
        return { behaviour, differing, isAgain };
      }),
    screen,
  );
  return chosen.map((behaviour, i) => {
    const { passed, tasks } = uncut[i]!;
    const own = found.filter((each) => each.behaviour === behaviour);
    return {
      behaviour: behaviour.name,
      calls: passed['after-answer'],
      requests: passed['after-send'],
      tasks,
      // Each of its workflow tasks was the first that a worker saw, in the run without a memory.
      cuts: own.length - 1 + tasks,
      askedAgain: own.filter(({ isAgain }) => isAgain).length,
      differences: own.flatMap(({ differing }) => differing),
    };
  });
}

function table(verdicts: readonly Verdict[], took: string): string {
  const lines = verdicts.map(
    (each) =>
      `${each.behaviour.padEnd(34)}${String(each.calls).padStart(6)}${String(each.requests).padStart(10)}` +
      `${String(each.tasks).padStart(7)}${String(each.cuts).padStart(6)}${String(each.askedAgain).padStart(13)}` +
      String(each.differences.length).padStart(13),
  );
  const sum = (of: (each: Verdict) => number): number =>
    verdicts.reduce((total, each) => total + of(each), 0);
  return [
    `${'behaviour'.padEnd(34)} calls  requests  tasks  cuts  asked again  differences`,
    ...lines,
    '',
    ...verdicts.flatMap((each) => each.differences),
    `${verdicts.length} behaviours, ${sum((each) => each.cuts)} cut points, ` +
      `${sum((each) => each.differences.length)} differences, in ${took}`,
    '',
  ].join('\n');
}

await runCommand(async (cleanup) => {
  const chosen = chosenBehaviours();
  const startedMs = performance.now();
  const servers = await startServers(screen);
  cleanup(() => servers.stop());
  const verdicts = await check(servers, chosen);
  const took = seconds(startedMs);
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ behaviours: verdicts, took })}\n`
      : `\n${table(verdicts, took)}`,
  );
  return verdicts.every((each) => each.differences.length === 0) ? 0 : 1;
});
