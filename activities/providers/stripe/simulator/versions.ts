/**
 * What depends on the API version of a request. Only what a client of this decade's versions can run into.
 * Sources, read 2026-11-21:
 * https://docs.stripe.com/changelog/endive/2026-09-30/removes-the-payment-method-types-parameter-from-payment-intents-and-setup-intents
 * https://docs.stripe.com/changelog/dahlia/2026-08-26/removes-payment-method-types-parameter-from-payment-intents-setup-intents
 */
import { badParameter } from './errors.ts';

/** `payment_method_types` may no longer be written: since 2026-08-26 in previews, since 2026-09-30 everywhere. */
export function checkVersion(version: string, wish: object): void {
  if (!('payment_method_types' in wish) || wish.payment_method_types === undefined) return;
  const date = version.slice(0, 10);
  const gone = date >= '2026-09-30' || (version.endsWith('.preview') && date >= '2026-08-26');
  if (!gone) return;
  throw badParameter(
    `The parameter payment_method_types is no longer supported as of API version ${version}. Use allowed_payment_method_types, excluded_payment_method_types or dynamic payment methods.`,
    { code: 'payment_method_types_no_longer_supported', param: 'payment_method_types' },
  );
}
