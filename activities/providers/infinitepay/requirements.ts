/** What InfinitePay needs to know of a buyer before it is asked. Pure. */
import { z } from 'zod';
import type { BuyerDetails } from '../order-details.ts';
import type { InfinitePaySettings } from './config.ts';
import { isVatId } from './vat-ids.ts';

/** COM_OR_PER, spelled as InfinitePay spells it. `sonst_pers_ges` is what its form calls "Sonst.
 *  KapitalGes". Source: OroInfinitePayBundle, DebtorDataType (30039cb), read 2026-11-21. */
export const LEGAL_FORMS = [
  'ag',
  'eg',
  'ek',
  'ev',
  'freelancer',
  'gbr',
  'gmbh',
  'gmbh_ig',
  'gmbh_co_kg',
  'kg',
  'kgaa',
  'ltd',
  'ltd_co_kg',
  'ohg',
  'offtl_einrichtung',
  'sonst_pers_ges',
  'stiftung',
  'ug',
  'einzel',
] as const;

const isLegalForm = (value: string): boolean => (LEGAL_FORMS as readonly string[]).includes(value);

const isEmail = (value: string): boolean => z.email().safeParse(value).success;

/** One entry for each thing that is missing or wrong, with what to do about it. The VAT id and the
 *  billing address may be of different countries. */
export function infinitePayRequirements(
  buyer: BuyerDetails | undefined,
  { countries }: Pick<InfinitePaySettings, 'countries'>,
): readonly { path: string; message: string }[] {
  const country = buyer?.billingAddress?.country;
  const covered = countries.join(', ');
  const checks: [path: string, value: string | undefined, isGood: boolean, message: string][] = [
    [
      'buyer.email',
      buyer?.email,
      isEmail(buyer?.email ?? ''),
      'Send the e-mail address under which InfinitePay may know the buyer.',
    ],
    ['buyer.company', buyer?.company, true, 'Send the name of the company that buys.'],
    [
      'buyer.vatId',
      buyer?.vatId,
      isVatId(buyer?.vatId ?? ''),
      'Send the company’s VAT id with the letters of its country, such as DE136695976.',
    ],
    [
      'buyer.legalForm',
      buyer?.legalForm,
      isLegalForm(buyer?.legalForm ?? ''),
      `Send the company’s legal form, one of: ${LEGAL_FORMS.join(', ')}.`,
    ],
    [
      'buyer.billingAddress.country',
      country,
      countries.includes(country ?? ''),
      `Send a billing address in a country that InfinitePay covers here: ${covered}.`,
    ],
  ];
  return checks.flatMap(([path, value, isGood, message]) =>
    value === undefined || value.trim() === '' || !isGood ? [{ path, message }] : [],
  );
}
