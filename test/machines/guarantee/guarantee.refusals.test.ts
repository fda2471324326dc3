/** A provider that refuses: nothing was done, nothing is sent again, and what is true is looked up. */
import { describe, expect, it } from 'vitest';
import type { GuaranteeEvent } from '../../../machines/guarantee/guarantee.events.ts';
import { guaranteeLifecycle as guarantee } from '../../../machines/guarantee/guarantee.lifecycle.ts';
import type {
  GuaranteeNoun,
  GuaranteeStatus,
} from '../../../machines/guarantee/guarantee.types.ts';
import type { Fault } from '../../../machines/shared/operation.ts';
import { asks, EVENTS, NOTES, play, says, WAYS } from './guarantee.states.ts';

const refusedFor = (noun: GuaranteeNoun, fault: Fault): GuaranteeEvent =>
  ({ ...says.refused(noun), fault }) as GuaranteeEvent;
const said = (events: readonly GuaranteeEvent[]) => guarantee.view(play(events));
const confirmed: GuaranteeEvent = { type: 'picture.confirmed', at: 2 };

describe('a refused reservation', () => {
  it('is a no, with the provider’s code or a stable one', () => {
    expect(said([says.refused('reservation')])).toMatchObject({
      status: 'declined',
      decline: { verb: 'reserve', code: 'provider_refused' },
      needsAttention: null,
      operationInFlight: null,
      firstOutcomeKnown: true,
    });
    const coded = { ...says.refused('reservation'), code: 'E17' } as GuaranteeEvent;
    expect(said([coded]).decline?.code).toBe('E17');
  });

  it('also when it was in doubt before', () => {
    const doubt = [says.unknown('reservation'), says.refused('reservation')];
    expect(said(doubt).status).toBe('declined');
  });

  it.each([
    ['credentials', 'Save valid credentials'],
    ['account', 'Have the account changed at the provider'],
    ['ours', 'Tell whoever runs Holdfast'],
  ] as const)('asks for whoever can mend it where that is %s', (fault, sentence) => {
    const view = said([refusedFor('reservation', fault)]);
    expect(view.needsAttention).toContain(sentence);
    expect(view).toMatchObject({ status: 'declined', decline: { code: 'provider_refused' } });
  });

  it('is never sent or asked about again, whatever happens', () => {
    const refused = play([says.refused('reservation')]);
    for (const event of EVENTS) {
      const next = guarantee.applyEvent(refused, event);
      if (next === null) continue;
      const { value } = next;
      expect([event.type, value, guarantee.pendingEffect(next)]).toEqual([
        event.type,
        'declined',
        null,
      ]);
    }
  });
});

const OTHERS: readonly (readonly [GuaranteeNoun, GuaranteeStatus, GuaranteeStatus])[] = [
  ['modification', 'modifying', 'reserved'],
  ['capture', 'capturing', 'reserved'],
  ['activation', 'activating', 'captured'],
  ['cancellation', 'cancelling', 'captured'],
  ['application', 'applying', 'paid'],
];

describe.each(OTHERS)('a refused %s', (noun, from, to) => {
  const refused = [...WAYS[from], says.refused(noun)];

  it('has the provider looked at once, and is answered when that is over', () => {
    const state = play(refused);
    const { operationInFlight, status } = guarantee.view(state);
    expect([status, operationInFlight]).toEqual([
      to,
      guarantee.view(play(WAYS[from])).operationInFlight,
    ]);
    expect(guarantee.pendingEffect(state)).toMatchObject({ about: { type: 'picture' } });
    const looked = said([...refused, confirmed]);
    expect(looked).toMatchObject({ status: to, operationInFlight: null });
    expect(looked.decline).toMatchObject({ code: 'provider_refused' });
    expect(`${looked.needsAttention} ${looked.decline?.advice}`).not.toMatch(/credential|settings/);
  });

  it('is not looked after where the credentials are wrong', () => {
    const state = play([...WAYS[from], refusedFor(noun, 'credentials')]);
    expect([guarantee.pendingEffect(state), guarantee.view(state).operationInFlight]).toEqual([
      null,
      null,
    ]);
  });
});

