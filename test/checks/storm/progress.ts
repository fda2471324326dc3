/** How far it is, how fast it goes, and how long it will take. */
import type { Report } from '../../../api/cli/progress.mjs';

const WIDTH = 20;

export function progress(total: number, report: Report): (done: number) => void {
  const startedAt = performance.now();
  return (done) => {
    const passed = (performance.now() - startedAt) / 1000;
    const rate = done / passed;
    const full = Math.round((WIDTH * done) / total);
    const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
    const left = Math.ceil((total - done) / rate);
    report.doing(`${bar} ${done}/${total} · ${rate.toFixed(1)} a second · ${left} s left`);
  };
}
