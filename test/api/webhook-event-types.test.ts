import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPE_NAMES } from '../../api/webhooks/event-types.ts';

const MACHINES = path.resolve(import.meta.dirname, '../../machines');

/** What the charts say to merchants, read from their source: a type is a literal there. */
const announced = readdirSync(MACHINES, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.announcements.ts'))
  .flatMap((file) =>
    // A name, not the type of a fact on the left of a colon.
    [...readFileSync(path.join(MACHINES, file), 'utf8').matchAll(/'payment\.\w+'(?!:)/g)].map(
      String,
    ),
  )
  .map((literal) => literal.slice(1, -1))
  // A fact and no announcement.
  .filter((name) => !['payment.requested', 'payment.abandoned'].includes(name));

describe('the types of events in the API', () => {
  it('are all that a chart announces, and no other', () => {
    expect(EVENT_TYPE_NAMES.toSorted()).toEqual([...new Set(announced)].toSorted());
  });
});
