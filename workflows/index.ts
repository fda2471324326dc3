export { cardPayment } from './card.workflow.ts';
export { sweepPayments } from './sweep.workflow.ts';
