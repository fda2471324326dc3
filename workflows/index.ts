export { cardPayment } from './card.workflow.ts';
export { creditPayment } from './credit.workflow.ts';
export { guaranteedPayment } from './guarantee.workflow.ts';
export { promisedPayment } from './promise.workflow.ts';
export { sweepPayments } from './sweep.workflow.ts';
export { deliverEvents, sendTestEvent } from './deliver.workflow.ts';
export { identifyAccount } from './identify.workflow.ts';
export { reconcileIntegration, reconcileNightly } from './reconcile.workflow.ts';
