/** How every simulator sends its webhooks. Its own are the body, the headers, and which answers it takes for heard. */

type HeaderFields = Readonly<Record<string, string>>;

export type WebhookTarget = { readonly url: string };

/** One delivery that was tried; `status` is null if nobody answered. */
export type Delivery<Event, Target> = {
  readonly event: Event;
  readonly target: Target;
  readonly status: number | null;
};

export type WebhookSender<Event, Target extends WebhookTarget, Attempt> = {
  /** Sends an event, the first time or once more. */
  send: (event: Event) => void;
  target: () => Target | null;
  /** From now on, retries included; null stops sending. */
  aim: (target: Target | null) => void;
  /** Oldest first. */
  attempts: () => readonly Attempt[];
  /** Drops what is under way and what was seen; the target stays. */
  forget: () => void;
  close: () => void;
};

export type WebhookDialect<Event, Target, Attempt> = {
  /** The body, as it is when the event is sent first: retries repeat it. */
  readonly write: (event: Event) => string;
  /** Beside what every request has; made anew for each attempt, since signatures are dated. */
  readonly headers: (body: string, target: Target) => HeaderFields | Promise<HeaderFields>;
  /** Whether nothing needs to be sent again. */
  readonly isHeard: (status: number) => boolean;
  /** What `attempts` shows of it. */
  readonly describe: (delivery: Delivery<Event, Target>) => Attempt;
  readonly onHeard?: (event: Event) => void;
};

type SenderParts<Event, Target, Attempt> = {
  readonly dialect: WebhookDialect<Event, Target, Attempt>;
  readonly target: Target | null;
  /** Pauses before the second, third, … attempt. */
  readonly retryMs: readonly number[] | undefined;
  /** After the target has changed. */
  readonly changed: () => void;
};

/** Seconds, where providers take hours and days. */
const RETRY_MS = [500, 2_000, 8_000, 30_000];
const TIMEOUT_MS = 10_000;
const ATTEMPTS_KEPT = 10_000;

/** Sends in the background: an answer of the API never waits for a webhook, a process never stays for one. */
export function createWebhookSender<Event, Target extends WebhookTarget, Attempt>(
  parts: SenderParts<Event, Target, Attempt>,
): WebhookSender<Event, Target, Attempt> {
  const { dialect, changed } = parts;
  const pauses = parts.retryMs ?? RETRY_MS;
  const closing = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const attempts: Attempt[] = [];
  let target = parts.target;

  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms).unref();
    timers.add(timer);
  };
  const drop = () => {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  };

  const attempt = async (event: Event, body: string, tries: number): Promise<void> => {
    if (closing.signal.aborted || target === null) return;
    const aimed = target;
    const headers = () => dialect.headers(body, aimed);
    const status = await deliver(aimed.url, { body, headers }, closing.signal);
    attempts.push(dialect.describe({ event, target: aimed, status }));
    if (attempts.length > ATTEMPTS_KEPT) attempts.shift();
    if (status !== null && dialect.isHeard(status)) {
      dialect.onHeard?.(event);
      return;
    }
    const pause = pauses[tries];
    if (pause !== undefined) later(pause, () => void attempt(event, body, tries + 1));
  };

  return {
    send: (event) => {
      if (target === null) return;
      const body = dialect.write(event);
      later(0, () => void attempt(event, body, 0));
    },
    target: () => target,
    aim: (next) => {
      target = next;
      changed();
    },
    attempts: () => attempts,
    forget: () => {
      drop();
      attempts.length = 0;
    },
    close: () => {
      closing.abort();
      drop();
    },
  };
}

async function deliver(
  url: string,
  { body, headers }: { body: string; headers: () => HeaderFields | Promise<HeaderFields> },
  closing: AbortSignal,
): Promise<number | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: await headers(),
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
}
