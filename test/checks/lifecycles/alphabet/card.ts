/** What may happen to a card payment, in each of its states. */
import { openHoldMinor } from '../../../../machines/card/card.amounts.ts';
import type { CardEvent } from '../../../../machines/card/card.events.ts';
import type { CardContext, CardVerb } from '../../../../machines/card/card.types.ts';
import { type Alphabet, AMOUNTS, answer, DAY, HOUR, type Now, TOTAL } from '../family.ts';

type Card = Now<CardContext>;

const decline = (verb: CardVerb) => ({ verb, code: 'no', message: 'No.', advice: null });
const nextAction = { type: 'redirect', url: 'https://bank.example/3ds' } as const;
const present = ({ context: c }: Card): string => c.providerRef ?? 'pi_1';
/** What the provider calls the next thing of its kind. */
const next = (prefix: string, known: object): string =>
  `${prefix}_${Object.keys(known).length + 1}`;
const holds = ({ context: c }: Card): readonly string[] => [
  ...c.formerHolds.map((hold) => hold.providerRef),
  ...(c.providerRef === null ? [] : [c.providerRef]),
];
/** A new hold under `providerRef`: in parts or once, dated or not, and of another amount. */
const hold = ({ at, context: c }: Card, providerRef: string) => {
  const amountMinor = c.operation?.verb === 'reauthorize' ? c.operation.amountMinor : TOTAL;
  const whole = { providerRef, amountMinor, holdEndsAt: at + 7 * DAY, multicapture: true };
  return [
    whole,
    { ...whole, multicapture: false },
    { ...whole, holdEndsAt: null },
    { ...whole, amountMinor: amountMinor + 1 },
  ];
};
const failed = <const Noun extends string>(noun: Noun, verb: CardVerb) => ({
  declined: { type: `${noun}.declined` as const, decline: decline(verb) },
  refused: { type: `${noun}.refused` as const, reason: 'wrong key' },
  unknown: { type: `${noun}.unknown` as const, reason: 'it timed out' },
  absent: { type: `${noun}.absent` as const, reason: 'it is not there' },
});
const [authorization, capture, release, refund, renewal] = [
  failed('authorization', 'authorize'),
  failed('capture', 'capture'),
  failed('void', 'void'),
  failed('refund', 'refund'),
  failed('reauthorization', 'reauthorize'),
];

