/** The commands of a Markdown page: its fenced blocks, and what their info strings say of them. */
export type Block = {
  /** Where its first line stands. */
  readonly line: number;
  readonly language: string;
  /** What has to be there before it is run; `any` when the block does not say. */
  readonly scene: string;
  /** Why it cannot be run here; null: it is run. */
  readonly notRun: string | null;
  readonly text: string;
};

const BLOCK = /^([ \t]*)```(\S*)[ \t]*(.*)\n([\s\S]*?)^\1```$/gm;
/** Any that Markdown knows, so that none is overlooked. */
const FENCE = /^\s*(?:>\s*)?(?:`{3,}|~{3,})/gm;

/** @throws Error that names the line of an info string which says nothing that is known. */
export function blocksOf(markdown: string): Block[] {
  const blocks = [...markdown.matchAll(BLOCK)].map((match) => {
    const [, indent = '', language = '', info = '', indented = ''] = match;
    const text = indented.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    const line = markdown.slice(0, match.index).split('\n').length + 1;
    const scene = /^scene=([\w-]+)$/.exec(info)?.[1];
    const notRun = /^not-run: (.+)$/.exec(info)?.[1];
    if (info !== '' && scene === undefined && notRun === undefined) {
      throw new Error(`line ${line - 1}: "${info}" is neither scene=… nor not-run: …`);
    }
    return { line, language, scene: scene ?? 'any', notRun: notRun ?? null, text };
  });
  const fences = [...markdown.matchAll(FENCE)].length;
  if (fences !== 2 * blocks.length) throw new Error('a block is not between ``` and ```');
  return blocks;
}

/** Functions of the shell that a block defines for those below it. */
export const functionsIn = (text: string): string[] =>
  [...text.matchAll(/^\w+\(\) \{[\s\S]*?\}$/gm)].map(([definition]) => definition);

const DAY_MS = 86_400_000;

/** `text` with each date moved, as if `writtenOn` were today. */
export function onToday(text: string, writtenOn: string, today: Date = new Date()): string {
  const days = Math.floor((today.getTime() - Date.parse(writtenOn)) / DAY_MS);
  return text.replaceAll(/(?<!\d)20\d\d-\d\d-\d\d(?!\d)/g, (date) =>
    new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10),
  );
}
