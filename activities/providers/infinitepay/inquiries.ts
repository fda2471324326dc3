/**
 * What became of an operation in doubt? First look; where the order is as before, send again what
 * cannot act twice, and take a refusal of that for nothing before looking once more.
 */
import type { GuaranteeOperationEffect } from '../../../machines/guarantee/guarantee.types.ts';
import type { GuaranteeOutcome, GuaranteeTerms } from '../guarantee-provider.ts';
import type { Call, Inquired, Inquiry } from '../provider.ts';
import { perform } from './calls.ts';
import type { InfinitePayAccount } from './client.ts';
import { lookAt, type Sighting } from './looks.ts';
import { doubt, judge, type Verdict } from './verdicts.ts';

/** A request of ours can still be on its way this long after it was sent. */
const LATE_MS = 120_000;

export async function inquire(
  account: InfinitePayAccount,
  effect: GuaranteeOperationEffect,
  terms: GuaranteeTerms,
  call: Call,
  { lookOnly }: Inquiry,
): Promise<Inquired<GuaranteeOutcome>> {
  const sighting = await lookAt(account, effect, call);
  if (sighting.kind === 'inconclusive') return sighting;
  const verdict = judge(effect, sighting);
  if (mayTurn(effect, sighting, verdict, call)) return doubt(MAY_TURN);
  if (verdict !== 'not done') return verdict;
  if (lookOnly && !isProof(effect, sighting)) return doubt(`the ${effect.type} is not to be seen`);
  if (lookOnly || !mayBeSentAgain(effect, call)) return absentIfLost(effect, call);
  return sendAgain(account, effect, terms, call);
}

/** That it is not done: an order of another amount, or at a stage that is not known, shows nothing. */
function isProof(effect: GuaranteeOperationEffect, sighting: Sighting): boolean {
  switch (effect.type) {
    case 'reserve':
    case 'cancel':
    case 'apply':
      return true;
    case 'capture':
    case 'activate':
      return sighting.kind === 'seen' && sighting.picture.stage !== null;
    case 'modify':
      return false;
  }
}

/** A denied order may be activated again: the denial may be that of the activation before, and one of
 *  ours that arrives after it may still be approved. */
const mayTurn = (
  effect: GuaranteeOperationEffect,
  sighting: Sighting,
  verdict: Verdict,
  call: Call,
): boolean =>
  effect.type === 'activate' &&
  verdict !== 'not done' &&
  verdict.kind === 'declined' &&
  (effect.wasDenied ||
    (sighting.kind === 'seen' && sighting.picture.stage === 'guarantee_denied')) &&
  mayBeOnItsWay(call);

const MAY_TURN = 'it is denied, and an activation may still be on its way';

/** An application is counted twice when it is told twice. A reservation that begins too late is one
 *  that nobody expects any more. */
function mayBeSentAgain(effect: GuaranteeOperationEffect, call: Call): boolean {
  if (effect.type === 'reserve') return call.now() <= effect.startBy;
  return effect.type !== 'apply';
}

function absentIfLost(effect: GuaranteeOperationEffect, call: Call): Inquired<GuaranteeOutcome> {
  const isLost = call.lastSentAt !== null && call.now() - call.lastSentAt > LATE_MS;
  return isLost
    ? { kind: 'absent', reason: `the ${effect.type} never reached InfinitePay` }
    : doubt('it may still be on its way');
}

async function sendAgain(
  account: InfinitePayAccount,
  effect: GuaranteeOperationEffect,
  terms: GuaranteeTerms,
  call: Call,
): Promise<Inquired<GuaranteeOutcome>> {
  const outcome = await perform(account, effect, terms, call);
  switch (outcome.kind) {
    case 'approved':
      return outcome;
    case 'unknown':
      return doubt(outcome.reason);
    case 'refused':
      return mayBeOnItsWay(call)
        ? doubt('sent again it was refused, and it may still be on its way')
        : outcome;
    case 'declined':
      return confirm(account, effect, outcome, call);
  }
}

const mayBeOnItsWay = ({ lastSentAt, now }: Call): boolean =>
  lastSentAt !== null && now() - lastSentAt <= LATE_MS;

/** A repeat of what had succeeded meanwhile is declined, too: the order tells which it is. */
async function confirm(
  account: InfinitePayAccount,
  effect: GuaranteeOperationEffect,
  declined: Extract<GuaranteeOutcome, { kind: 'declined' }>,
  call: Call,
): Promise<Inquired<GuaranteeOutcome>> {
  // It sets an amount, and setting the same one again is not declined for having been done.
  if (effect.type === 'modify') return declined;
  const sighting = await lookAt(account, effect, call);
  if (sighting.kind === 'inconclusive') return sighting;
  const verdict = judge(effect, sighting);
  if (mayTurn(effect, sighting, verdict, call)) return doubt(MAY_TURN);
  if (verdict !== 'not done') return verdict;
  if (effect.type === 'activate' && mayBeOnItsWay(call)) return doubt(MAY_TURN);
  return isProof(effect, sighting)
    ? declined
    : doubt('sent again it was declined, and the order’s stage is not known');
}
