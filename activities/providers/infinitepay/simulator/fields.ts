/**
 * The blocks of a request and the names in them. A name that is not documented is refused, so that a misspelt one
 * (`REBATE_GROSS` for `RABATE_GROSS`) is seen; the order of the elements is not documented and not looked at.
 */
import { SoapFault } from './soap.ts';
import type { Element } from './xml.ts';

export type Fields = ReadonlyMap<string, string>;

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
const numbered = (prefix: string): string =>
  Array.from({ length: 10 }, (_, index) => `${prefix}${index + 1}`).join(' ');

const BLOCKS: Readonly<Record<string, ReadonlySet<string>>> = {
  CLIENT_DATA: words('CLIENT_REF SECURITY_CD'),
  ORDER_DATA:
    words(`ORDER_ID REF_NO PAY_TYPE PAY_ID TRS_AMT_GROSS TRS_AMT_NET TRS_CURRENCY TRS_DT TRS_ID TRS_VAT_PERC
    RABATE_GROSS RABATE_NET SHIPPING_NAME SHIPPING_PRICE_GROSS SHIPPING_PRICE_NET TERMS_ACCEPTED TOTAL_GROSS_CALC_METHOD
    AUTO_CAPTURE AUTO_ACTIVATE`),
  DEBTOR_DATA:
    words(`COMPANY_DATA COM_OR_PER BD_EMAIL BD_SALUT BD_NAME_FS BD_NAME_LS BD_STREET BD_STREET_NR BD_ZIP
    BD_CITY BD_COUNTRY BD_TEL BD_MOBILE BD_TITLE BD_BIRTH_DT DB_NEW NEG_PAY_HIST IP_ADD ISP DB_ID_EXT DB_ID_INT
    DEBTOR_PROVIDER_ID SCORE SCORE_DATE SCORE_PROVIDER ${numbered('USER_DD_')}`),
  COMPANY_DATA: words('COMPANY_NAME OWNER_FS_NAME OWNER_LS_NAME COM_ID_VAT COM_ID_NUM COM_ID_TYPE'),
  ARTICLES: words('ARTICLE'),
  ARTICLE:
    words(`ARTICLE_ID ARTICLE_NAME ARTICLE_DESCRIPTION ARTICLE_QUANTITY ARTICLE_PRICE_NET ARTICLE_PRICE_GROSS
    ARTICLE_VAT_PERC`),
  INVOICE_DATA:
    words(`INVOICE_ID INVOICE_DATE DUE_DATE PAYMENT_TERMS DELAY_IN_DAYS DELIVERY_DATE DEBTOR_ACCOUNT
    COMMENT`),
  BANK_DATA: words('BNK_ACC_ID BNK_ACC_OWNER BNK_ACC_SWIFT'),
  TRANSACTION_DATA: words(
    'TRS_TYPE TRS_REASON TRS_AMT TRS_CURRENCY DOC_ID ACCOUNTING_DT VALUE_DT COMMENT',
  ),
};

/** The fields of an address that is not the billing one are documented as `DD_*` only. */
function isKnown(block: string, name: string): boolean {
  if (block === 'SHIPPING_DATA') return name === 'USE_BILL_DATA' || name.startsWith('DD_');
  return BLOCKS[block]?.has(name) === true;
}

/** A REQUEST with its blocks: `get('ORDER_DATA', 'ORDER_ID')`, an empty string when it is not there. */
export type Wish = {
  readonly get: (block: string, name: string) => string;
  readonly has: (block: string) => boolean;
  readonly articles: readonly Fields[];
};

/** @throws SoapFault on a block that the operation does not take, or a field that the block does not have */
export function readWish(request: Element, takes: readonly string[]): Wish {
  const blocks = new Map<string, Fields>();
  const articles: Fields[] = [];
  const read = (element: Element): void => {
    if (blocks.has(element.name)) throw unexpected(element.name);
    blocks.set(element.name, fieldsOf(element));
    for (const child of element.children) {
      if (child.name === 'ARTICLE') articles.push(fieldsOf(child));
      if (child.name === 'COMPANY_DATA') read(child);
    }
  };
  for (const block of request.children) {
    if (!takes.includes(block.name)) throw unexpected(block.name);
    read(block);
  }
  return {
    get: (block, name) => blocks.get(block)?.get(name) ?? '',
    has: (block) => blocks.has(block),
    articles,
  };
}

function fieldsOf(block: Element): Fields {
  const fields = new Map<string, string>();
  for (const { name, text } of block.children) {
    const repeats = fields.has(name) && name !== 'ARTICLE';
    if (repeats || !isKnown(block.name, name)) throw unexpected(`${block.name}/${name}`);
    fields.set(name, text);
  }
  return fields;
}

function unexpected(name: string): SoapFault {
  return new SoapFault('Client', `${name} was not expected here.`);
}
