/** What a lifecycle is opened with, from the request and the integration's settings. */
import { policyOf } from '../../activities/providers/catalog.ts';
import { offlineConfig } from '../../activities/providers/offline/config.ts';
import { addDays, type CalendarDate } from '../../machines/shared/calendar.ts';
import { dueOn } from '../../machines/shared/payment-term.ts';
import { Problem } from '../problem.ts';
import { assertSoon } from './dates.ts';
import { creditInput } from './opening-credit.ts';
import { guaranteeInput } from './opening-guarantee.ts';
import { lacking, type Opening, refuse, termOf } from './opening-rules.ts';
import type { StartBody } from './start-body.ts';
import { dateIn, startOfDay } from '../../activities/providers/shared/zones.ts';

/** @throws Problem when the request lacks what this method needs, or has what it cannot use */
export function inputOf(opening: Opening): unknown {
  switch (opening.lifecycle) {
    case 'card':
      return cardInput(opening);
    case 'promise':
      return promiseInput(opening);
    case 'guarantee':
      return guaranteeInput(opening);
    case 'credit':
      return creditInput(opening);
    default:
      throw new Error(`no payment can be opened as ${opening.lifecycle}`);
  }
}

function cardInput({ paymentId, settings, provider, body, at }: Opening): object {
  const { amount, capture } = body;
  refuse(body, ['term', 'dueOn', 'corporateAccountId'], 'A card is charged by its capture');
  if (capture === undefined) throw lacking('capture', 'say when the money is to be taken');
  if (body.paymentToken === undefined) {
    throw lacking('paymentToken', 'send the token that the provider gave to the browser');
  }
  const captureAt = typeof capture === 'string' ? null : Date.parse(capture.at);
  if (captureAt !== null && captureAt <= at) {
    throw new Problem('capture-time-invalid', 'A capture is scheduled for a time in the future.');
  }
  if (captureAt !== null) assertSoon(captureAt, at);
  const captureMode = typeof capture === 'string' ? capture : 'manual';
  const policy = policyOf(settings['policy']);
  return { paymentId, total: amount, captureMode, captureAt, provider, policy, at };
}

function promiseInput({ paymentId, settings, provider, method, body, at }: Opening): object {
  const never = ['paymentToken', 'capture', 'returnUrl', 'corporateAccountId'] as const;
  refuse(body, never, 'It is promised, and paid elsewhere');
  const { policy: _policy, ...own } = settings;
  const offline = offlineConfig.settings.parse(own);
  const { timeZone, remindDaysBefore } = offline;
  const today = dateIn(timeZone, at);
  const due = dueDate(offline, method, body, today);
  if (due < today) throw new Problem('invalid-request', 'dueOn lies in the past.');
  const dueAt = startOfDay(timeZone, addDays(due, 1));
  // A day has 23 or 25 hours where clocks are changed: days are counted as dates.
  const remindAt =
    remindDaysBefore === undefined ? null : startOfDay(timeZone, addDays(due, -remindDaysBefore));
  const isCheck = method === 'check';
  return {
    paymentId,
    total: body.amount,
    provider,
    dueOn: due,
    dueAt,
    remindAt: remindAt !== null && remindAt > at ? remindAt : null,
    payTo: (isCheck ? offline.payTo : undefined) ?? null,
    sendTo: (isCheck ? offline.sendTo : undefined) ?? null,
    at,
  };
}

type Offline = ReturnType<(typeof offlineConfig.settings)['parse']>;

/** The order's own date or term wins, then the customer's, then that of its group. */
function dueDate(
  offline: Offline,
  method: string,
  body: StartBody,
  today: CalendarDate,
): CalendarDate {
  if (body.dueOn !== undefined) return body.dueOn;
  if (method === 'terms') return dueOn(termOf(offline, body).term, today);
  if (body.term !== undefined) throw lacking('dueOn', 'a check has a date and no payment term');
  return addDays(today, offline.checkWithinDays);
}
