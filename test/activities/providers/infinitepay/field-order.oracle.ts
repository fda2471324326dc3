/** The order of the elements by the only public client, as `field-order.oracle.json` has it: see its `source`. */
import oracle from './field-order.oracle.json' with { type: 'json' };

const classes: Readonly<Record<string, readonly string[]>> = oracle.classes;

const classNamed = (name: string): readonly string[] => {
  const order = classes[name];
  if (order === undefined) throw new Error(`The oracle has no class ${name}.`);
  return order;
};

const REQUESTS: Readonly<Record<string, string>> = {
  reserveOrder: 'RequestReservation',
  modifyReservedOrder: 'RequestModify',
  captureOrder: 'RequestCapture',
  activateOrder: 'RequestActivation',
  cancelOrder: 'RequestCancel',
  checkStatusOrder: 'RequestCheckStatus',
  applyTransactionOnActivatedOrder: 'RequestApplyTransaction',
};
const BLOCKS: Readonly<Record<string, string>> = {
  BANK_DATA: 'BankData',
  CLIENT_DATA: 'ClientData',
  DEBTOR_DATA: 'DebtorData',
  COMPANY_DATA: 'CompanyData',
  INVOICE_DATA: 'InvoiceData',
  ARTICLES: 'OrderArticleList',
  ARTICLE: 'OrderArticle',
  ORDER_DATA: 'OrderTotal',
  SHIPPING_DATA: 'ShippingData',
  TRANSACTION_DATA: 'TransactionData',
};

export const OPERATIONS = Object.keys(REQUESTS);
export const BLOCK_NAMES = Object.keys(BLOCKS);

/** What REQUEST of an operation holds, or a block of any. */
export const sequenceOfRequest = (operation: string) => classNamed(REQUESTS[operation] ?? '');
export const sequenceOfBlock = (name: string) => classNamed(BLOCKS[name] ?? '');

/** Of REQUEST whatever the operation is. */
const WHOLE = [...classNamed('RequestReservation'), 'TRANSACTION_DATA'];

/** The names as they come in the right order; what the oracle does not know comes last. */
export function inTheirOrder(holder: string, names: readonly string[]): string[] {
  const sequence = holder === 'REQUEST' ? WHOLE : holder in BLOCKS ? sequenceOfBlock(holder) : [];
  const place = (name: string) => (sequence.includes(name) ? sequence.indexOf(name) : Infinity);
  return names.toSorted((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}
