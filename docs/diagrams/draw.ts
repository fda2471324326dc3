/**
 * Draws each lifecycle's chart as Mermaid, from the chart itself, into `docs/diagrams/` and the
 * README. `--check` changes nothing and fails when a drawing is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cardMachine } from '../../machines/card/card.machine.ts';
import { creditMachine } from '../../machines/credit/credit.machine.ts';
import { guaranteeMachine } from '../../machines/guarantee/guarantee.machine.ts';
import { promiseMachine } from '../../machines/promise/promise.machine.ts';

const root = new URL('../../', import.meta.url);
/** A line break inside a label. */
const BREAK = '<br/>';
const HEADER = '%% Drawn from the chart by `npm run diagrams`. Do not edit.';

/** What a drawing needs of a chart of XState. */
type Chart = {
  readonly id: string;
  readonly config: { readonly initial?: unknown };
  readonly states: Readonly<Record<string, Node>>;
};
type Node = {
  readonly key: string;
  readonly transitions: ReadonlyMap<string, readonly Transition[]>;
};
type Transition = {
  readonly eventType: string;
  readonly guard?: unknown;
  readonly target?: readonly { readonly key: string }[] | undefined;
};

/** Guards that only say "the amounts put it there" or "it is the answer" would repeat everywhere. */
const QUIET: ReadonlySet<string> = new Set([
  'restsAt',
  'answersOperation',
  'always',
  'canBeAsked',
  'acts',
  'leadsTo',
]);

/** What is found at the provider leads from anywhere to wherever the amounts put the payment. These
 *  are the ways that it usually takes; the table of moves in the tests has all. */
const OF_CARDS: Readonly<Record<string, readonly string[]>> = {
  'hold.found': ['declined authorized', 'expired authorized', 'voided authorized'],
  'capture.found': ['authorized captured', 'authorized partially_captured'],
  'void.found': ['authorized voided', 'partially_captured captured'],
  'hold.expired': ['authorized expired', 'partially_captured captured'],
  'refund.found': ['captured partially_refunded', 'captured refunded'],
  'refund.failed': ['partially_refunded captured', 'refunded captured'],
  'dispute.opened': ['captured disputed', 'partially_refunded disputed'],
  'dispute.won': ['disputed captured', 'disputed partially_refunded'],
  'dispute.lost': ['disputed charged_back'],
};
const IN_FLIGHT = /ing$/;

const OF_GUARANTEES: Readonly<Record<string, readonly string[]>> = {
  'application.approved': ['applying guaranteed', 'applying paid'],
  'application.declined': ['applying guaranteed', 'applying paid'],
  'application.refused': ['applying guaranteed', 'applying paid'],
  'application.absent': ['applying guaranteed', 'applying paid'],
  'receipt.recorded': ['guaranteed applying', 'overdue applying', 'guaranteed paid'],
  'payment.found': ['guaranteed paid', 'overdue paid'],
  'claim.found': ['overdue claimed'],
  'cancellation.found': ['reserved cancelled', 'captured cancelled', 'guarantee_denied cancelled'],
  'resolution.applied': [],
};

/** With several invoices most events lead to most states of an order that stands. */
const OF_CREDITS: Readonly<Record<string, readonly string[]>> = {
  'invoice.requested': ['authorized invoicing', 'invoiced invoicing', 'partially_funded invoicing'],
  'invoice.declined': ['invoicing authorized'],
  'invoice.refused': ['invoicing authorized'],
  'invoice.absent': ['invoicing authorized'],
  'invoice.found': ['authorized invoiced'],
  'shipment.requested': ['ship_failed shipping'],
  'shipment.approved': ['shipping invoiced'],
  'funding.overdue': ['invoiced funding_late'],
  'invoice.funded': ['invoiced partially_funded', 'invoiced funded', 'funding_late funded'],
  'invoice.closed': ['funded closed'],
  'return.found': ['funded returned'],
  'cancellation.requested': ['authorized cancelling', 'in_review cancelling'],
  'cancellation.declined': ['cancelling authorized'],
  'cancellation.refused': ['cancelling authorized'],
  'cancellation.absent': ['cancelling authorized'],
  'cancellation.found': ['offered declined', 'in_review declined', 'authorized cancelled'],
  'invoice_cancellation.requested': ['invoiced cancelling', 'funding_late cancelling'],
  'invoice_cancellation.approved': ['cancelling authorized'],
  'invoice_cancellation.declined': ['cancelling invoiced'],
  'invoice_cancellation.refused': ['cancelling invoiced'],
  'invoice_cancellation.absent': ['cancelling invoiced'],
  'invoice_cancellation.found': ['invoiced authorized'],
  'return.requested': ['invoiced returning', 'funded returning', 'closed returning'],
  'return.approved': ['returning invoiced', 'returning funded', 'returning returned'],
  'return.declined': ['returning funded'],
  'return.refused': ['returning funded'],
  'return.absent': ['returning funded'],
  'order.lapsed': ['authorized expired', 'partially_funded funded'],
  'resolution.applied': [],
};

