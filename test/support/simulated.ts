/** The admin plane of a simulator, over HTTP. */
type Fault = { operation: string; fault: string; times: number; delayMs?: number };

export function plane(url: string) {
  async function simulate(path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${url}/_sim/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text}`);
    return (text === '' ? null : JSON.parse(text)) as unknown;
  }
  return {
    simulate,
    fault: (fault: Fault) => simulate('faults', fault),
    ledger: () => simulate('ledger'),
  };
}
