/** Messages may come from people's hands, through the Temporal UI or its CLI: nothing checked them. */
import { ApplicationFailure } from '@temporalio/workflow';
import { isCalendarDate } from '../machines/shared/calendar.ts';
import { containsCardNumber } from '../machines/shared/card-number.ts';
import type { News } from '../machines/shared/lifecycle.ts';
import type { CommandMessage, CommandSignal } from './contracts.ts';

const REASON_LENGTH_MAX = 200;
const KEY_LENGTH_MAX = 255;

/** The last instant whose year has four digits: what comes later no database of ours takes. */
const LAST_INSTANT = 253_402_300_799_999;

const isInstant = (value: unknown): boolean =>
  Number.isSafeInteger(value) && Number(value) > 0 && Number(value) <= LAST_INSTANT;

const isText = (value: unknown, max: number): boolean =>
  typeof value === 'string' && value.length >= 1 && value.length <= max;

/** What each field may be; there are no others. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  amountMinor: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  final: (value) => typeof value === 'boolean',
  reason: (value) => isText(value, REASON_LENGTH_MAX),
  idempotencyKey: (value) => isText(value, KEY_LENGTH_MAX),
  captureAt: (value) => value === null || isInstant(value),
  outcome: (value) => value === 'succeeded' || value === 'failed',
  providerRef: (value) => isText(value, KEY_LENGTH_MAX),
  reference: (value) => isText(value, REASON_LENGTH_MAX),
  receivedOn: (value) => typeof value === 'string' && isCalendarDate(value),
  receiptId: (value) => isText(value, KEY_LENGTH_MAX),
  invoiceNumber: (value) => isText(value, KEY_LENGTH_MAX),
  dueDate: (value) => typeof value === 'string' && isCalendarDate(value),
  shipper: (value) => isText(value, REASON_LENGTH_MAX),
  trackingNumber: (value) => isText(value, REASON_LENGTH_MAX),
  shippedOn: (value) => typeof value === 'string' && isCalendarDate(value),
  deliveredOn: (value) => typeof value === 'string' && isCalendarDate(value),
  deliveryDate: (value) => typeof value === 'string' && isCalendarDate(value),
};

const isClaim = (claim: unknown): boolean =>
  claim !== null && typeof claim === 'object' && 'says' in claim;

const SOURCES: ReadonlySet<unknown> = new Set(['provider', 'buyer', 'reconciliation']);

/** News is sent by Holdfast alone. Typed in by hand it only makes the payment ask. */
export function readNews(input: unknown): News | string {
  const given: Partial<Record<keyof News, unknown>> =
    input !== null && typeof input === 'object' ? input : {};
  const { source, name, notificationId, verified, providerRef, claim } = given;
  const isOurs = SOURCES.has(source) && isText(name, KEY_LENGTH_MAX);
  if (!isOurs) {
    const asked = { source: 'provider', name: 'asked by hand', notificationId: null } as const;
    return input === undefined || input === null
      ? { ...asked, verified: false, providerRef: null, claim: null }
      : 'it is not the API’s; send it without input to make the payment ask';
  }
  return {
    source: source as News['source'],
    name: String(name),
    notificationId: typeof notificationId === 'string' ? notificationId : null,
    verified: verified === true,
    providerRef: typeof providerRef === 'string' ? providerRef : null,
    claim: isClaim(claim) ? claim : null,
  };
}

/** The signal's fields, or in words what is wrong with it. Never quotes it. */
export function readSignal(input: unknown): CommandSignal | string {
  if (input === undefined || input === null) return {};
  if (typeof input !== 'object' || Array.isArray(input)) return 'its input is not a JSON object';
  for (const [name, value] of Object.entries(input)) {
    const isGood = FIELDS[name];
    if (isGood === undefined) return `it has a field besides ${Object.keys(FIELDS).join(', ')}`;
    if (!isGood(value)) return `its field ${name} is not valid`;
    if (containsCardNumber(String(value)))
      return `its field ${name} holds something like a card number`;
  }
  return input;
}

/** An Update is the API's way; one that lacks what the API sends is refused before it is accepted.
 *  @throws ApplicationFailure */
export function assertCommandMessage(message: unknown): asserts message is CommandMessage {
  const given: Partial<Record<string, unknown>> =
    message !== null && typeof message === 'object' ? { ...message } : {};
  const { actor, requestHash, validUntil, verb: _verb, ...terms } = given;
  const isOurs =
    typeof actor === 'string' && typeof requestHash === 'string' && Number.isFinite(validUntil);
  const read = isOurs ? readSignal(terms) : 'it is not the API’s; send a signal instead';
  if (typeof read !== 'string' && read.idempotencyKey !== undefined) return;
  const why = typeof read === 'string' ? read : 'it has no idempotencyKey';
  throw ApplicationFailure.nonRetryable(`The update was refused: ${why}`, 'BadMessage');
}
