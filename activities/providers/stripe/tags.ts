/** Our own names in Stripe's metadata: by them a payment and an operation are found again. */
export const PAYMENT_TAG = 'holdfast_payment';
export const OPERATION_TAG = 'holdfast_operation';
