/** What a long piece of work tells its watcher: what it does now, and lines worth keeping. */
export type Report = {
  readonly doing: (text: string) => void;
  readonly note: (line: string) => void;
};

/** Where progress is written: `process.stdout`, or a stand-in for it. */
export type Screen = { write(text: string): unknown; isTTY?: boolean; columns?: number };

export function endProgress(): void;
export function say(text: string, out?: Screen): void;
export function seconds(fromMs: number): string;
export function step<T>(
  label: string,
  work: (report: Report) => Promise<T>,
  out?: Screen,
): Promise<T>;