describe('an activation that follows by itself', () => {
  it('and could not be asked for leaves the order captured, and people hear why', () => {
    const policy = { autoCapture: true, autoActivate: true };
    const refused = refusedFor('activation', 'ours');
    const ways = [says.approved('reservation'), says.approved('capture'), refused, confirmed];
    const view = guarantee.view(play(ways, policy));
    expect(view).toMatchObject({ status: 'captured', decline: { verb: 'activate' } });
    expect(view.needsAttention).toContain('Holdfast could not ask InfinitePay for the activation');
  });
});

describe('what is found after a refusal', () => {
  it('replaces what was said of it, and the refusal is still told', () => {
    const refused = play([...WAYS.capturing, says.refused('capture')]);
    const picture = { stands: true, stage: 'captured', guaranteedMinor: 0, notes: NOTES } as const;
    const found = guarantee.factsOf(refused, picture, 2);
    expect(said([...WAYS.capturing, says.refused('capture'), ...found])).toMatchObject({
      status: 'captured',
      needsAttention: null,
      operationInFlight: null,
      decline: { verb: 'capture', code: 'provider_refused' },
    });
  });

  it('is asked for again where the provider cannot be looked at, and nobody waits for that', () => {
    const nothing: GuaranteeEvent = { type: 'inquiry.inconclusive', at: 2, reason: 'no answer' };
    const waiting = play([...WAYS.capturing, says.refused('capture'), nothing]);
    expect(guarantee.view(waiting).operationInFlight).toBeNull();
    expect(guarantee.deadline(waiting)?.event.type).toBe('inquiry.due');
  });
});

describe('what was heard during a doubt', () => {
  const news: GuaranteeEvent = {
    type: 'news.received',
    at: 1,
    source: 'reconciliation',
    name: 'nightly',
    notificationId: null,
    verified: true,
    providerRef: null,
  };

  it('is looked at when that ends', () => {
    const heard = play([
      ...WAYS.capturing,
      says.unknown('capture'),
      news,
      says.approved('capture'),
    ]);
    expect(guarantee.pendingEffect(heard)).toMatchObject({
      about: { type: 'picture' },
      news: null,
    });
  });

  it('is not looked at where nothing was heard, or nothing is there', () => {
    const quiet = play([...WAYS.capturing, says.unknown('capture'), says.approved('capture')]);
    expect(guarantee.pendingEffect(quiet)).toBeNull();
    const none = play([says.unknown('reservation'), news, says.declined('reservation')]);
    expect(guarantee.pendingEffect(none)).toBeNull();
  });
});

describe('a guarantee of an amount that nobody names', () => {
  const unnamed = [
    ...WAYS.activating,
    { ...says.approved('activation'), guaranteedMinor: null } as GuaranteeEvent,
  ];

  it('is guaranteed, and said to be of an unknown amount', () => {
    const view = said(unnamed);
    expect(view).toMatchObject({
      status: 'guaranteed',
      needsAttention: null,
      details: { guaranteedMinor: null, claimableMinor: 1_050 },
    });
    expect(view.remarks.join(' ')).toContain('does not say how much of it');
  });

  it('can be claimed up to what is open', () => {
    const overdue: GuaranteeEvent = { type: 'payment.overdue', at: 1, dueOn: '2026-12-21' };
    const late = [...unnamed, overdue, { ...asks.receive, amountMinor: 50 }];
    const told = [...late, says.approved('application')];
    expect(said(told).commands).toContainEqual({ verb: 'claim', maxMinor: 1_000 });
  });
});

describe('an amount that is said with a command for the whole', () => {
  it.each([
    ['overdue', 'write-off'],
    ['captured', 'activate'],
  ] as const)('has to be the whole: %s, %s', (name, verb) => {
    const state = play(WAYS[name]);
    expect(guarantee.decide(state, { verb, amountMinor: 1 }, 1)).toMatchObject({
      code: 'amount-out-of-range',
      maxMinor: 1_050,
    });
    expect(guarantee.decide(state, { verb, amountMinor: 1_050 }, 1)).toHaveProperty('type');
  });

  it('is refused where the command is about none', () => {
    expect(
      guarantee.decide(play(WAYS.captured), { verb: 'cancel', amountMinor: 1 }, 1),
    ).toMatchObject({ code: 'request-incomplete' });
  });
});
