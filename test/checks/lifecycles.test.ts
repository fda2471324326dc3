/** A part of `npm run check:lifecycles` that takes seconds, and the proof that it would see a fault. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkFamily } from './lifecycles/check.ts';
import { FAMILIES } from './lifecycles/families.ts';
import type { AnyFamily } from './lifecycles/family.ts';
import { readMoves } from './lifecycles/moves.ts';
import { chartMutants, type Mutant } from './lifecycles/mutants.ts';
import { lifecycleMutants } from './lifecycles/mutants.lifecycle.ts';

function familyOf(name: string): AnyFamily {
  const found = FAMILIES.find(({ lifecycle }) => lifecycle.name === name);
  if (found === undefined) throw new Error(`no family ${name}`);
  return found;
}

describe('every configuration that a payment comes to', () => {
  it.each([
    ['card', ['voiding at the end']],
    ['promise', ['not reminded']],
    ['guarantee', ['automatic', 'reserved too late']],
    ['credit', ['accepted too late', 'placed']],
  ])('keeps every invariant: %s', { timeout: 60_000 }, (name, openings) => {
    const { report } = checkFamily(familyOf(name), { listed: null, openings });
    expect(report.violations).toEqual([]);
    expect(report.configurations).toBeGreaterThan(100);
  });

  it('moves as the list of legal and refused pairs says', { timeout: 60_000 }, () => {
    const promise = familyOf('promise');
    const { report } = checkFamily(promise, { listed: readMoves(promise) });
    expect(report.violations).toEqual([]);
  });
});

/** One of each kind, in a family that is explored in no time. */
const PLANTED = [
  ['promise', 'event refused', 'promised --payment.overdue'],
  ['promise', 'edge removed', 'overdue --receipt.recorded--> received'],
  ['promise', 'target swapped', 'overdue --receipt.recorded--> overdue'],
  ['promise', 'guard dropped', 'promised --payment.written_off--> written_off'],
  ['promise', 'action dropped', 'partially_received --reminder.due'],
  ['promise', 'posting lost', 'receipt.bounced'],
  ['promise', 'posting halved', 'refund.recorded'],
  ['promise', 'posting one-sided', 'receipt.recorded'],
  ['promise', 'date dropped', 'partially_received'],
  ['promise', 'date a day late', 'promised'],
  ['guarantee', 'effect dropped', 'reserving'],
  ['guarantee', 'effect of another operation', 'cancelling'],
  ['promise', 'no command offered', 'overdue'],
  ['promise', 'offered for more', 'refund'],
  ['promise', 'offered for less', 'refund'],
  ['promise', 'frozen without', 'isOverdue'],
  ['promise', 'counted twice', 'refundedMinor'],
] as const;

const mutantsOf = (name: string): Mutant[] => {
  const family = familyOf(name);
  const listed = readMoves(family);
  return [...chartMutants(family, listed), ...lifecycleMutants(family, listed)];
};

describe('a chart that is broken on purpose', () => {
  const soundOf = (name: string) => checkFamily(familyOf(name), { listed: null }).graphs;
  const sound = { promise: soundOf('promise'), guarantee: soundOf('guarantee') };
  const all = { promise: mutantsOf('promise'), guarantee: mutantsOf('guarantee') };

  it.each(PLANTED)('is caught: %s, %s, %s', { timeout: 60_000 }, (name, kind, what) => {
    const mutant = all[name].find((each) => each.kind === kind && each.what.startsWith(what));
    const listed = readMoves(familyOf(name));
    const isAnother = [...sound[name].values()].some((graph) =>
      [...graph.values()].some((each) => mutant!.differs(each, graph)),
    );
    expect(isAnother).toBe(true);
    const { report } = checkFamily(mutant!.family, { listed, stopsAtFirst: true });
    expect(report.violations).toHaveLength(1);
  });

  it('has a planted one of every kind', () => {
    const kinds = new Set([...all.promise, ...all.guarantee].map(({ kind }) => kind));
    expect(new Set<string>(PLANTED.map(([, kind]) => kind))).toEqual(kinds);
  });
});

describe('the alphabet', () => {
  it('has every family that has a chart', () => {
    const machines = new URL('../../machines/', import.meta.url);
    const charts = readdirSync(machines, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.machine.ts'))
      .map((file) => path.basename(file, '.machine.ts'));
    const names = FAMILIES.map(({ lifecycle }) => lifecycle.name);
    expect(names.toSorted()).toEqual(charts.toSorted());
  });

  it.each(FAMILIES.map((family) => [family.lifecycle.name, family] as const))(
    'has the events of its own type under each: %s',
    (_name, family) => {
      const [opening] = Object.values(family.inputs);
      const state = family.lifecycle.open(opening?.input);
      const { context } = state as unknown as { context: never };
      const events = new Set(
        Object.values(family.machine.states).flatMap((node) => node.ownEvents as string[]),
      );
      for (const [type, candidates] of Object.entries(family.alphabet)) {
        const types = candidates({ at: 1, status: '', context }).map((event) => event.type);
        expect(types.every((each) => each === type)).toBe(true);
        events.delete(type);
      }
      expect([...events]).toEqual([]);
    },
  );
});
