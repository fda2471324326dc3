/**
 * The blocks of a request and the names in them, in their order. A name that is not documented is refused, so that a
 * misspelt one (`REBATE_GROSS` for `RABATE_GROSS`) is seen, and so is another order: as a service does that validates
 * by an `xs:sequence`, of which the classes in OroInfinitePayBundle (30039cb, read 2026-12-01) are made.
 */
import { SoapFault } from './soap.ts';
import type { Element } from './xml.ts';

export type Fields = ReadonlyMap<string, string>;

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const SEQUENCES: Readonly<Record<string, readonly string[]>> = {
  REQUEST: words(`BANK_DATA CLIENT_DATA DEBTOR_DATA INVOICE_DATA ARTICLES ORDER_DATA SHIPPING_DATA
    TRANSACTION_DATA`),
  BANK_DATA: words('BNK_ACC_ID BNK_ACC_OWNER BNK_ACC_SWIFT'),
  CLIENT_DATA: words('CLIENT_REF SECURITY_CD'),
  DEBTOR_DATA:
    words(`COMPANY_DATA BD_BIRTH_DT BD_CITY BD_COUNTRY BD_EMAIL BD_MOBILE BD_NAME_FS BD_NAME_LS BD_SALUT
    BD_STREET BD_STREET_NR BD_TEL BD_TITLE BD_ZIP COM_OR_PER DB_ID_EXT DB_ID_INT DB_NEW DEBTOR_PROVIDER_ID IP_ADD ISP
    NEG_PAY_HIST SCORE SCORE_DATE SCORE_PROVIDER USER_DD_1 USER_DD_10 USER_DD_2 USER_DD_3 USER_DD_4 USER_DD_5 USER_DD_6
    USER_DD_7 USER_DD_8 USER_DD_9`),
  COMPANY_DATA: words('COM_ID_NUM COM_ID_TYPE COM_ID_VAT OWNER_FS_NAME OWNER_LS_NAME COMPANY_NAME'),
  INVOICE_DATA:
    words(`COMMENT DEBTOR_ACCOUNT DELAY_IN_DAYS DELIVERY_DATE DUE_DATE INVOICE_DATE INVOICE_ID
    PAYMENT_TERMS`),
  ARTICLES: words('ARTICLE'),
  ARTICLE:
    words(`ARTICLE_DESCRIPTION ARTICLE_ID ARTICLE_NAME ARTICLE_PRICE_GROSS ARTICLE_PRICE_NET ARTICLE_QUANTITY
    ARTICLE_VAT_PERC`),
  ORDER_DATA:
    words(`AUTO_ACTIVATE AUTO_CAPTURE ORDER_ID PAY_ID PAY_TYPE RABATE_GROSS RABATE_NET REF_NO SHIPPING_NAME
    SHIPPING_PRICE_GROSS SHIPPING_PRICE_NET TERMS_ACCEPTED TRS_AMT_GROSS TRS_AMT_NET TRS_CURRENCY TRS_DT TRS_ID
    TRS_VAT_PERC TOTAL_GROSS_CALC_METHOD`),
  SHIPPING_DATA:
    words(`DD_BIRTH_DT DD_CITY DD_COUNTRY DD_EMAIL DD_MOBILE DD_NAME_FS DD_NAME_LS DD_SALUT DD_STREET
    DD_STREET_NR DD_TEL DD_TITLE DD_ZIP USE_BILL_DATA`),
  TRANSACTION_DATA: words(
    'ACCOUNTING_DT COMMENT DOC_ID TRS_AMT TRS_CURRENCY TRS_REASON TRS_TYPE VALUE_DT',
  ),
};

/** A REQUEST with its blocks: `get('ORDER_DATA', 'ORDER_ID')`, an empty string when it is not there. */
export type Wish = {
  readonly get: (block: string, name: string) => string;
  /** Whether anything stands in it. */
  readonly has: (block: string) => boolean;
  readonly articles: readonly Fields[];
};

/** @throws SoapFault on a block that the operation does not take, or on a field that the block does not have there */
export function readWish(request: Element, takes: readonly string[]): Wish {
  const blocks = new Map<string, Fields>();
  const articles: Fields[] = [];
  const read = (element: Element): void => {
    blocks.set(element.name, fieldsOf(element));
    for (const child of element.children) {
      if (child.name === 'ARTICLE') articles.push(fieldsOf(child));
      if (child.name === 'COMPANY_DATA') read(child);
    }
  };
  fieldsOf(request);
  for (const block of request.children) {
    if (!takes.includes(block.name)) throw unexpected(block.name);
    read(block);
  }
  return {
    get: (block, name) => blocks.get(block)?.get(name) ?? '',
    has: (block) => (blocks.get(block)?.size ?? 0) > 0,
    articles,
  };
}

function fieldsOf(block: Element): Fields {
  const fields = new Map<string, string>();
  const sequence = SEQUENCES[block.name] ?? [];
  let from = 0;
  for (const { name, text } of block.children) {
    const place = sequence.indexOf(name, from);
    if (place === -1) throw unexpected(`${block.name}/${name}`);
    // Of all elements, articles alone may be there several times.
    from = name === 'ARTICLE' ? place : place + 1;
    fields.set(name, text);
  }
  return fields;
}

function unexpected(name: string): SoapFault {
  return new SoapFault('Client', `${name} was not expected here.`);
}