export const CARD_ALPHABET: Alphabet<CardContext, CardEvent> = {
  'authorization.approved': (now) =>
    answer(
      now,
      ...hold(now, 'pi_1').map((each) => ({ type: 'authorization.approved' as const, ...each })),
    ),
  'sale.approved': (now) =>
    answer(
      now,
      ...[TOTAL, 1].map((amountMinor) => ({
        type: 'sale.approved' as const,
        providerRef: 'pi_1',
        amountMinor,
      })),
    ),
  'authorization.declined': (now) =>
    answer(
      now,
      { ...authorization.declined, providerRef: 'pi_1' },
      { ...authorization.declined, providerRef: null },
    ),
  'authorization.refused': (now) => answer(now, authorization.refused),
  'authorization.unknown': (now) => answer(now, authorization.unknown),
  'authorization.absent': (now) => answer(now, authorization.absent),
  'payment.abandoned': (now) => answer(now, { type: 'payment.abandoned' }),
  'buyer.action_required': (now) =>
    answer(now, { type: 'buyer.action_required', providerRef: 'pi_1', nextAction }),
  'buyer.timed_out': ({ at }) => [{ type: 'buyer.timed_out', at }],
  'review.opened': (now) => answer(now, { type: 'review.opened', providerRef: 'pi_1' }),
  'capture.requested': ({ at }) =>
    AMOUNTS.flatMap((amountMinor) =>
      [true, false].map((final) => ({ type: 'capture.requested', at, amountMinor, final })),
    ),
  'capture.succeeded': (now) =>
    answer(
      now,
      ...[1, TOTAL].flatMap((amountMinor) =>
        [0, 1].map((releasedMinor) => ({
          type: 'capture.succeeded' as const,
          amountMinor,
          releasedMinor,
        })),
      ),
    ),
  'capture.pending': (now) => answer(now, { type: 'capture.pending' }),
  'capture.declined': (now) => answer(now, capture.declined),
  'capture.refused': (now) => answer(now, capture.refused),
  'capture.unknown': (now) => answer(now, capture.unknown),
  'capture.absent': (now) => answer(now, capture.absent),
  'capture.overtaken': (now) => answer(now, { type: 'capture.overtaken', reason: 'by hand' }),
  'void.requested': ({ at }) => [{ type: 'void.requested', at }],
  'void.succeeded': (now) =>
    answer(
      now,
      ...AMOUNTS.map((releasedMinor) => ({ type: 'void.succeeded' as const, releasedMinor })),
    ),
  'void.pending': (now) => answer(now, { type: 'void.pending' }),
  'void.declined': (now) => answer(now, release.declined),
  'void.refused': (now) => answer(now, release.refused),
  'void.unknown': (now) => answer(now, release.unknown),
  'void.absent': (now) => answer(now, release.absent),
  'void.overtaken': (now) => answer(now, { type: 'void.overtaken', reason: 'by hand' }),
  'refund.requested': ({ at }) =>
    AMOUNTS.map((amountMinor) => ({ type: 'refund.requested', at, amountMinor, reason: null })),
  'refund.succeeded': (now) => {
    const says = [1, TOTAL].map((amountMinor) => ({
      type: 'refund.succeeded' as const,
      amountMinor,
      providerRef: next('re', now.context.refunds),
    }));
    return [...answer(now, ...says), ...says.flatMap((each) => ofPending(now, each))];
  },
  'refund.pending': (now) => answer(now, { type: 'refund.pending', providerRef: 're_pending' }),
  'refund.declined': (now) => [...answer(now, refund.declined), ...ofPending(now, refund.declined)],
  'refund.refused': (now) => answer(now, refund.refused),
  'refund.unknown': (now) => answer(now, refund.unknown),
  'refund.absent': (now) => answer(now, refund.absent),
  'reauthorization.approved': (now) =>
    answer(
      now,
      ...hold(now, `pi_${now.context.formerHolds.length + 2}`).map((each) => ({
        type: 'reauthorization.approved' as const,
        ...each,
      })),
    ),
  'reauthorization.declined': (now) => answer(now, renewal.declined),
  'reauthorization.refused': (now) => answer(now, renewal.refused),
  'reauthorization.unknown': (now) => answer(now, renewal.unknown),
  'reauthorization.absent': (now) => answer(now, renewal.absent),
  'capture.scheduled': ({ at }) =>
    [
      { captureAt: at + HOUR, amountMinor: null, final: true },
      { captureAt: at + HOUR, amountMinor: 1, final: false },
      { captureAt: at + HOUR, amountMinor: TOTAL + 1, final: true },
      { captureAt: at + 30 * DAY, amountMinor: null, final: true },
      { captureAt: at, amountMinor: null, final: true },
    ].map((wish) => ({ type: 'capture.scheduled', at, ...wish })),
  'capture.unscheduled': ({ at }) => [{ type: 'capture.unscheduled', at }],
  'capture.due': ({ at }) => [{ type: 'capture.due', at }],
  'hold.due': ({ at }) => [{ type: 'hold.due', at }],
  'hold.expired': ({ at }) => [{ type: 'hold.expired', at }],
  'hold.rescheduled': ({ at }) => [{ type: 'hold.rescheduled', at, holdEndsAt: at + 8 * DAY }],
  // What is done about the end is a setting: both come as deadlines.
  'hold.ending': () => [],
  'hold.policy_due': () => [],
  'recheck.requested': ({ at }) => [{ type: 'recheck.requested', at }],
  'news.received': ({ at }) =>
    ['pi_1', null].map((providerRef) => ({
      type: 'news.received',
      at,
      source: 'provider',
      name: 'payment.changed',
      notificationId: null,
      verified: true,
      providerRef,
    })),
  'picture.confirmed': ({ at }) => [{ type: 'picture.confirmed', at }],
  'picture.contradicted': ({ at }) => [{ type: 'picture.contradicted', at, reason: 'less there' }],
  'hold.found': (now) =>
    hold(now, present(now)).map((each) => ({ type: 'hold.found', at: now.at, ...each })),
  'capture.found': (now) =>
    [1, TOTAL, TOTAL + 1].flatMap((amountMinor) => [
      ...[0, 1].map((heldMinor) => ({
        type: 'capture.found' as const,
        at: now.at,
        amountMinor,
        heldMinor,
      })),
      ...now.context.formerHolds.map((former) => ({
        type: 'capture.found' as const,
        at: now.at,
        amountMinor,
        heldMinor: openHoldMinor(now.context),
        upon: former.providerRef,
      })),
    ]),
  'void.found': ({ at }) => AMOUNTS.map((amountMinor) => ({ type: 'void.found', at, amountMinor })),
  'refund.found': (now) =>
    [1, TOTAL, TOTAL + 1].flatMap((amountMinor) =>
      holds(now).flatMap((upon) =>
        [next('re', now.context.refunds), ...Object.keys(now.context.refunds).slice(0, 1)].map(
          (providerRef) => ({
            type: 'refund.found' as const,
            at: now.at,
            amountMinor,
            providerRef,
            upon,
          }),
        ),
      ),
    ),
  'refund.failed': ({ at, context: c }) => [
    ...Object.entries(c.refunds).map(([providerRef, { amountMinor }]) => ({
      type: 'refund.failed' as const,
      at,
      amountMinor,
      providerRef,
      reason: null,
    })),
    { type: 'refund.failed', at, amountMinor: 1, providerRef: 're_of_nobody', reason: null },
  ],
  'dispute.opened': ({ at, context: c }) =>
    [1, TOTAL].flatMap((amountMinor) =>
      [next('dp', c.disputes), ...Object.keys(c.disputes)].map((providerRef) => ({
        type: 'dispute.opened' as const,
        at,
        providerRef,
        amountMinor,
        reason: 'fraudulent',
        respondBy: null,
      })),
    ),
  'dispute.changed': ({ at, context: c }) =>
    [1, TOTAL].flatMap((amountMinor) =>
      ['dp_of_nobody', ...Object.keys(c.disputes)].map((providerRef) => ({
        type: 'dispute.changed' as const,
        at,
        providerRef,
        amountMinor,
      })),
    ),
  'risk_review.opened': ({ at }) => [
    { type: 'risk_review.opened', at, providerRef: 'prv_1', reason: 'rule' },
  ],
  'risk_review.closed': ({ at }) => [
    { type: 'risk_review.closed', at, providerRef: 'prv_1', reason: 'approved' },
  ],
  'fraud_warning.received': ({ at }) => [
    { type: 'fraud_warning.received', at, providerRef: 'issfr_1', reason: 'stolen card' },
  ],
  'authorization.given_up': ({ at }) => [{ type: 'authorization.given_up', at, reason: null }],
  'dispute.won': ({ at, context: c }) => decided('dispute.won', at, c),
  'dispute.lost': ({ at, context: c }) => decided('dispute.lost', at, c),
  'late_money.rejected': ({ at }) => [{ type: 'late_money.rejected', at }],
  'resolution.proposed': (now) =>
    [
      { outcome: 'succeeded', providerRef: referenceOf(now) } as const,
      { outcome: 'failed', providerRef: null } as const,
    ].map((said) => ({ type: 'resolution.proposed', at: now.at, ...said, reason: 'seen there' })),
  'resolution.applied': ({ at }) => [{ type: 'resolution.applied', at }],
  'inquiry.due': ({ at }) => [{ type: 'inquiry.due', at }],
  'inquiry.inconclusive': ({ at }) => [{ type: 'inquiry.inconclusive', at, reason: 'no answer' }],
  'inquiry.exhausted': ({ at }) => [{ type: 'inquiry.exhausted', at }],
};

/** `says` of each refund that is pending. */
const ofPending = <const Said extends object>({ at, context: c }: Card, says: Said) =>
  Object.keys(c.pendingRefunds).map((operationId) => ({ ...says, at, operationId }));

const decided = <const Type extends string>(type: Type, at: number, c: CardContext) => [
  ...Object.entries(c.disputes).map(([providerRef, { amountMinor }]) => ({
    type,
    at,
    providerRef,
    amountMinor,
  })),
  { type, at, providerRef: 'dp_of_nobody', amountMinor: 1 },
];

/** What an operator reads of the operation in doubt: its own reference where it has one. */
export function referenceOf({ context: c }: Pick<Card, 'context'>): string | null {
  switch (c.operation?.verb) {
    case 'authorize':
      return c.providerRef ?? 'pi_1';
    case 'refund':
      return next('re', c.refunds);
    case 'reauthorize':
      return `pi_${c.formerHolds.length + 2}`;
    default:
      return null;
  }
}
