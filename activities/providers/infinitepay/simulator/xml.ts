/** XML in and out. Nothing here knows SOAP or InfinitePay. */
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element with its namespace resolved: prefixes are the sender's own business. */
export type Element = {
  readonly name: string;
  readonly namespace: string | null;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
};

/** It is not XML, or XML that nobody should read. */
export class UnreadableXml extends Error {
  override name = 'UnreadableXml';
}

type Node = Record<string, unknown>;
const ATTRIBUTES = ':@';
const TEXT = '#text';

/** Amounts stay strings: `0010` is what was sent. HTML names are refused below, so only numbers are left of them. */
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
  htmlEntities: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** @throws UnreadableXml also on a DOCTYPE and on every entity that XML itself does not define: SOAP 1.1, section 3,
 *  forbids the first (https://www.w3.org/TR/2000/NOTE-SOAP-20000508/, read 2026-11-21), and then nothing declares the others. */
export function readXml(text: string): Element {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) throw new UnreadableXml('A DOCTYPE is not allowed.');
  const foreign = /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)[^\s;<]{0,40};?/i.exec(text);
  if (foreign !== null) throw new UnreadableXml(`The entity ${foreign[0]} is not declared.`);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new UnreadableXml(valid.err.msg);
  const roots = elementsOf(parse(text), new Map());
  const [root] = roots;
  if (root === undefined || roots.length !== 1) throw new UnreadableXml('There is no one root.');
  return root;
}

function parse(text: string): unknown {
  try {
    return parser.parse(text);
  } catch (error) {
    throw new UnreadableXml(error instanceof Error ? error.message : String(error));
  }
}

function elementsOf(nodes: unknown, scope: ReadonlyMap<string, string>): Element[] {
  return (nodes as Node[]).flatMap((node) => {
    const tag = Object.keys(node).find((name) => name !== ATTRIBUTES && name !== TEXT);
    return tag === undefined ? [] : [elementOf(tag, node, scope)];
  });
}

function elementOf(tag: string, node: Node, outer: ReadonlyMap<string, string>): Element {
  const attributes = (node[ATTRIBUTES] ?? {}) as Record<string, string>;
  const scope = new Map(outer);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'xmlns') scope.set('', value);
    else if (name.startsWith('xmlns:')) scope.set(name.slice('xmlns:'.length), value);
  }
  const [prefix, name] = tag.includes(':') ? (tag.split(':', 2) as [string, string]) : ['', tag];
  const namespace = scope.get(prefix);
  if (prefix !== '' && namespace === undefined) {
    throw new UnreadableXml(`The prefix ${prefix} is not declared.`);
  }
  const content = node[tag] as Node[];
  return {
    name,
    namespace: namespace === undefined || namespace === '' ? null : namespace,
    attributes,
    children: elementsOf(content, scope),
    text: content
      .map((part) => part[TEXT])
      .filter((part) => typeof part === 'string')
      .join('')
      .trim(),
  };
}

/** Elements by name; a key with `@` is an attribute, a list is a repeated element, undefined is left out. */
export type XmlObject = {
  readonly [name: string]: string | XmlObject | readonly XmlObject[] | undefined;
};

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

export function writeXml(object: XmlObject): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${builder.build(object)}`;
}
