/** Takes out of a text what no log may keep: credentials and card numbers. */
import { maskCardNumbers } from './card-number.ts';

/** Longer texts are cut before they are searched: nobody reads on, and searching costs. */
const SEARCHED_MAX = 16_384;

const HIDDEN = '[hidden]';

/** What is in front of a secret is kept (`$1`), so that the reader sees what was there. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [^-]*PRIVATE KEY-----[\s\S]*?(?:-----END [^-]*-----|$)/g, HIDDEN],
  // User and password of an address, as far as the last @ before a space.
  [/\b([a-z][\w+.-]*:\/\/[^\s:/@"'<>]*):[^\s"'<>]*@/gi, `$1:${HIDDEN}@`],
  [/\b(Bearer|Basic|Digest)[ \t]+[\w.~+/=:-]+/gi, `$1 ${HIDDEN}`],
  // `password=…`, `"secretKey":"…"`, `?token=…`, `Apruve-Api-Key: …`, `<PASSWORD>…`
  [
    /((?:passw(?:or)?d|passphrase|secret|token|credentials?|api[-_ ]?key|secret[-_ ]?key|private[-_ ]?key|authorization|cookie)s?\\?["']?(?:\s*[=:]\s*|>\s*)\[?\\?["']?)(?!\[hidden\]|(?:Bearer|Basic|Digest)\b)[^\s"'\\&;,<>\])}]+/gi,
    `$1${HIDDEN}`,
  ],
  // Stripe's keys and secrets, also as it quotes them, and ours.
  [/\b(?:sk|rk|pk)_(?:test|live)_[\w*]+/g, HIDDEN],
  [/\bwhsec_[\w+/=]+/g, HIDDEN],
  [/\b\w+_secret_\w+/g, HIDDEN],
  [/\bhf_(?:test|live)_[\w-]+/g, HIDDEN],
  // A token at the end of the address that a provider's news comes to.
  [/(\/webhooks\/[\w-]+\/[\w-]+\/)[^\s/"'?#]+/g, `$1${HIDDEN}`],
  // A JSON Web Token, and 32 bytes in base64 as HOLDFAST_SECRET_KEY has them.
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN],
  [/(?<![\w+/])[A-Za-z\d+/]{43}=(?!=)/g, HIDDEN],
];

/** `text` without secrets and card numbers, and no longer than `charactersMax`. */
export function redact(text: string, charactersMax: number): string {
  const searched = text.slice(0, SEARCHED_MAX);
  const clean = maskCardNumbers(
    SECRETS.reduce((rest, [pattern, instead]) => rest.replaceAll(pattern, instead), searched),
  );
  return clean.length > charactersMax ? `${clean.slice(0, charactersMax)}…` : clean;
}
