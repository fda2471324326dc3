import { XMLParser } from 'fast-xml-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FIELD_ORDER, inOrder } from '../../../../activities/providers/infinitepay/field-order.ts';
import { openStage, type Stage, type Verb } from './adapter.stage.ts';
import {
  BLOCK_NAMES,
  OPERATIONS,
  sequenceOfBlock,
  sequenceOfRequest,
} from './field-order.oracle.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

type Node = Record<string, unknown>;
const parser = new XMLParser({ preserveOrder: true, removeNSPrefix: true, parseTagValue: false });
const nameOf = (node: Node): string => Object.keys(node).find((name) => name !== ':@') ?? '';
const childrenOf = (node: Node): Node[] => {
  const held = node[nameOf(node)];
  return (Array.isArray(held) ? (held as Node[]) : []).filter((each) => nameOf(each) !== '#text');
};
const only = (nodes: Node[], name: string): Node => {
  const found = nodes.filter((node) => nameOf(node) === name);
  expect(found).toHaveLength(1);
  return found[0]!;
};

/** The operation and REQUEST of an envelope. */
function requestIn(text: string): { operation: string; request: Node } {
  const envelope = only(parser.parse(text) as Node[], 'Envelope');
  const [call] = childrenOf(only(childrenOf(envelope), 'Body'));
  return { operation: nameOf(call!), request: only(childrenOf(call!), 'REQUEST') };
}

function expectInOrder(operation: string, node: Node): void {
  const name = nameOf(node);
  const names = childrenOf(node).map(nameOf);
  const sequence = name === 'REQUEST' ? sequenceOfRequest(operation) : sequenceOfBlock(name);
  expect(names.filter((one) => !sequence.includes(one))).toEqual([]);
  expect([...new Set(names)]).toEqual(sequence.filter((one) => names.includes(one)));
  for (const child of childrenOf(node)) {
    if (childrenOf(child).length > 0) expectInOrder(operation, child);
  }
}

describe('a request', () => {
  it.each<Verb>(['reserve', 'modify', 'capture', 'activate', 'cancel', 'apply'])(
    'to %s has its elements in InfinitePay’s order, and so has the question about it',
    async (verb) => {
      await stage.prepare(verb);
      await stage.perform(verb, { providerRef: null });
      await stage.look();
      const sent = (await stage.bodies()).slice(-2).map(requestIn);
      expect(sent.map(({ operation }) => operation)).toEqual([
        expect.stringMatching(new RegExp(verb)),
        'checkStatusOrder',
      ]);
      for (const { operation, request } of sent) expectInOrder(operation, request);
    },
  );

  it('is not made with an element that has no place in it', () => {
    expect(() => inOrder('REQUEST', { ORDER_DATA: { REBATE_GROSS: '1' } })).toThrow('REBATE_GROSS');
    expect(() => inOrder('REQUEST', { CLIENT: {} })).toThrow('CLIENT');
  });
});

describe('the order that requests are put in', () => {
  it.each(BLOCK_NAMES.filter((name) => name in FIELD_ORDER))(
    'is, within %s, that of the only public client',
    (name) => {
      expect(FIELD_ORDER[name]).toEqual(sequenceOfBlock(name));
    },
  );

  it.each(OPERATIONS)('is that of the client’s blocks of %s', (operation) => {
    const sequence = sequenceOfRequest(operation).filter((name) => name !== 'BANK_DATA');
    expect(FIELD_ORDER['REQUEST']?.filter((name) => sequence.includes(name))).toEqual(sequence);
  });
});
