/** Names in a JSON text that its parser would pass over in silence. Pure. */

/** Nothing that is taken is deeper than a few levels. */
const DEPTH_MAX = 64;

type Level = {
  /** Names so far; null for a list. */
  readonly names: Set<string> | null;
  /** Where in it we are: the last name. */
  at: string;
};

/** Why the text cannot be taken, in words; null when it can, or when it is no JSON, which the parser
 *  tells. */
export function nameProblem(text: string): string | null {
  const levels: Level[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const sign = text[index];
    if (sign === '{' || sign === '[') {
      levels.push({ names: sign === '{' ? new Set() : null, at: '' });
      if (levels.length > DEPTH_MAX) return `It is more than ${DEPTH_MAX} levels deep.`;
    } else if (sign === '}' || sign === ']') {
      levels.pop();
    } else if (sign === '"') {
      const end = endOfString(text, index);
      const level = levels.at(-1);
      if (level !== undefined && level.names !== null && isName(text, end)) {
        const name = unescaped(text.slice(index, end + 1));
        const path = [...levels.slice(0, -1).map(({ at }) => at), name]
          .filter((each) => each !== '')
          .join('.')
          .slice(0, 200);
        if (level.names.has(name)) return `A name stands twice in one object: ${path}.`;
        if (name === '__proto__')
          return 'An object has the name __proto__, which nothing has here.';
        level.names.add(name);
        level.at = name;
      }
      index = end;
    }
  }
  return null;
}

/** Of the quotation mark that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index;
}

const isName = (text: string, end: number): boolean => {
  let index = end + 1;
  while (/\s/.test(text[index] ?? '')) index += 1;
  return text[index] === ':';
};

/** `"\u0061"` is the name `a`, too. */
function unescaped(written: string): string {
  try {
    return String(JSON.parse(written));
  } catch {
    return written;
  }
}
