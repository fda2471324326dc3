import type { UnlockedIntegration } from '../db/repositories/integration.repository.ts';
import {
  guaranteeLifecycle,
  type GuaranteeState,
} from '../machines/guarantee/guarantee.lifecycle.ts';
import type { GuaranteeEvent } from '../machines/guarantee/guarantee.events.ts';
import type {
  GuaranteeEffect,
  GuaranteeOperationEffect,
  InvoiceTerms,
} from '../machines/guarantee/guarantee.types.ts';
import { assert } from '../machines/shared/assert.ts';
import type { Refusal } from '../machines/shared/lifecycle.ts';
import type { RefusedRequest } from '../machines/shared/operation.ts';
import { versionOf } from '../machines/lifecycles.ts';
import type { EffectInput, EffectOutcome } from './effect.contract.ts';
import type { GuaranteeActivities } from './guarantee.contract.ts';
import { guaranteeEvent, inconclusive } from './guarantee.outcomes.ts';
import { orderRequestIn } from './order-request.ts';
import type { Asked, Family, Objectionable, ProviderCallDependencies } from './family.ts';
import { objectionToInvoice } from './invoice-objection.ts';
import { callProvider } from './provider-call.ts';
import type {
  ActivateEffect,
  GuaranteeProvider,
  GuaranteeTerms,
  InvoiceTermsOf,
} from './providers/guarantee-provider.ts';

export type GuaranteeDependencies = ProviderCallDependencies & {
  readonly providerOf: (integration: UnlockedIntegration) => GuaranteeProvider;
  readonly invoiceTermsOf: InvoiceTermsOf;
};

export function createGuaranteeActivities(deps: GuaranteeDependencies): GuaranteeActivities {
  const act = (input: EffectInput<GuaranteeOperationEffect>): Promise<EffectOutcome> =>
    run(deps, input, (asked) => perform(deps, asked, input.effect));
  return {
    reserveOrder: act,
    modifyOrder: act,
    captureOrder: act,
    activateGuarantee: act,
    cancelGuarantee: act,
    tellReceipt: act,
    inquireGuarantee: (input) => run(deps, input, (asked) => inquire(deps, asked, input.effect)),
  };
}

type AskedGuarantee = Asked<GuaranteeState, GuaranteeProvider>;
type Inquiry = Extract<GuaranteeEffect, { type: 'inquire' }>;

function run(
  deps: GuaranteeDependencies,
  input: EffectInput<GuaranteeEffect>,
  act: (asked: AskedGuarantee) => Promise<readonly GuaranteeEvent[]>,
): Promise<EffectOutcome> {
  const family: Family<GuaranteeState, GuaranteeEvent, GuaranteeEffect, GuaranteeProvider> = {
    lifecycle: versionOf(guaranteeLifecycle, input.base),
    providerOf: deps.providerOf,
    // There is no idempotency key: what may have been sent is asked about.
    replayWithinMs: () => 0,
    refused: refusedGuarantee,
    contradicted: (at, reason) => ({ type: 'picture.contradicted', at, reason }),
    objection: {
      mayObject: ({ type }) => type === 'activate',
      to: (effect, on) => (effect.type === 'activate' ? objectionTo(deps, effect, on) : null),
    },
  };
  return callProvider(deps, family, input, act);
}

/** Number and dates are computed from the journal alone. */
function objectionTo(
  { invoiceTermsOf }: GuaranteeDependencies,
  effect: ActivateEffect,
  { frozen, integration, payment }: Objectionable,
): Refusal | null {
  const { context } = versionOf(guaranteeLifecycle, frozen).thaw(frozen);
  const order = { sourceNumber: payment.sourceNumber, term: context.term };
  return objectionToInvoice(() => invoiceTermsOf(integration, order, effect));
}

function refusedGuarantee(
  effect: GuaranteeEffect,
  at: number,
  request: RefusedRequest,
): GuaranteeEvent {
  assert(effect.type !== 'inquire', 'a question is not refused by us');
  const outcome = { kind: 'refused', ...request } as const;
  return guaranteeEvent(outcome, effect, null, at);
}

async function perform(
  deps: GuaranteeDependencies,
  asked: AskedGuarantee,
  effect: GuaranteeOperationEffect,
): Promise<readonly GuaranteeEvent[]> {
  const { call, provider } = asked;
  if (effect.type === 'reserve' && call.now() > effect.startBy) {
    return [{ type: 'payment.abandoned', at: call.now(), operationId: effect.operationId }];
  }
  const terms = termsOf(deps, asked, effect);
  const outcome = await provider.perform(effect, terms, call);
  return [guaranteeEvent(outcome, effect, terms.invoice, call.now())];
}

async function inquire(
  deps: GuaranteeDependencies,
  asked: AskedGuarantee,
  { about, lookOnly, since }: Inquiry,
): Promise<readonly GuaranteeEvent[]> {
  const { call, frozen, provider, state } = asked;
  if (about.type === 'picture') {
    const looked = await provider.look(about, call);
    if (looked.kind === 'inconclusive') return [inconclusive(looked, null, call.now())];
    const picture = looked.kind === 'absent' ? null : looked.picture;
    const lifecycle = versionOf(guaranteeLifecycle, frozen);
    const facts = lifecycle.factsOf(state, picture, call.now());
    return facts.length > 0 ? facts : [{ type: 'picture.confirmed', at: call.now() }];
  }
  const terms = termsOf(deps, asked, about);
  const found = await provider.inquire(about, terms, call, { since, lookOnly });
  return [guaranteeEvent(found, about, terms.invoice, call.now())];
}

function termsOf(
  { invoiceTermsOf }: GuaranteeDependencies,
  { integration, journaled, state }: AskedGuarantee,
  effect: GuaranteeOperationEffect,
): GuaranteeTerms & { readonly invoice: InvoiceTerms | null } {
  const { request, sourceNumber } = journaled.payment;
  const order = { sourceNumber, term: state.context.term };
  return {
    reserve: orderRequestIn(request),
    invoice: effect.type === 'activate' ? invoiceTermsOf(integration, order, effect) : null,
  };
}
