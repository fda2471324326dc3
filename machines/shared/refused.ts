/** What people read of a request that was definitely refused: who says no, and who can mend it. */
import type { Decline } from './lifecycle.ts';
import type { RefusedRequest } from './operation.ts';

type Told = {
  /** As people say it. */
  readonly provider: string;
  /** `the refund of EUR 10.00`. */
  readonly what: string;
};

/** Without advice: the provider's no, in our words. */
function noOf({ provider, what }: Told, { fault, reason }: RefusedRequest): string {
  if (fault === undefined) return `${provider} refused ${what}, and nothing was done: ${reason}.`;
  switch (fault) {
    case 'credentials':
      return `${provider} does not accept the integration's credentials, and ${what} was not done: ${reason}.`;
    case 'account':
      return `${provider} refused ${what} for a setting of the merchant's account there: ${reason}.`;
    case 'ours':
      return `Holdfast could not ask ${provider} for ${what}, and nothing was sent: ${reason}.`;
  }
}

const MENDED_BY = {
  credentials: 'Save valid credentials in the integration',
  account: 'Have the account changed at the provider',
  ours: 'Tell whoever runs Holdfast',
} as const;

/** `next`: what can be done once it is mended, or at once where nothing is to be mended. */
export function refusedSentence(told: Told, request: RefusedRequest, next: string): string {
  const { fault } = request;
  const advice = fault === undefined ? next : `${MENDED_BY[fault]}, then ${lowerFirst(next)}`;
  return `${noOf(told, request)} ${advice}.`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** The same as a decline: what whoever asked is answered, also when they ask again with their key. */
export const refusedDecline = (verb: string, told: Told, request: RefusedRequest): Decline => ({
  verb,
  code: request.code ?? 'provider_refused',
  message: noOf(told, request),
  advice: null,
});
