/**
 * Reads Stripe's form-encoded bodies and queries (`metadata[a]=b`, `expand[]=latest_charge`) and checks them against a
 * shape, refusing as Stripe does. Encoding: https://docs.stripe.com/api (about), https://docs.stripe.com/error-codes
 * (`parameter_unknown`, `parameter_missing`, `parameter_invalid_*`), read 2026-11-21.
 */
import { z } from 'zod';
import { badParameter, type StripeFailure } from './errors.ts';

export type FormTree = { [name: string]: string | FormTree };

/** Objects without a prototype: a parameter called `__proto__` is just an unknown parameter. */
function emptyTree(): FormTree {
  return Object.create(null) as FormTree;
}

export function parseForm(text: string): FormTree {
  const tree = emptyTree();
  for (const [key, value] of new URLSearchParams(text)) {
    const path = key
      .split('[')
      .map((part, depth) => (depth === 0 ? part : part.replace(/\]$/, '')));
    put(tree, path, value);
  }
  return tree;
}

function put(tree: FormTree, path: readonly string[], value: string): void {
  const [head = '', ...rest] = path;
  const name = head === '' ? String(Object.keys(tree).length) : head;
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const held = tree[name];
  const child = typeof held === 'object' ? held : emptyTree();
  tree[name] = child;
  put(child, rest, value);
}

/** @throws StripeFailure naming the first parameter that is unknown, missing or malformed. */
export function readParameters<T>(tree: FormTree, shape: z.ZodType<T>): T {
  const result = shape.safeParse(tree);
  if (result.success) return result.data;
  const unknown = result.error.issues.find((issue) => issue.code === 'unrecognized_keys');
  const issue = unknown ?? result.error.issues[0];
  if (issue === undefined) throw new Error('A failed parse has an issue.');
  throw asStripeSays(issue, tree);
}

type Issue = z.core.$ZodIssue;

function asStripeSays(issue: Issue, tree: FormTree): StripeFailure {
  const param = nameOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => nameOf([...issue.path, key]));
    const label = names.length === 1 ? 'parameter' : 'parameters';
    const details = { code: 'parameter_unknown', param: names[0] ?? '' };
    return badParameter(`Received unknown ${label}: ${names.join(', ')}`, details);
  }
  const value = valueAt(tree, issue.path);
  if (value === undefined) {
    return badParameter(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
  if (value === '') {
    const message = `You passed an empty string for '${param}'. We assume empty values are an attempt to unset a parameter; however '${param}' cannot be unset.`;
    return badParameter(message, { code: 'parameter_invalid_empty', param });
  }
  if (issue.code === 'invalid_value') {
    const last = issue.values.at(-1);
    const others = issue.values.slice(0, -1).map(String).join(', ');
    const list = others === '' ? String(last) : `${others}, or ${String(last)}`;
    return badParameter(`Invalid ${param}: must be one of ${list}`, { param });
  }
  if (issue.code === 'custom') {
    const code: unknown = issue.params?.['code'];
    return badParameter(issue.message, typeof code === 'string' ? { code, param } : { param });
  }
  return badParameter(`Invalid ${param}`, { param });
}

function nameOf(path: readonly PropertyKey[]): string {
  const [head = '', ...rest] = path.map(String);
  return head + rest.map((part) => `[${part}]`).join('');
}

function valueAt(tree: FormTree, path: readonly PropertyKey[]): string | FormTree | undefined {
  let found: string | FormTree | undefined = tree;
  for (const part of path) {
    if (typeof found !== 'object') return undefined;
    found = found[String(part)];
  }
  return found;
}

/** The leaves a shape is built from. */
export const field = {
  integer: (min?: number, max?: number) =>
    z.string().transform((text, ctx) => {
      const fault = integerFault(text, min, max);
      if (fault === null) return Number(text);
      ctx.addIssue({
        code: 'custom',
        message: fault,
        params: { code: 'parameter_invalid_integer' },
      });
      return z.NEVER;
    }),
  boolean: () =>
    z.string().transform((text, ctx) => {
      if (text === 'true' || text === 'false') return text === 'true';
      ctx.addIssue({ code: 'custom', message: `Invalid boolean: ${text}` });
      return z.NEVER;
    }),
  text: (max = 5000) =>
    z
      .string()
      .min(1)
      .refine((text) => text.length <= max, { error: `Invalid string: at most ${max} characters` }),
  /** A string that an empty value unsets. */
  unsettable: (max = 5000) => z.string().refine((text) => text.length <= max, 'Invalid string'),
  list: () =>
    z.preprocess(
      (value) => (typeof value === 'object' && value !== null ? Object.values(value) : value),
      z.array(z.string().min(1)),
    ),
  url: () =>
    z.string().refine((text) => URL.canParse(text) && /^https?:/.test(text), {
      error: 'Not a valid URL',
      params: { code: 'url_invalid' },
    }),
  /** Limits: https://docs.stripe.com/api/metadata, read 2026-11-21: 50 keys of 40 characters, values of 500. */
  metadata: () =>
    z
      .union([
        z.literal('').transform(() => null),
        z.record(z.string().max(40), z.string().max(500)),
      ])
      .refine((map) => map === null || Object.keys(map).length <= 50, 'Metadata takes 50 keys.'),
  /** Documented by Stripe, without effect on what is simulated. */
  accepted: () => z.unknown().optional(),
  /** Documented by Stripe, with an effect this simulator lacks: refused loudly rather than ignored. */
  unmodelled: () =>
    z
      .custom<undefined>(() => false, {
        error: 'This is a parameter of Stripe that the simulator does not model.',
      })
      .optional(),
};

function integerFault(text: string, min?: number, max?: number): string | null {
  if (!/^-?\d{1,15}$/.test(text)) return `Invalid integer: ${text}`;
  const value = Number(text);
  if (min !== undefined && value < min) {
    return min === 0
      ? 'Invalid non-negative integer'
      : `This value must be greater than or equal to ${min}.`;
  }
  if (max !== undefined && value > max) return `This value must be less than or equal to ${max}.`;
  return null;
}
