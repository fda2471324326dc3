/** XML in and out, as strings only. Nothing here knows SOAP or InfinitePay. */
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';

/** What is undefined is left out; a list repeats its element; `@_` begins an attribute's name. */
export type Xml = { readonly [name: string]: string | Xml | readonly Xml[] | undefined };

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@_' });

/** Values stay strings: `0010` is what was said. Only numeric references are left of HTML's, see
 *  `isSafe`. */
const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  processEntities: true,
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** One line, whatever is in the values. */
export const writeXml = (document: Xml): string => builder.build(clean(document));

function clean(node: Xml): Xml {
  const cleaned: Record<string, Xml[string]> = {};
  for (const [name, value] of Object.entries(node)) {
    if (value === undefined) continue;
    if (typeof value === 'string') cleaned[name] = plain(value);
    else cleaned[name] = isList(value) ? value.map(clean) : clean(value);
  }
  return cleaned;
}

const isList = (value: Xml | readonly Xml[]): value is readonly Xml[] => Array.isArray(value);

/** Control characters and halves of pairs have no place in XML 1.0. Line breaks become spaces. */
const plain = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/[\p{Cs}\uFFFE\uFFFF]/gu, '');

/** Elements without their prefixes; null when it is not XML, or XML that nobody should read. */
export function readXml(text: string): unknown {
  if (!isSafe(text)) return null;
  try {
    return XMLValidator.validate(text) === true ? parser.parse(text) : null;
  } catch {
    return null;
  }
}

/** No DOCTYPE, which SOAP 1.1 forbids in section 3, and so no entity that is not XML's own. */
function isSafe(text: string): boolean {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return false;
  const marked = text.replace(/<!--.*?-->|<!\[CDATA\[.*?\]\]>/gs, '');
  return !/&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)/i.test(marked);
}

/** The element of that name below `node`; undefined when there is none, a list when several. */
export function child(node: unknown, name: string): unknown {
  if (node === null || typeof node !== 'object' || !Object.hasOwn(node, name)) return undefined;
  return (node as Record<string, unknown>)[name];
}

/** Its text; empty when it is not there, is there twice, or holds elements. */
export function textOf(node: unknown, name: string): string {
  const found = child(node, name);
  return typeof found === 'string' ? found : '';
}
