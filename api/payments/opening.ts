/** What a lifecycle is opened with, from the request and the integration's settings. */
import { policyOf } from '../../activities/providers/catalog.ts';
import { offlineConfig } from '../../activities/providers/offline/config.ts';
import { addDays, type CalendarDate } from '../../machines/shared/calendar.ts';
import { dueOn } from '../../machines/promise/promise.terms.ts';
import { Problem } from '../problem.ts';
import type { StartBody } from './schemas.ts';
import { dateIn, startOfDay } from './zones.ts';

const DAY_MS = 86_400_000;

export type Opening = {
  readonly paymentId: string;
  readonly lifecycle: string;
  /** Of the integration, such as `check`. */
  readonly method: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** The provider as people say it. */
  readonly provider: string;
  readonly body: StartBody;
  readonly at: number;
};

/** @throws Problem when the request lacks what this method needs, or has what it cannot use */
export function inputOf(opening: Opening): unknown {
  switch (opening.lifecycle) {
    case 'card':
      return cardInput(opening);
    case 'promise':
      return promiseInput(opening);
    default:
      throw new Error(`no payment can be opened as ${opening.lifecycle}`);
  }
}

function cardInput({ paymentId, settings, provider, body, at }: Opening): object {
  const { amount, capture } = body;
  refuse(body, ['term', 'dueOn'], 'A card is charged by its capture');
  if (capture === undefined) throw lacking('capture', 'say when the money is to be taken');
  if (body.paymentToken === undefined) {
    throw lacking('paymentToken', 'send the token that the provider gave to the browser');
  }
  const captureAt = typeof capture === 'string' ? null : Date.parse(capture.at);
  if (captureAt !== null && captureAt <= at) {
    throw new Problem('capture-time-invalid', 'A capture is scheduled for a time in the future.');
  }
  const captureMode = typeof capture === 'string' ? capture : 'manual';
  const policy = policyOf(settings['policy']);
  return { paymentId, total: amount, captureMode, captureAt, provider, policy, at };
}

function promiseInput({ paymentId, settings, provider, method, body, at }: Opening): object {
  refuse(body, ['paymentToken', 'capture', 'returnUrl'], 'It is promised, and paid elsewhere');
  const { policy: _policy, ...own } = settings;
  const offline = offlineConfig.settings.parse(own);
  const { timeZone, remindDaysBefore } = offline;
  const today = dateIn(timeZone, at);
  const due = dueDate(offline, method, body, today);
  if (due < today) throw new Problem('invalid-request', 'dueOn lies in the past.');
  const dueAt = startOfDay(timeZone, addDays(due, 1));
  const remindAt = remindDaysBefore === undefined ? null : dueAt - (remindDaysBefore + 1) * DAY_MS;
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
  { checkWithinDays, customerGroups, customers, terms }: Offline,
  method: string,
  { buyer, dueOn: named, term: wanted }: StartBody,
  today: CalendarDate,
): CalendarDate {
  if (named !== undefined) return named;
  if (method === 'check') {
    if (wanted !== undefined) throw lacking('dueOn', 'a check has a date and no payment term');
    return addDays(today, checkWithinDays);
  }
  const name =
    wanted ?? customers[buyer?.customerNumber ?? ''] ?? customerGroups[buyer?.customerGroup ?? ''];
  const term = name === undefined ? undefined : terms[name];
  if (term !== undefined) return dueOn(term, today);
  throw new Problem(
    'no-payment-term',
    name === undefined
      ? 'This customer has no payment term, and neither has its group. Send one with the order, or offer another method.'
      : `The integration has no payment term ${name}.`,
  );
}

function refuse(body: StartBody, names: readonly (keyof StartBody)[], why: string): void {
  const given = names.filter((name) => body[name] !== undefined);
  if (given.length === 0) return;
  throw new Problem('invalid-request', `${given.join(', ')}: not for this method. ${why}.`, {
    errors: given.map((path) => ({ path, message: 'not for this method' })),
  });
}

const lacking = (path: string, what: string): Problem =>
  new Problem('invalid-request', `${path}: ${what}`, { errors: [{ path, message: what }] });