/** The amounts choose among all states; most moves are a bounce or a refund away from another. */
const OF_PROMISES: Readonly<Record<string, readonly string[]>> = {
  'receipt.recorded': [
    'promised partially_received',
    'promised received',
    'partially_received received',
    'overdue received',
    'written_off received',
    'refunded received',
  ],
  'receipt.bounced': [
    'partially_received promised',
    'received promised',
    'received partially_received',
    'received overdue',
  ],
  'refund.recorded': [
    'partially_received promised',
    'received partially_refunded',
    'received refunded',
    'partially_refunded refunded',
  ],
  'payment.reduced': [
    'promised cancelled',
    'partially_received received',
    'overdue received',
    'overdue cancelled',
  ],
};

type Ways = Readonly<Record<string, readonly string[]>>;

/** The ways that are drawn of each chart's events, where not all are. */
export const USUAL: Readonly<Record<string, Ways>> = {
  card: OF_CARDS,
  promise: OF_PROMISES,
  guarantee: OF_GUARANTEES,
  credit: OF_CREDITS,
};

function isUsual(chart: string, event: string, from: string, to: string): boolean {
  const ways = USUAL[chart]?.[event];
  // An operation of a card may be answered by what is found.
  return (
    ways === undefined ||
    (chart === 'card' && IN_FLIGHT.test(from)) ||
    ways.includes(`${from} ${to}`)
  );
}

export function draw(chart: Chart): string {
  const edges = new Map<string, Set<string>>();
  for (const node of Object.values(chart.states)) {
    for (const transition of [...node.transitions.values()].flat()) {
      // An event that leaves a payment where it is belongs into the table of moves, not the picture.
      const [target] = transition.target ?? [];
      if (target === undefined || target.key === node.key) continue;
      if (!isUsual(chart.id, transition.eventType, node.key, target.key)) continue;
      const guard = guardName(transition.guard);
      const shown = guard === null || QUIET.has(guard) ? '' : ` [${guard}]`;
      const edge = `${node.key} --> ${target.key}`;
      edges.set(edge, (edges.get(edge) ?? new Set()).add(`${transition.eventType}${shown}`));
    }
  }
  return [
    HEADER,
    'stateDiagram-v2',
    `  [*] --> ${String(chart.config.initial)}: payment.requested`,
    ...[...edges].map(([edge, events]) => `  ${edge}: ${[...events].join(BREAK)}`),
    '',
  ].join('\n');
}

/** XState keeps a guard as its name, or as an object that has it. */
function guardName(guard: unknown): string | null {
  if (typeof guard === 'string') return guard;
  return guard !== null && typeof guard === 'object' && 'type' in guard ? String(guard.type) : null;
}

/** What leads back to where a payment was, or follows only from something rare. */
const ASIDE =
  /^(capture|void|refund|reauthorization)\.(declined|refused|absent|pending|overtaken)$|\.absent$|\.found$|^(hold\.expired|refund\.failed|late_money|resolution|dispute\.won)/;

/** The picture for the README: the way that payments usually go, and where a doubt leads. The full
 *  drawing has the rest. */
export function sketch(chart: Chart): string {
  const edges = draw(chart)
    .split('\n')
    .flatMap((line) => {
      const [, from, to, events = ''] = /^ {2}(\S+) --> (\S+?)(?:: (.*))?$/.exec(line) ?? [];
      if (from === undefined || to === undefined) return [];
      if (from === '[*]' || to === '[*]') return [`  ${from} --> ${to}`];
      if (from === 'inquiring') return to === 'parked' ? [`  ${from} --> ${to}`] : [];
      if ([from, to].includes('in_review') || to === 'parked') return [];
      const usual = events.split(BREAK).filter((event) => !ASIDE.test(event));
      // Refunds between captures, and disputes of which a part was decided, are possible and seldom.
      const isSeldom =
        (from !== 'refunding' && to.endsWith('refunded')) ||
        (IN_FLIGHT.test(from) && (to === 'disputed' || to === 'charged_back')) ||
        (to === 'refunding' && (from === 'disputed' || from === 'charged_back'));
      return usual.length === 0 || isSeldom ? [] : [`  ${from} --> ${to}: ${usual.join(BREAK)}`];
    });
  return [HEADER, 'stateDiagram-v2', '  direction LR', ...edges].join('\n');
}

function withSketch(readme: string): string {
  const block = /(<!-- diagram:card -->)[\s\S]*(<!-- \/diagram:card -->)/;
  const picture = `\n\n\`\`\`mermaid\n${sketch(cardMachine).trimEnd()}\n\`\`\`\n\n`;
  return readme.replace(block, (_all, begin: string, end: string) => begin + picture + end);
}

const isEntry = process.argv[1] === fileURLToPath(import.meta.url);
if (isEntry) {
  const readmePath = new URL('README.md', root);
  const readme = readFileSync(readmePath, 'utf8');
  const wanted = [
    { path: new URL('docs/diagrams/card.mmd', root), text: draw(cardMachine) },
    { path: new URL('docs/diagrams/promise.mmd', root), text: draw(promiseMachine) },
    { path: new URL('docs/diagrams/guarantee.mmd', root), text: draw(guaranteeMachine) },
    { path: new URL('docs/diagrams/credit.mmd', root), text: draw(creditMachine) },
    { path: readmePath, text: withSketch(readme) },
  ];
  for (const { path, text } of wanted) {
    if (process.argv.includes('--check')) {
      if (readOrEmpty(path) === text) continue;
      console.error(`${fileURLToPath(path)} is stale: npm run diagrams`);
      process.exitCode = 1;
    } else {
      writeFileSync(path, text);
    }
  }
}

function readOrEmpty(path: URL): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
