/**
 * Shows that a long step is alive: a spinner with the elapsed seconds on a terminal, a plain line
 * every five seconds elsewhere (CI logs). Plain JavaScript because `npm start` uses it before
 * anything is installed.
 */
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const FRAME_MS = 100;
const PLAIN_LINE_MS = 5000;

let clearActive = () => {};

/**
 * Takes the running spinner off the screen, for a program that has to say something else at once.
 */
export function endProgress() {
  clearActive();
  clearActive = () => {};
}

/** Prints one line that stays. */
export function say(text, out = process.stdout) {
  if (out.isTTY) out.write('\r\x1b[2K');
  out.write(`${text}\n`);
}

export const seconds = (fromMs) => {
  const elapsed = (performance.now() - fromMs) / 1000;
  return `${elapsed < 10 ? elapsed.toFixed(1) : Math.round(elapsed)} s`;
};

/** Runs `work` and leaves one line with its result and duration; rethrows what it throws. */
export async function step(label, work, out = process.stdout) {
  const startedMs = performance.now();
  let detail = '';
  const text = () => (detail === '' ? label : `${label}: ${detail}`);
  const draw = out.isTTY ? spinner(out, text, startedMs) : plainLine(out, text, startedMs);
  const timer = setInterval(draw, out.isTTY ? FRAME_MS : PLAIN_LINE_MS);
  clearActive = () => {
    clearInterval(timer);
    if (out.isTTY) out.write('\r\x1b[2K');
  };
  const report = {
    doing: (now) => {
      detail = now;
    },
    note: (line) => say(`  ${line}`, out),
  };
  try {
    const result = await work(report);
    endProgress();
    say(`✓ ${text()} (${seconds(startedMs)})`, out);
    return result;
  } catch (error) {
    endProgress();
    say(`✗ ${label} failed after ${seconds(startedMs)}`, out);
    throw error;
  }
}

function spinner(out, text, startedMs) {
  let frame = 0;
  return () => {
    frame = (frame + 1) % FRAMES.length;
    const line = `${FRAMES[frame]} ${text()} ${seconds(startedMs)}`;
    out.write(`\r\x1b[2K${line.slice(0, (out.columns ?? 80) - 1)}`);
  };
}

const plainLine = (out, text, startedMs) => () =>
  out.write(`  … ${text()} (${seconds(startedMs)})\n`);
