/** `guarantee_denied` → `Guarantee denied`. */
export function inWords(status: string): string {
  const spaced = status.replaceAll('_', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
