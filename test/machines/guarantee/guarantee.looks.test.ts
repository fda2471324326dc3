import { describe, expect, it } from 'vitest';
import { guaranteeLifecycle as guarantee } from '../../../machines/guarantee/guarantee.lifecycle.ts';
import type {
  GuaranteePicture,
  ProviderStage,
} from '../../../machines/guarantee/guarantee.types.ts';
import { asks, NOTES, play, TOTAL, WAYS } from './guarantee.states.ts';

const said = (events: Parameters<typeof play>[0]) => guarantee.view(play(events));

describe('an operator who confirms that a limit is released', () => {
  const asked = WAYS.releasing;
  const op = { operationId: 'op_sample_release_1' };
  const picture = (stands: boolean, stage: ProviderStage | null): GuaranteePicture => ({
    stands,
    stage,
    guaranteedMinor: null,
    notes: NOTES,
  });
  const found = (seen: GuaranteePicture | null) =>
    guarantee.factsOf(play(asked), seen, 2).map((f) => f.type);

  it('is believed once the provider was asked and had nothing against it', () => {
    expect(guarantee.pendingEffect(play(asked))).toMatchObject({
      type: 'inquire',
      about: { type: 'picture' },
    });
    expect(found(picture(false, 'cancelled'))).toEqual(['limit.released']);
    expect(found(null)).toEqual(['limit.released']);
    const way = [...asked, { type: 'limit.released', at: 2, ...op } as const];
    expect(said(way)).toMatchObject({ status: 'cancelled', amounts: { voided: TOTAL } });
  });

  it('is believed where the provider gives no answer', () => {
    const way = [...asked, { type: 'inquiry.inconclusive', at: 2, reason: 'no answer' } as const];
    const due = guarantee.deadline(play(way));
    expect(due?.event).toMatchObject({ type: 'limit.released', ...op });
  });

  it.each([
    ['still denied', false, 'guarantee_denied'],
    ['captured', true, 'captured'],
    ['in force, in words nobody knows', true, null],
  ] as const)('is contradicted by an order that is %s', (_what, stands, stage) => {
    expect(found(picture(stands, stage))).toEqual(['release.contradicted']);
  });

  it('leaves the task open when the provider contradicts', () => {
    const way = [
      ...asked,
      { type: 'release.contradicted', at: 2, ...op, reason: 'it is there' } as const,
    ];
    const view = said(way);
    expect(view).toMatchObject({
      status: 'guarantee_denied',
      decline: { verb: 'confirm-limit-released', code: 'contradicts_proof' },
    });
    expect(view.needsAttention).toContain("unblock the debtor's limit");
    expect(view.amounts).toMatchObject({ authorized: TOTAL, voided: 0 });
    const again = [
      ...way,
      asks.release,
      { type: 'limit.released', at: 3, operationId: 'op_sample_release_2' } as const,
    ];
    expect(said(again).status).toBe('cancelled');
  });
});

const STAGES: readonly (ProviderStage | null)[] = [
  'denied',
  'reserved',
  'captured',
  'guarantee_denied',
  'guaranteed',
  'overdue',
  'paid',
  'claimed',
  'cancelled',
  null,
];

describe('what the provider shows of an order at rest', () => {
  it('moves the payment in exactly these ways; all else is confirmed or contradicted', () => {
    const rest = [
      'reserved',
      'captured',
      'guarantee_denied',
      'limit_blocked',
      'guaranteed',
      'overdue',
    ] as const;
    const table = rest.map((status) => {
      const facts = STAGES.map((stage) => {
        const stands = stage === null || !/denied|cancelled/.test(stage);
        const picture: GuaranteePicture = { stands, stage, guaranteedMinor: null, notes: NOTES };
        const looked = play([...WAYS[status], asks.recheck]);
        const [fact] = guarantee.factsOf(looked, picture, 2);
        expect(fact === undefined || guarantee.applyEvent(looked, fact) !== null).toBe(true);
        const word = fact?.type.replace('picture.contradicted', '!') ?? '=';
        return `${stage ?? 'in force'} ${word}`;
      });
      return `${status}: ${facts.join(', ')}`;
    });
    expect(table).toMatchInlineSnapshot(`
      [
        "reserved: denied !, reserved =, captured capture.found, guarantee_denied !, guaranteed !, overdue !, paid !, claimed !, cancelled cancellation.found, in force =",
        "captured: denied !, reserved !, captured =, guarantee_denied !, guaranteed !, overdue !, paid !, claimed !, cancelled cancellation.found, in force =",
        "guarantee_denied: denied !, reserved !, captured !, guarantee_denied =, guaranteed !, overdue !, paid !, claimed !, cancelled cancellation.found, in force =",
        "limit_blocked: denied !, reserved !, captured =, guarantee_denied !, guaranteed !, overdue !, paid !, claimed !, cancelled cancellation.found, in force =",
        "guaranteed: denied !, reserved !, captured !, guarantee_denied !, guaranteed =, overdue =, paid payment.found, claimed claim.found, cancelled cancellation.found, in force =",
        "overdue: denied !, reserved !, captured !, guarantee_denied !, guaranteed =, overdue =, paid payment.found, claimed claim.found, cancelled cancellation.found, in force =",
      ]
    `);
  });

  it('ends a guaranteed invoice that the portal cancelled, and nothing is guaranteed any more', () => {
    const way = [...WAYS.guaranteed, asks.recheck, { type: 'cancellation.found', at: 2 } as const];
    expect(said(way)).toMatchObject({
      status: 'cancelled',
      amounts: { authorized: TOTAL, captured: 0, voided: TOTAL },
      details: { guaranteedMinor: 0, openMinor: 0 },
    });
  });

  it('is contradicted by an order that is not there', () => {
    const [fact] = guarantee.factsOf(play([...WAYS.captured, asks.recheck]), null, 2);
    expect(fact?.type).toBe('picture.contradicted');
  });
});
