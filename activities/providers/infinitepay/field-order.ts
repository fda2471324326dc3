/**
 * In which order the elements of a request go, by the name of what holds them. A copied fact: the
 * order of the properties in the classes of OroInfinitePayBundle (30039cb, Service/InfinitePay),
 * which are made from the WSDL, read 2026-12-01. A service that validates takes no other.
 */
import { assert } from '../../../machines/shared/assert.ts';
import type { Xml } from './xml.ts';

const names = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What comes with REQUEST of each operation is a part of this one list. */
export const FIELD_ORDER: Readonly<Record<string, readonly string[]>> = {
  REQUEST: names(`BANK_DATA CLIENT_DATA DEBTOR_DATA INVOICE_DATA ARTICLES ORDER_DATA SHIPPING_DATA
    TRANSACTION_DATA`),
  CLIENT_DATA: names('CLIENT_REF SECURITY_CD'),
  DEBTOR_DATA: names(`COMPANY_DATA BD_BIRTH_DT BD_CITY BD_COUNTRY BD_EMAIL BD_MOBILE BD_NAME_FS
    BD_NAME_LS BD_SALUT BD_STREET BD_STREET_NR BD_TEL BD_TITLE BD_ZIP COM_OR_PER DB_ID_EXT DB_ID_INT
    DB_NEW DEBTOR_PROVIDER_ID IP_ADD ISP NEG_PAY_HIST SCORE SCORE_DATE SCORE_PROVIDER USER_DD_1
    USER_DD_10 USER_DD_2 USER_DD_3 USER_DD_4 USER_DD_5 USER_DD_6 USER_DD_7 USER_DD_8 USER_DD_9`),
  COMPANY_DATA: names(`COM_ID_NUM COM_ID_TYPE COM_ID_VAT OWNER_FS_NAME OWNER_LS_NAME COMPANY_NAME`),
  INVOICE_DATA: names(`COMMENT DEBTOR_ACCOUNT DELAY_IN_DAYS DELIVERY_DATE DUE_DATE INVOICE_DATE
    INVOICE_ID PAYMENT_TERMS`),
  ARTICLES: names('ARTICLE'),
  ARTICLE: names(`ARTICLE_DESCRIPTION ARTICLE_ID ARTICLE_NAME ARTICLE_PRICE_GROSS ARTICLE_PRICE_NET
    ARTICLE_QUANTITY ARTICLE_VAT_PERC`),
  ORDER_DATA: names(`AUTO_ACTIVATE AUTO_CAPTURE ORDER_ID PAY_ID PAY_TYPE RABATE_GROSS RABATE_NET
    REF_NO SHIPPING_NAME SHIPPING_PRICE_GROSS SHIPPING_PRICE_NET TERMS_ACCEPTED TRS_AMT_GROSS
    TRS_AMT_NET TRS_CURRENCY TRS_DT TRS_ID TRS_VAT_PERC TOTAL_GROSS_CALC_METHOD`),
  SHIPPING_DATA: names(`DD_BIRTH_DT DD_CITY DD_COUNTRY DD_EMAIL DD_MOBILE DD_NAME_FS DD_NAME_LS
    DD_SALUT DD_STREET DD_STREET_NR DD_TEL DD_TITLE DD_ZIP USE_BILL_DATA`),
  TRANSACTION_DATA: names(`ACCOUNTING_DT COMMENT DOC_ID TRS_AMT TRS_CURRENCY TRS_REASON TRS_TYPE
    VALUE_DT`),
};

/** What `holder` holds, each element in its place, and so at every depth.
 *  @throws Error for a name that has no place there: our bug, found before anything is sent */
export function inOrder(holder: string, elements: Xml): Xml {
  const order = FIELD_ORDER[holder] ?? [];
  const stray = Object.keys(elements).find((name) => !order.includes(name));
  assert(stray === undefined, `${holder} has no place for ${stray}`);
  return Object.fromEntries(order.map((name) => [name, placed(name, elements[name])]));
}

function placed(name: string, value: Xml[string]): Xml[string] {
  if (value === undefined || typeof value === 'string') return value;
  return isList(value) ? value.map((each) => inOrder(name, each)) : inOrder(name, value);
}

const isList = (value: Xml | readonly Xml[]): value is readonly Xml[] => Array.isArray(value);
