/** RESPONSE as it is documented. STATUS "1" is success and everything else is not; "0" is what we send. */
import type { Element, XmlObject } from './xml.ts';
import type { Wish } from './fields.ts';
import { plays } from './scenarios.ts';
import { newNumber, type Order } from './store.ts';

/** ERROR_CD and ERROR_MSG. The real codes are not published: ours begin with `SIM_`, so that nobody relies on them. */
export type Complaint = { readonly code: `SIM_${string}`; readonly message: string };

export type Reply = {
  readonly isDone: boolean;
  readonly order: Order | null;
  readonly complaints?: readonly Complaint[];
  /** What RESPONSE carries beside RESPONSE_DATA, such as DEBTOR_CORRECTED_DATA. */
  readonly more?: XmlObject;
};

/** A definite no, with nothing done. */
export class Denial extends Error {
  override name = 'Denial';
  readonly complaints: readonly Complaint[];
  readonly order: Order | null;
  constructor(complaints: readonly Complaint[], order: Order | null = null) {
    super(complaints.map(({ message }) => message).join(' '));
    this.complaints = complaints;
    this.order = order;
  }
}

export function denied(code: Complaint['code'], message: string, order?: Order): Denial {
  return new Denial([{ code, message }], order);
}

/** In these answers ORDER_ID, GUAR_AMT, REF_NO and STATUS stand a second time, beside RESPONSE_DATA. */
const REPEATS = new Set(['captureOrder', 'activateOrder', 'cancelOrder', 'checkStatusOrder']);

export function bodyOf(call: Element, wish: Wish, reply: Reply): XmlObject {
  const { order, isDone, complaints = [], more = {} } = reply;
  const ORDER_ID = order?.orderId ?? wish.get('ORDER_DATA', 'ORDER_ID');
  const said = {
    GUAR_AMT: guaranteeOf(order),
    REF_NO: order?.refNo ?? '',
    STATUS: isDone ? '1' : '0',
  };
  const response: XmlObject = {
    ERROR_DATA:
      complaints.length === 0
        ? undefined
        : {
            ERROR: complaints.map(({ code, message }) => ({ ERROR_CD: code, ERROR_MSG: message })),
          },
    REQUEST_ID: newNumber(),
    RESPONSE_DATA: {
      ADD_INFO: order?.state ?? '',
      ORDER_ID,
      DB_ID: order?.debtorId ?? '',
      ...said,
    },
    ...(REPEATS.has(call.name) ? { ORDER_ID, ...said } : {}),
    ...more,
  };
  return {
    [`ip:${call.name}Response`]: { '@xmlns:ip': call.namespace ?? undefined, RESPONSE: response },
  };
}

function guaranteeOf(order: Order | null): string | undefined {
  if (order !== null && plays(order.scenario, 'guarantee-unsaid')) return undefined;
  return String(order?.guaranteedMinor ?? 0);
}
