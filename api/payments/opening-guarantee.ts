import { policyOf } from '../../activities/providers/catalog.ts';
import { infinitePayConfig } from '../../activities/providers/infinitepay/config.ts';
import { infinitePayRequirements } from '../../activities/providers/infinitepay/requirements.ts';
import { invalid, type Opening, orderIdOf, refuse, termOf } from './opening-rules.ts';

const DAY_MS = 86_400_000;

/** @throws Problem that names everything which the provider needs to know of the buyer and does not */
export function guaranteeInput(opening: Opening): object {
  const { paymentId, settings, provider, body, at } = opening;
  refuse(
    body,
    ['paymentToken', 'capture', 'returnUrl', 'dueOn', 'corporateAccountId'],
    'The integration says what follows a reservation, and the activation has the dates',
  );
  const own = infinitePayConfig.settingsIn(settings);
  const problems = infinitePayRequirements(body.buyer, own);
  if (problems.length > 0) throw invalid(problems);
  const { name } = termOf(own, body);
  const { startWithinMs, inquireWithinMs, onLateMoney } = policyOf(settings['policy']);
  return {
    paymentId,
    total: body.amount,
    provider,
    orderId: orderIdOf(opening, 8),
    term: name,
    policy: {
      startWithinMs,
      inquireWithinMs,
      autoCapture: own.autoCapture,
      autoActivate: own.autoActivate,
      appliesReceipts: own.appliesReceipts,
      activateWithinMs: own.activateWithinDays * DAY_MS,
      onLateReservation: onLateMoney,
    },
    at,
  };
}
