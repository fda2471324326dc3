/**
 * The commands of docs/runbook.md, run as they stand there: on a stack that they themselves set up,
 * from an empty database and a namespace without search attributes. See CONTRIBUTING.md for how a
 * block says what it needs.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createHoldfast, type Holdfast, SECRET_KEY } from '../support/holdfast.ts';
import { createNamespace, shell, withTemporalCli } from '../support/namespace.ts';
import { type Block, blocksOf, functionsIn, onToday } from '../support/runbook/blocks.ts';
import { type Running, startCommand } from '../support/runbook/processes.ts';
import { createScenes, type Scenes } from '../support/runbook/scenes.ts';
import { onServer } from '../support/template-database.ts';

/** Its examples are of this day, which its first lines say. */
const WRITTEN_ON = '2026-12-01';
/** The worker builds its workflows first, which takes a busy machine a while. */
const SOON = { timeout: 150_000, interval: 100 };

const RUN = ['sh', 'sql'];
/** Shown, and nothing that anybody runs. */
const SHOWN = ['text', 'json', 'mermaid'];
const SETTING_UP = ['empty-database', 'process', 'bare-namespace'];

/** Problems fail a command, as they would stop a person. */
const PRELUDE = `curl() { command curl --fail-with-body "$@"; }
command -v uuidgen > /dev/null || uuidgen() { cat /proc/sys/kernel/random/uuid; }`;

const page = readFileSync('docs/runbook.md', 'utf8');
const blocks = blocksOf(page);
const runnable = blocks.filter(({ language, notRun }) => RUN.includes(language) && notRun === null);
const [settingUp, others] = [true, false].map((first) =>
  runnable.filter(({ scene }) => SETTING_UP.includes(scene) === first),
) as [Block[], Block[]];

const name = `runbook_${randomBytes(8).toString('hex')}`;
const address = inject('temporalAddress');
const processes: Running[] = [];
let env: NodeJS.ProcessEnv;
let holdfast: Holdfast;
let scenes: Scenes;
let stopScenes = async (): Promise<unknown> => undefined;

/** Runs one of those that set up; a process is started and not waited for. */
async function setUp({ text, scene }: Block): Promise<void> {
  if (scene === 'process') processes.push(startCommand(text.replace(/\s+#.*$/m, '').trim(), env));
  else await shell(`${PRELUDE}\n${text}`, env);
}

beforeAll(async () => {
  await onServer(inject('databaseUrl'), `create database ${name}`);
  env = await withTemporalCli({
    DATABASE_URL: Object.assign(new URL(inject('databaseUrl')), { pathname: `/${name}` }).href,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: await createNamespace(address),
    HOLDFAST_SECRET_KEY: SECRET_KEY,
    PORT: '0',
    LOG_LEVEL: 'warn',
  });
  for (const block of settingUp) await setUp(block);
  await vi.waitFor(() => {
    const waiting = processes.filter((each) => each.ready() === null);
    expect(waiting.map((each) => each.said())).toEqual([]);
  }, SOON);
  holdfast = await createHoldfast({
    databaseUrl: String(env['DATABASE_URL']),
    namespace: String(env['TEMPORAL_NAMESPACE']),
    taskQueue: 'holdfast-payments',
    workerless: true,
  });
  const { url } = JSON.parse(processes.at(-1)?.ready() ?? '{}') as { url: string };
  const { sales: SALES, operator: OPERATOR, admin: ADMIN } = holdfast.keys;
  env = { ...env, API: url, SALES, OPERATOR, ADMIN };
  scenes = await createScenes(holdfast, (stop) => {
    stopScenes = stop;
  });
}, 240_000);
afterAll(async () => {
  for (const each of processes) await each.stop();
  await holdfast.close();
  await stopScenes();
  await onServer(inject('databaseUrl'), `drop database ${name} with (force)`);
});

describe('the runbook', () => {
  it('says of each block whether it is run, and why where it is not', () => {
    const unclassified = blocks.filter(({ language }) => ![...RUN, ...SHOWN].includes(language));
    expect(unclassified.map(({ line, language }) => `${line}: ${language}`)).toEqual([]);
    expect(settingUp.map(({ scene }) => scene)).toEqual([
      'empty-database',
      'process',
      'process',
      'bare-namespace',
    ]);
    const unknown = others.filter(({ scene }) => !(scene in scenes));
    expect(unknown.map(({ line, scene }) => `${line}: ${scene}`)).toEqual([]);
    expect(page).toContain('Dates are as on 1 December 2026.');
  });

  it('brings up what can do its work', async () => {
    const ready = await fetch(`${env['API']}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([200, { searchAttributes: true }]);
  });

  it.each(others.map((block) => ({ ...block, what: block.text.split('\n')[0] })))(
    'runs line $line: $what',
    async (block) => {
      const stage = await scenes[block.scene]!();
      const words = { 'pay_…': stage.env['ID'] ?? 'pay_…', ...stage.words };
      const text = Object.entries(words).reduce(
        (rest, [word, stands]) => rest.replaceAll(word, stands),
        onToday(block.text, WRITTEN_ON),
      );
      if (block.language === 'sql') await holdfast.pool.query(text);
      else {
        const known = blocks.filter(({ line }) => line < block.line).map((each) => each.text);
        const script = [PRELUDE, ...known.flatMap(functionsIn), text].join('\n');
        await shell(script, { ...env, ...stage.env });
      }
      await stage.afterwards?.();
    },
  );
});
