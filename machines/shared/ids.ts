/** `op_<payment>_<verb>_<ordinal>`: the same operation has the same id in every attempt, every run
 *  and every process, because it is computed and never drawn. */
export function operationId(paymentId: string, verb: string, ordinal: number): string {
  return `op_${paymentId.replace(/^pay_/, '')}_${verb}_${ordinal}`;
}
