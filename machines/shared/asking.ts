/**
 * How a waiting payment asks its provider by itself. One schedule for every state and family: soon
 * at first, because most doubts end within seconds, then ever more rarely.
 */
export type Asking = {
  /** `ask`: the question is due now. `wait`: until `askAt`. */
  readonly phase: 'ask' | 'wait';
  readonly asked: number;
  /** When the doubt began; giving up is counted from here. */
  readonly since: number;
  readonly askAt: number;
};

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Pauses between questions; the last one repeats. The one of more than two minutes is for providers
 * without keys: what is not to be seen there counts as lost two minutes after it was sent last, and
 * a question may send it.
 */
export const ASK_AFTER_MS: readonly number[] = [
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  130 * SECOND,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
];

const pauseMs = (asked: number): number =>
  ASK_AFTER_MS[asked < ASK_AFTER_MS.length ? asked : ASK_AFTER_MS.length - 1] ?? HOUR;

/** Ask at once. */
export const askNow = (at: number): Asking => ({ phase: 'ask', asked: 0, since: at, askAt: at });

/** Ask for the first time after the first pause: the provider said that it is working on it. */
export const askSoon = (at: number): Asking => ({
  phase: 'wait',
  asked: 0,
  since: at,
  askAt: at + pauseMs(0),
});

/** Nobody waits for it, and whoever knows more will say so: the first question after half a minute,
 *  and soon once an hour. */
export const askRarely = (at: number): Asking => {
  const asked = ASK_AFTER_MS.indexOf(30 * SECOND);
  return { phase: 'wait', asked, since: at, askAt: at + pauseMs(asked) };
};

/** The last question brought nothing: ask again, later than last time. */
export const askLater = (asking: Asking, at: number, pauseMaxMs = HOUR): Asking => {
  const pause = pauseMs(asking.asked);
  return {
    phase: 'wait',
    asked: asking.asked + 1,
    since: asking.since,
    askAt: at + (pause < pauseMaxMs ? pause : pauseMaxMs),
  };
};

export const askAgain = (asking: Asking): Asking => ({ ...asking, phase: 'ask' });

/** Whether the next question comes first, or the end of patience, and when. */
export function askOrGiveUp(
  asking: Asking,
  patienceMs: number,
): { readonly at: number; readonly type: 'inquiry.due' | 'inquiry.exhausted' } {
  const giveUpAt = asking.since + patienceMs;
  return giveUpAt <= asking.askAt
    ? { type: 'inquiry.exhausted', at: giveUpAt }
    : { type: 'inquiry.due', at: asking.askAt };
}
