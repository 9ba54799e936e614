import { htmlTable } from '@repo/training/report/html';
import type { SpanQuality } from '../span-quality.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
/** Of its skill a model keeps so much where the world became harder and the model not worse. */
const heldSkill = 0.8;

/** What the two spans say about why the monitors spoke, in one sentence. */
export function reasonOf([before, since]: readonly [SpanQuality, SpanQuality]): string {
  const lead = `Late were ${percent(since.lateShare)} of the flights in ${since.name}, ${percent(before.lateShare)} in ${before.name}; the model had foretold ${percent(since.meanScore)} and ${percent(before.meanScore)}.`;
  const held = since.skill >= heldSkill * before.skill;
  const compare = `It is better by ${percent(since.skill)} than a forecast that knows the share and nothing else (${percent(before.skill)} before)`;
  const verdict = held
    ? 'so that flights became harder to foresee, more than the model became worse'
    : 'so that it foresees less than it did';
  return `${lead} ${compare}, ${verdict}.`;
}

/** Why the monitors spoke: the span in which they did beside the one in which they were quiet. */
export function reasonSection(spans: readonly [SpanQuality, SpanQuality] | null): string {
  if (spans === null) return '';
  const rows = spans.map(({ name, rows, lateShare, meanScore, logLoss, shareLogLoss, skill }) => [
    ...[name, rows.toLocaleString('en'), percent(lateShare), percent(meanScore)],
    `${logLoss.estimate.toFixed(3)} [${logLoss.lower.toFixed(3)} to ${logLoss.upper.toFixed(3)}]`,
    ...[shareLogLoss.toFixed(3), percent(skill)],
  ]);
  const head = ['', 'answers', 'late', 'foretold', 'log-loss', 'of the share alone', 'better by'];
  return `<h2>Why</h2>${htmlTable([head, ...rows])}<p class="note">Of the share alone: the log-loss of a forecast that says the span’s own share of late flights every time. Better by: how much of that the model saves.</p>`;
}
