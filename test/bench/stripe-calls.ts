/** The two calls of a card payment as anybody would write them: what all variants have in common. */
type Form = Readonly<Record<string, string>>;

async function post(url: string, key: string, form: Form): Promise<{ id: string; status: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_bench', 'idempotency-key': key },
    body: new URLSearchParams(form),
  });
  const body = (await response.json()) as { id: string; status: string };
  if (!response.ok) throw new Error(`${url}: ${JSON.stringify(body)}`);
  return body;
}

export const authorizeCall = (
  baseUrl: string,
  key: string,
  amountMinor: number,
): Promise<{ id: string; status: string }> =>
  post(`${baseUrl}/v1/payment_intents`, key, {
    amount: String(amountMinor),
    currency: 'eur',
    payment_method: 'pm_card_visa',
    'allowed_payment_method_types[0]': 'card',
    confirm: 'true',
    capture_method: 'manual',
    return_url: 'http://127.0.0.1/',
  });

export const captureCall = (baseUrl: string, key: string, id: string) =>
  post(`${baseUrl}/v1/payment_intents/${id}/capture`, key, {});
