/** What the openings of several families share: what a request may not have, and whose term it is. */
import type { PaymentTerm } from '../../machines/shared/payment-term.ts';
import { Problem } from '../problem.ts';
import type { StartBody } from './start-body.ts';

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

/** @throws Problem naming every field of `names` that was given */
export function refuse(body: StartBody, names: readonly (keyof StartBody)[], why: string): void {
  const given = names.filter((name) => body[name] !== undefined);
  if (given.length === 0) return;
  throw new Problem('invalid-request', `${given.join(', ')}: not for this method. ${why}.`, {
    errors: given.map((path) => ({ path, message: 'not for this method' })),
  });
}

export const lacking = (path: string, what: string): Problem => invalid([{ path, message: what }]);

export const invalid = (errors: readonly { path: string; message: string }[]): Problem =>
  new Problem(
    'invalid-request',
    errors.map(({ path, message }) => `${path}: ${message.replace(/[.]$/, '')}`).join('. '),
    { errors },
  );

/** Of what is in `record` itself: every object answers to names such as `constructor`, too. */
export const own = <Value>(record: Readonly<Record<string, Value>>, name: string) =>
  Object.hasOwn(record, name) ? record[name] : undefined;

type Terms = {
  readonly terms: Readonly<Record<string, PaymentTerm>>;
  readonly customers: Readonly<Record<string, string>>;
  readonly customerGroups: Readonly<Record<string, string>>;
};

/** The order's own term wins, then the customer's, then that of its group.
 *  @throws Problem `no-payment-term` */
export function termOf(
  { customerGroups, customers, terms }: Terms,
  { buyer, term: wanted }: StartBody,
): { readonly name: string; readonly term: PaymentTerm } {
  const name =
    wanted ??
    own(customers, buyer?.customerNumber ?? '') ??
    own(customerGroups, buyer?.customerGroup ?? '');
  const term = name === undefined ? undefined : own(terms, name);
  if (name !== undefined && term !== undefined) return { name, term };
  throw new Problem(
    'no-payment-term',
    name === undefined
      ? 'This customer has no payment term, and neither has its group. Send one with the order, or offer another method.'
      : `The integration has no payment term ${name}.`,
  );
}

/** Under which a provider has the order: readable for people, and another one for each payment, since
 *  an order may be paid anew after a decline. `length`: how much of the payment's id is in it. */
export function orderIdOf({ paymentId, body }: Opening, length: number): string {
  const number = body.source.number.replaceAll(/[^\w.-]+/g, '-').slice(0, 40);
  return `${number}-${paymentId.slice(-length)}`;
}
