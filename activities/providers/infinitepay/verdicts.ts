/** What the order as it is seen says of an operation in doubt. Pure. */
import type {
  GuaranteeOperationEffect,
  ProviderStage,
} from '../../../machines/guarantee/guarantee.types.ts';
import type { ActivateEffect, ApplyEffect, GuaranteeOutcome } from '../guarantee-provider.ts';
import type { Inquired } from '../provider.ts';
import type { Sighting } from './looks.ts';
import { toDeclined } from './mapping.ts';

type Clear = Exclude<Sighting, { kind: 'inconclusive' }>;
type Seen = Extract<Sighting, { kind: 'seen' }>;

/** `not done`: the order is where the operation begins. */
export type Verdict = Inquired<GuaranteeOutcome> | 'not done';

export const doubt = (reason: string) => ({ kind: 'inconclusive' as const, reason });

export function judge(effect: GuaranteeOperationEffect, sighting: Clear): Verdict {
  if (sighting.kind === 'absent') return judgeAbsence(effect, sighting.reason);
  const { stands } = sighting.picture;
  switch (effect.type) {
    case 'reserve':
      return stands ? approved(sighting) : toDeclined(sighting.answer);
    case 'modify':
      return stands ? 'not done' : toDeclined(sighting.answer);
    case 'capture':
      return judgeCapture(sighting);
    case 'activate':
      return judgeActivation(effect, sighting);
    case 'cancel':
      return judgeCancellation(sighting);
    case 'apply':
      return judgeApplication(effect, sighting);
  }
}

function judgeAbsence(effect: GuaranteeOperationEffect, reason: string): Verdict {
  switch (effect.type) {
    case 'reserve':
      return 'not done';
    // An order that we have seen there is not gone: a wrong secret looks the same.
    case 'modify':
    case 'capture':
    case 'activate':
    case 'cancel':
    case 'apply':
      return doubt(reason);
  }
}

const approved = ({ answer, picture }: Seen): Extract<GuaranteeOutcome, { kind: 'approved' }> => ({
  kind: 'approved',
  providerRef: answer.providerRef,
  guaranteedMinor: picture.guaranteedMinor,
  notes: picture.notes,
});

const BEYOND_CAPTURE: readonly (ProviderStage | null)[] = [
  'captured',
  'guaranteed',
  'guarantee_denied',
  'overdue',
  'paid',
  'claimed',
];

function judgeCapture(seen: Seen): Verdict {
  const { stands, stage } = seen.picture;
  if (BEYOND_CAPTURE.includes(stage)) return approved(seen);
  if (!stands) return toDeclined(seen.answer);
  return stage === 'reserved' || stage === null ? 'not done' : puzzled(seen);
}

const GUARANTEED: readonly (ProviderStage | null)[] = ['guaranteed', 'overdue', 'paid'];

function judgeActivation(effect: ActivateEffect, seen: Seen): Verdict {
  const { stands, stage, guaranteedMinor } = seen.picture;
  const guaranteed = guaranteedMinor ?? 0;
  if (stage === 'guarantee_denied') return toDeclined(seen.answer);
  if (guaranteed > effect.amountMinor) return puzzled(seen);
  if (!stands) return guaranteed > 0 ? puzzled(seen) : toDeclined(seen.answer);
  if (guaranteed > 0 || GUARANTEED.includes(stage)) return approved(seen);
  return stage === 'captured' || stage === null ? 'not done' : puzzled(seen);
}

function judgeCancellation(seen: Seen): Verdict {
  const { stands, stage } = seen.picture;
  if (stands) return 'not done';
  if (stage === 'guarantee_denied') return toDeclined(seen.answer);
  return stage === 'cancelled' || stage === null ? approved(seen) : puzzled(seen);
}

/** Only what is still guaranteed tells: it becomes less with what is unpaid. It may also become
 *  less because InfinitePay paid in the buyer's place, so then less tells nothing. */
function judgeApplication(effect: ApplyEffect, seen: Seen): Verdict {
  const { stands, stage, guaranteedMinor } = seen.picture;
  const { openMinor, amountMinor } = effect;
  /** Null: the activation did not say. */
  const guaranteed: number | null = effect.guaranteedMinor;
  if (!stands) return puzzled(seen);
  if (stage === 'paid' && openMinor === amountMinor) return approved(seen);
  if (guaranteed === null) return doubt(TELLS_NOTHING);
  const before = Math.min(guaranteed, openMinor);
  const after = Math.min(guaranteed, openMinor - amountMinor);
  if (before === after) return doubt(TELLS_NOTHING);
  if (guaranteedMinor === after) return stage === 'claimed' ? puzzled(seen) : approved(seen);
  return guaranteedMinor === before ? 'not done' : puzzled(seen);
}

const TELLS_NOTHING = 'what is guaranteed does not tell whether it was applied';

function puzzled({ picture: { stands, stage, guaranteedMinor } }: Seen) {
  const state = `${stands ? 'in order' : 'not in order'}, ${stage ?? 'at no stage we know'}`;
  return doubt(`the order is ${state}, with ${guaranteedMinor ?? 'an unsaid amount'} guaranteed`);
}
