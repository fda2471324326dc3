/** `npm run record:histories`: adds what the corpus does not have of today's behaviours. */
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { step } from '../../../api/cli/progress.mjs';
import type { Fact } from '../../../machines/shared/fact.ts';
import type { Frozen } from '../../../machines/shared/lifecycle.ts';
import { given } from '../../bench/env.ts';
import { startServers } from '../../support/servers.ts';
import { type Behaviour, BEHAVIOURS } from '../behaviours.ts';
import { run } from '../crashes/run.ts';
import type { Stage } from '../stage.ts';
import { type Cleanup, runCommand } from '../command.ts';
import { misused, readOptions } from '../options.ts';
import { isRecorded, type Recorded, writeHistory, writePayment } from './corpus.ts';
import { versionOf } from './versions.ts';

const USAGE = `Usage: npm run record:histories -- [options]

Runs every behaviour once on a Postgres and a Temporal of its own, and keeps the history of each run
and the facts of the payment in test/replay/. What is there already is never written again: a
behaviour is recorded once for each version of its lifecycle.

  --only <name>   only the behaviours whose names contain this
  --json          print the names of the files as JSON (progress goes to standard error)
  --help          this

Exits with 0 when all is recorded, 2 when something could not be.`;

const values = readOptions(USAGE, {
  only: { type: 'string', default: '' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
});

const screen = values.json ? process.stderr : process.stdout;

/** Who recorded it, and where a task was retried, says nothing about the behaviour. */
const anonymous = (json: string): string =>
  json
    .replace(/("identity": ?)"[^"]*"/g, '$1"recorded"')
    .replace(/("stackTrace": ?)"[^"]*"/g, '$1""');

async function runsOf({ holdfast }: Stage, id: string): Promise<readonly WorkflowHandle[]> {
  const { workflow } = holdfast.temporal;
  const runs: { runId: string; startTime: Date }[] = [];
  for await (const each of workflow.list({ query: `WorkflowId = '${id}'` })) runs.push(each);
  runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  if (runs.length === 0) throw new Error(`Temporal lists no run of ${id}`);
  return runs.map(({ runId }) => workflow.getHandle(id, runId));
}

/** The journal keeps the present state alone; the first run was started with the first one. */
async function openingOf(first: WorkflowHandle): Promise<Frozen> {
  const { events } = await first.fetchHistory();
  const started = events?.[0]?.workflowExecutionStartedEventAttributes;
  const data = started?.input?.payloads?.[0]?.data ?? new Uint8Array();
  const { opening } = JSON.parse(Buffer.from(data).toString('utf8')) as { opening?: Frozen };
  if (opening === undefined) throw new Error('the first run was not started by checkout');
  return opening;
}

async function postingsOf(stage: Stage, id: string): Promise<Recorded['end']['postings']> {
  const { rows } = await stage.holdfast.pool.query<{
    postings: Recorded['end']['postings'][number];
  }>('select postings from facts where payment_id = $1 and sequence > 1 order by sequence', [id]);
  return rows.map(({ postings }) => postings);
}

async function keep(behaviour: Behaviour, stage: Stage, id: string): Promise<readonly string[]> {
  const runs = await runsOf(stage, id);
  const opening = await openingOf(runs[0]!);
  const { lifecycle, version } = opening;
  const names: string[] = [];
  for (const [index, handle] of runs.entries()) {
    const json = anonymous(historyToJSON(await handle.fetchHistory()));
    names.push(writeHistory(behaviour.name, index + 1, version, json));
  }
  const journaled = await stage.holdfast.deps.payments.facts(id);
  const facts: Fact[] = journaled.slice(1).map(({ event, actor }) => ({ event, actor }));
  const { status, amounts } = await stage.holdfast.get(id);
  const end = { status, amounts, postings: await postingsOf(stage, id) };
  names.push(writePayment(behaviour.name, { lifecycle, version, opening, facts, end }));
  return names;
}

async function record(cleanup: Cleanup): Promise<readonly string[]> {
  const chosen = BEHAVIOURS.filter(({ name }) => name.includes(values.only));
  if (chosen.length === 0) misused(`No behaviour's name contains '${values.only}'.`, USAGE);
  const missing = chosen.filter(({ name, family }) => !isRecorded(name, versionOf(family)));
  if (missing.length === 0) {
    screen.write('Every behaviour is recorded for its present version.\n');
    return [];
  }
  const servers = await startServers(screen);
  const files: string[] = [];
  cleanup(() => servers.stop());
  for (const behaviour of missing) {
    await step(
      behaviour.name,
      async (report) => {
        await run(servers, behaviour, null, given, async (stage, id) => {
          const kept = await keep(behaviour, stage, id);
          files.push(...kept);
          report.doing(kept.join(', '));
        });
      },
      screen,
    );
  }
  return files;
}

await runCommand(async (cleanup) => {
  const files = await record(cleanup);
  if (values.json) process.stdout.write(`${JSON.stringify({ files })}\n`);
  return 0;
});
