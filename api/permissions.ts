import type { Role } from '../db/repositories/api-key.repository.ts';

/** One permission per money verb, and one per thing to look at. */
export type Permission =
  | 'payments:start'
  | 'payments:capture'
  | 'payments:void'
  | 'payments:give-up'
  | 'payments:refund'
  | 'payments:recheck'
  | 'payments:resolve'
  | 'payments:receive'
  | 'payments:bounce'
  | 'payments:write-off'
  | 'payments:reduce'
  | 'payments:cancel'
  | 'payments:accept'
  | 'payments:invoice'
  | 'payments:ship'
  | 'payments:cancel-invoice'
  | 'payments:modify'
  | 'payments:activate'
  | 'payments:apply'
  | 'payments:claim'
  | 'payments:confirm-limit-released'
  | 'notifications:read'
  | 'notifications:redeliver'
  | 'findings:read'
  | 'findings:resolve'
  | 'integrations:reconcile'
  | 'payments:read'
  | 'operations:read'
  | 'methods:read'
  | 'integrations:read'
  | 'integrations:write'
  | 'webhooks:read'
  | 'webhooks:manage';

const SALES: readonly Permission[] = [
  'payments:capture',
  'payments:void',
  'payments:refund',
  'payments:receive',
  'payments:bounce',
  'payments:write-off',
  'payments:reduce',
  'payments:cancel',
  'payments:invoice',
  'payments:ship',
  'payments:cancel-invoice',
  'payments:modify',
  'payments:activate',
  'payments:apply',
  'payments:claim',
];

const READ: readonly Permission[] = ['payments:read', 'methods:read'];

const GRANTED: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  checkout: new Set<Permission>([...READ, 'payments:start', 'payments:accept', 'payments:give-up']),
  sales: new Set<Permission>([...READ, ...SALES]),
  operator: new Set<Permission>([
    ...READ,
    'payments:recheck',
    'payments:resolve',
    'payments:confirm-limit-released',
    'notifications:read',
    'notifications:redeliver',
    'findings:read',
    'findings:resolve',
    'integrations:reconcile',
    'operations:read',
    'integrations:read',
    'webhooks:read',
  ]),
  admin: new Set<Permission>([
    ...READ,
    ...SALES,
    'payments:start',
    'payments:accept',
    'payments:give-up',
    'payments:recheck',
    'payments:resolve',
    'payments:confirm-limit-released',
    'notifications:read',
    'notifications:redeliver',
    'findings:read',
    'findings:resolve',
    'integrations:reconcile',
    'operations:read',
    'integrations:read',
    'integrations:write',
    'webhooks:read',
    'webhooks:manage',
  ]),
};

export const mayDo = (role: Role, permission: Permission): boolean => GRANTED[role].has(permission);

export const rolesWith = (permission: Permission): Role[] =>
  (Object.keys(GRANTED) as Role[]).filter((role) => mayDo(role, permission));
