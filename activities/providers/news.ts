/** What a provider's messages may turn out to be. Pure: the API reads them as they arrive. */

/** What the signature proves. */
export type Verdict =
  { readonly verified: true } | { readonly verified: false; readonly reason: string };

export type ReadMessage =
  | {
      readonly kind: 'news';
      readonly eventId: string;
      readonly type: string;
      readonly providerRef: string;
      /** Our own id, as the provider was told it. */
      readonly paymentId: string | null;
      /** What it says, in the words of the payment's lifecycle. */
      readonly claim: unknown;
    }
  /** It can be read, and Holdfast has no use for it. */
  | {
      readonly kind: 'ignored';
      readonly eventId: string;
      readonly type: string;
      readonly reason: string;
    }
  | { readonly kind: 'unreadable'; readonly reason: string };

export type ProviderWebhook = {
  /** Headers that are kept with a message: what the verdict rests on. */
  readonly headers: readonly string[];
  /** The address that is given to the provider ends with a secret, which is its proof. */
  readonly isProvenByAddress?: boolean;
  /** `tokenHash`: SHA-256, as hex digits, of the end of the address that the message came to, where it
   *  has a secret one; `at`: when the message was received, milliseconds since 1970. */
  verify(
    message: {
      readonly body: Buffer;
      readonly headers: Readonly<Record<string, string>>;
      readonly tokenHash: string | null;
    },
    credentials: unknown,
    at: number,
  ): Verdict;
  read(body: Buffer, mode: string): ReadMessage;
};
