import { cardLifecycle, type CardState } from '../../machines/card/card.lifecycle.ts';
import { versionOf } from '../../machines/lifecycles.ts';
import type { Frozen } from '../../machines/shared/lifecycle.ts';

/** A card payment's state, of whichever version it is.
 *  @throws Error when it is of another family */
export const thawedCard = (frozen: Frozen): CardState =>
  versionOf(cardLifecycle, frozen).thaw(frozen);
