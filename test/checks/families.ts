export const FAMILIES = ['card', 'promise', 'guarantee', 'credit'] as const;
export type Family = (typeof FAMILIES)[number];
