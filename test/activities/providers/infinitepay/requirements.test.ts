import { describe, expect, it } from 'vitest';
import {
  infinitePayRequirements,
  LEGAL_FORMS,
} from '../../../../activities/providers/infinitepay/requirements.ts';
import { BUYER } from './adapter.stage.ts';

const SETTINGS = { countries: ['AT', 'DE'] };
const missing = (more: object) =>
  infinitePayRequirements({ ...BUYER, ...more }, SETTINGS).map(({ path }) => path);

describe('what InfinitePay needs of a buyer', () => {
  it('is there', () => {
    expect(missing({})).toEqual([]);
  });

  it('is all named when nothing is known, each with what to do', () => {
    const found = infinitePayRequirements(undefined, SETTINGS);
    expect(found.map(({ path }) => path)).toEqual([
      'buyer.email',
      'buyer.company',
      'buyer.vatId',
      'buyer.legalForm',
      'buyer.billingAddress.country',
    ]);
    for (const { message } of found) expect(message).toMatch(/^Send .+\.$/);
    expect(found.at(-1)?.message).toContain('AT, DE');
  });

  it.each([
    ['email', undefined],
    ['email', ''],
    ['email', 'erika'],
    ['company', undefined],
    ['company', ' '],
    ['vatId', undefined],
    ['vatId', 'DE136695975'],
    ['vatId', 'DE13669597'],
    ['vatId', 'GR 12'],
    ['vatId', 'XI434031495'],
    ['vatId', 'AB1'],
    ['vatId', 'AB12345678901234567890'],
    ['legalForm', undefined],
    ['legalForm', 'GmbH'],
    ['legalForm', 'constructor'],
  ])('lacks %s when that is %j', (field, value) => {
    expect(missing({ [field]: value })).toEqual([`buyer.${field}`]);
  });

  it.each([undefined, { country: 'FR' }, { country: '' }])(
    'lacks a billing address that is covered when it is %j',
    (billingAddress) => {
      expect(missing({ billingAddress })).toEqual(['buyer.billingAddress.country']);
    },
  );

  it.each([
    'DE136695976',
    'de 136.695.976',
    'ATU13585627',
    'EL094259216',
    'GR094259216',
    'GB434031494',
    'XI434031494',
    'CHE-107.787.577 MWST',
    'LI12345',
    '12345678901234',
  ])('takes the VAT id %s, of whatever country', (vatId) => {
    expect(missing({ vatId })).toEqual([]);
  });

  it('takes every legal form as InfinitePay spells it', () => {
    for (const legalForm of LEGAL_FORMS) expect(missing({ legalForm })).toEqual([]);
    expect(LEGAL_FORMS).toContain('offtl_einrichtung');
  });
});
