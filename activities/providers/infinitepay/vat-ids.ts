/** VAT ids by their form and check digits. Whether one is in use is not asked (VIES). Pure. */
import { checkVAT, countries, type Country } from 'jsvat';

/** By the two letters that an id begins with. Brazil's numbers begin with no letters. */
const RULES: ReadonlyMap<string, Country> = new Map(
  countries.flatMap((country) => {
    const [code = ''] = country.codes;
    return code === 'BR' ? [] : [[code, country]];
  }),
);

/** Greece's ids begin with EL, and are at times written with GR. Northern Ireland's begin with XI
 *  and are otherwise British. Source: https://vatnode.dev/guides/eu-vat-number-formats and
 *  https://www.vatverify.dev/glossary/xi-prefix, read 2026-11-21. The rules know GR as the country
 *  and EL as the beginning. */
const ALIASES: Readonly<Record<string, readonly [country: string, prefix: string]>> = {
  EL: ['GR', 'EL'],
  GR: ['GR', 'EL'],
  XI: ['GB', 'GB'],
};

/** False when no such id can exist. Where no rule of the country is known: letters and digits. */
export function isVatId(written: string): boolean {
  const id = written.toUpperCase().replace(/[\s./-]/g, '');
  const [country, prefix] = ALIASES[id.slice(0, 2)] ?? [id.slice(0, 2), id.slice(0, 2)];
  const rule = RULES.get(country);
  return rule === undefined
    ? /^[A-Z0-9]{4,20}$/.test(id)
    : checkVAT(prefix + id.slice(2), [rule]).isValid;
}
