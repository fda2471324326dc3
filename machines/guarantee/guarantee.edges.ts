/** Where each fact may lead; what it holds then says where it does. */
import type { GuaranteeRules } from './guarantee.rules.ts';
import type { GuaranteeStatus } from './guarantee.types.ts';

/** Keeps what the event says, then goes wherever that puts the payment. */
export const leads = <const S extends readonly GuaranteeStatus[]>(...statuses: S) =>
  statuses.map((status) => ({
    target: status as S[number],
    guard: { type: 'leadsTo' as const, params: { status } },
    actions: 'record' as const,
  }));

type Way = ReturnType<typeof leads>;

/** Nothing is owed any more. */
export const SETTLED = ['paid', 'partially_refunded', 'refunded'] as const;

export const reservation = (rules: GuaranteeRules) => ({
  'reservation.approved': leads('reserved', 'capturing', 'cancelling', 'paid'),
  'reservation.declined': leads('declined'),
  'reservation.refused': rules.takesRefusalsForAnswers ? leads('declined') : leads('parked'),
  'reservation.absent': leads('expired'),
});

const NOT_MODIFIED = leads('reserved', ...SETTLED);

export const MODIFICATION = {
  'modification.approved': NOT_MODIFIED,
  'modification.declined': NOT_MODIFIED,
  'modification.refused': NOT_MODIFIED,
  'modification.absent': NOT_MODIFIED,
} as const;

const NOT_CAPTURED = leads('reserved', ...SETTLED);

export const CAPTURE = {
  'capture.approved': leads('captured', 'activating', ...SETTLED),
  'capture.declined': NOT_CAPTURED,
  'capture.refused': NOT_CAPTURED,
  'capture.absent': NOT_CAPTURED,
} as const;

/** As it was before it was asked for. */
const NOT_ACTIVATED = leads('captured', 'guarantee_denied', ...SETTLED);

export const ACTIVATION = {
  'activation.approved': leads('guaranteed', ...SETTLED),
  'activation.declined': leads('guarantee_denied', ...SETTLED),
  'activation.refused': NOT_ACTIVATED,
  'activation.absent': NOT_ACTIVATED,
} as const;

const NOT_CANCELLED = leads('reserved', 'captured', 'limit_blocked', ...SETTLED);

export const CANCELLATION = {
  'cancellation.approved': leads('cancelled', ...SETTLED),
  'cancellation.declined': leads('limit_blocked', ...SETTLED),
  'cancellation.refused': NOT_CANCELLED,
  'cancellation.absent': NOT_CANCELLED,
} as const;

/** The money has come, whether or not the provider knows. */
const AFTER_RECEIPT = leads('guaranteed', 'overdue', 'claimed', 'written_off', ...SETTLED);

export const APPLICATION = {
  'application.approved': AFTER_RECEIPT,
  'application.declined': AFTER_RECEIPT,
  'application.refused': AFTER_RECEIPT,
  'application.absent': AFTER_RECEIPT,
} as const;

/** Asking by itself: the next question is due, or the last one brought nothing. */
export const asks = <const S extends GuaranteeStatus>(status: S) =>
  ({
    'inquiry.due': leads(status),
    'inquiry.inconclusive': leads(status),
    'recheck.requested': leads(status),
    'news.received': leads(status),
  }) as const;

/** The provider is looked at, and shows nothing that moves the payment. */
const looked = <const S extends GuaranteeStatus>(status: S) =>
  ({
    ...asks(status),
    'inquiry.exhausted': leads(status),
    'picture.confirmed': leads(status),
    'picture.contradicted': leads(status),
  }) as const;

/** At rest the provider may be looked at, and what it shows moves the payment. */
export const looks = <const S extends GuaranteeStatus>(status: S) =>
  ({ ...looked(status), 'cancellation.found': leads('cancelled') }) as const;

export const AGES = <const S extends GuaranteeStatus>(status: S) =>
  ({ 'reservation.aged': leads(status) }) as const;

export const UNKNOWN = leads('inquiring');

const tellsAgain = { 'application.requested': leads('applying') } as const;

