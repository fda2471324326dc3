/** The simulators' admin planes, and what people do at the providers' pages. */
import type { ProviderName } from './plan.ts';

export type Movement = {
  readonly kind: string;
  readonly ref: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly key: string | null;
  readonly at: string;
};

export type Simulators = ReturnType<typeof createSimulators>;

export function createSimulators(urls: Readonly<Record<ProviderName, string>>) {
  async function ask(provider: ProviderName, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${urls[provider]}/_sim/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${provider} ${path}: ${response.status} ${text}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }
  /** A form sent by a browser; where it leads, or null. */
  async function submit(url: string, fields: Record<string, string>): Promise<string | null> {
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
    await response.text();
    return response.headers.get('location');
  }
  return {
    urls,
    ask,
    submit,
    ledger: async (provider: ProviderName) => (await ask(provider, 'ledger')) as Movement[],
    /** Clears what is armed; how many uses of which fault were left. */
    async clearFaults(provider: ProviderName) {
      const left = (await ask(provider, 'faults')) as { fault: string; remaining: number }[];
      await fetch(`${urls[provider]}/_sim/faults`, { method: 'DELETE' });
      return left;
    },
  };
}
