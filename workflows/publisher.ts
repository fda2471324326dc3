import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { Deadline } from '../machines/shared/lifecycle.ts';
import { needsAttention, paymentStatus } from './search-attributes.ts';
import { describePayment } from './details.ts';
import type { PaymentRun } from './run.ts';

/** Shows a payment in the Temporal UI. Details are free; search attributes are written only when
 *  the payment stops somewhere, since each write is an action that Temporal Cloud bills. */
export class Publisher {
  readonly #run: PaymentRun;
  #shown: string;

  constructor(run: PaymentRun) {
    this.#run = run;
    this.#shown = this.#key();
  }

  publish(deadline: Deadline | null): void {
    const view = this.#run.view;
    setCurrentDetails(
      describePayment(this.#run.paymentId, view, deadline, this.#run.refusedSignal),
    );
    if (this.#key() === this.#shown) return;
    this.#shown = this.#key();
    upsertSearchAttributes([
      { key: paymentStatus, value: view.status },
      { key: needsAttention, value: view.needsAttention !== null },
    ]);
  }

  #key(): string {
    const { status, needsAttention: attention } = this.#run.view;
    return `${status} ${attention !== null}`;
  }
}