type Recording = {
  readonly received: Way;
  readonly bounced: Way;
  readonly refunded: Way;
};

/** Money that people record, wherever the payment is: version 1 did not take it. */
const records = (rules: GuaranteeRules, { received, bounced, refunded }: Recording) =>
  rules.recordsAllMoney
    ? {
        'receipt.recorded': received,
        'receipt.bounced': bounced,
        'refund.recorded': refunded,
      }
    : {};

export const recordsIn = (rules: GuaranteeRules, status: GuaranteeStatus) => {
  const here = leads(status);
  return records(rules, { received: here, bounced: here, refunded: here });
};

/** Not guaranteed: what comes pays it, and then it is only an order there. */
export const recordsBefore = (rules: GuaranteeRules, status: GuaranteeStatus) =>
  records(rules, {
    received: leads(status, 'paid', 'partially_refunded'),
    bounced: leads(status),
    refunded: leads(status),
  });

const OPEN = [
  'reserved',
  'captured',
  'guarantee_denied',
  'limit_blocked',
  'guaranteed',
  'overdue',
] as const;

const MONEY_OF_INVOICE = (rules: GuaranteeRules, status: 'guaranteed' | 'overdue') =>
  rules.recordsAllMoney
    ? {
        'receipt.recorded': leads(
          'applying',
          status,
          'paid',
          'claimed',
          'partially_refunded',
          'written_off',
        ),
        'receipt.bounced': leads(status),
        'refund.recorded': leads(status),
      }
    : { 'receipt.recorded': leads('applying', status, 'paid', 'claimed') };

export const CLAIMED = (status: 'guaranteed' | 'overdue') =>
  leads('claimed', status, 'partially_refunded', 'written_off');

export const settles = (rules: GuaranteeRules, status: 'guaranteed' | 'overdue') => ({
  ...looks(status),
  ...tellsAgain,
  ...MONEY_OF_INVOICE(rules, status),
  'payment.found': leads('paid', 'claimed', 'partially_refunded', 'written_off'),
  'claim.found': CLAIMED(status),
});

/** Nothing is owed, until money bounces. */
const settled = (
  rules: GuaranteeRules,
  status: 'paid' | 'claimed' | 'written_off' | 'partially_refunded' | 'refunded',
) =>
  rules.recordsAllMoney
    ? {
        ...looked(status),
        ...tellsAgain,
        'receipt.recorded': leads('applying', 'claimed', 'written_off', ...SETTLED),
        'receipt.bounced': leads(...OPEN, 'claimed', 'written_off', ...SETTLED),
      }
    : tellsAgain;

const REFUNDED = leads('claimed', 'written_off', ...SETTLED);

/** The invoice was guaranteed: its order is over with it. */
export const settledThere = (rules: GuaranteeRules, status: 'claimed' | 'written_off') => ({
  ...settled(rules, status),
  ...(rules.recordsAllMoney ? { 'refund.recorded': REFUNDED } : {}),
});

/** The order may still stand there, and has to be ended. */
export const settledHere = (
  rules: GuaranteeRules,
  status: 'paid' | 'partially_refunded' | 'refunded',
) => ({
  ...settled(rules, status),
  ...(rules.recordsAllMoney
    ? {
        'cancellation.found': leads(status),
        'cancellation.requested': leads('cancelling'),
        'release.claimed': leads('releasing'),
        // Of what was refunded as a whole nothing is left.
        ...(status === 'refunded' ? {} : { 'refund.recorded': REFUNDED }),
      }
    : {}),
});

/** In version 1 it was over for good, whatever came. */
export const over = (rules: GuaranteeRules, status: 'cancelled' | 'declined' | 'expired') =>
  rules.recordsAllMoney ? { on: recordsIn(rules, status) } : ({ type: 'final' } as const);

export const RESOLVED = leads(
  'reserved',
  'capturing',
  'captured',
  'activating',
  'guaranteed',
  'guarantee_denied',
  'overdue',
  'claimed',
  'written_off',
  'cancelling',
  'cancelled',
  'limit_blocked',
  'expired',
  ...SETTLED,
);
