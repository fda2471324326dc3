/**
 * Documentation names files and commands, and both move. Every relative link, every backticked
 * repository path and every `npm run x` in README.md, CONTRIBUTING.md and docs/ must exist.
 * Run: node --import tsx docs/check-references.ts
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '..');
const FOLDERS = ['machines', 'workflows', 'activities', 'api', 'db', 'test', 'docs'];
const EXTENSIONS = /\.(ts|mts|mjs|cjs|js|json|md|mmd|sql|yml|yaml|toml|sh|css|html|svg)$/;
/** `<family>`, `*`, `{a,b}`, `…`, `NNNN`: a pattern for the reader, not the name of one file. */
const PATTERN = /[<>*{}[\]$…|]|NNNN/;

type Reference = { readonly line: number; readonly what: string; readonly exists: boolean };

function markdownFiles(): string[] {
  const inDocs = readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => path.join('docs', file))
    .toSorted();
  return [
    ...['README.md', 'CONTRIBUTING.md'].filter((f) => existsSync(path.join(ROOT, f))),
    ...inDocs,
  ];
}

function scriptNames(): ReadonlySet<string> {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    scripts?: Record<string, string>;
  };
  return new Set(Object.keys(manifest.scripts ?? {}));
}

/** True when `target` lies in the repository, seen from `folder` or, unless it is a link, its root. */
function found(target: string, folder: string, isLink: boolean): boolean {
  const bare = decodeURI(target.replace(/[#?].*$/, '').replace(/:\d+(-\d+)?$/, ''));
  if (bare === '') return true;
  const bases = isLink ? [folder] : [ROOT, folder];
  return bases.some((base) => existsSync(path.resolve(base, bare)));
}

function isRepositoryPath(word: string): boolean {
  if (PATTERN.test(word) || /^[/~@]|:\/\/|^node_modules\//.test(word)) return false;
  const bare = word.replace(/[#:].*$/, '');
  if (!bare.includes('/')) return false;
  return FOLDERS.includes(bare.split('/')[0] ?? '') || EXTENSIONS.test(bare);
}

function referencesIn(text: string, folder: string, scripts: ReadonlySet<string>): Reference[] {
  let fenced = false;
  return text.split('\n').flatMap((source, index) => {
    const line = index + 1;
    if (/^\s*(```|~~~)/.test(source)) {
      fenced = !fenced;
      return [];
    }
    const commands = [...source.matchAll(/npm run (?:-s |--silent )?([\w:-]+)/g)].map(
      ([what, name = '']) => ({ line, what, exists: scripts.has(name) }),
    );
    if (fenced) return commands;

    const words = [...source.matchAll(/`([^`]+)`/g)]
      .flatMap(([, code = '']) => code.split(/[\s,;()'"]+/))
      .filter(isRepositoryPath)
      .map((what) => ({ line, what, exists: found(what, folder, false) }));
    const links = [
      ...source.replace(/`[^`]*`/g, '').matchAll(/\]\(\s*<?([^)\s>]+)|^\[[^\]]+\]:\s+(\S+)/g),
    ]
      .map(([, inline, reference]) => inline ?? reference ?? '')
      .filter((target) => !/^([a-z][a-z+.-]*:|#|\/\/)/i.test(target))
      .map((what) => ({ line, what, exists: found(what, folder, true) }));
    return [...commands, ...words, ...links];
  });
}

const scripts = scriptNames();
const files = markdownFiles();
const misses = files.flatMap((file) =>
  referencesIn(
    readFileSync(path.join(ROOT, file), 'utf8'),
    path.dirname(path.join(ROOT, file)),
    scripts,
  )
    .filter(({ exists }) => !exists)
    .map(({ line, what }) => `${file}:${line}: ${what} does not exist`),
);
for (const miss of misses) console.error(miss);
console.log(`${files.length} Markdown files read, ${misses.length} references miss.`);
process.exitCode = misses.length === 0 ? 0 : 1;
