import { formatInstant } from '@repo/contract/instant';
import { escapeHtml, htmlPage, htmlTable } from '@repo/training/report/html';
import type { Story } from '../story.ts';
import { weekChart } from './week-chart.ts';

const style = `
:root { color-scheme: light dark } svg text { font: 12px system-ui, sans-serif; fill: currentColor } .ink { stroke: currentColor } .dot { fill: #1f5aa6 }
@media (prefers-color-scheme: dark) { body { background: #16181d; color: #dde1e8 } .dot { fill: #6fa8ff } }`;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The story as one page that holds everything itself. */
export function renderPage(story: Story): string {
  const rows = story.weeks.map(({ fromUs, rows, lateShare, meanScore, logLoss, fallbackShare }) => [
    formatInstant(fromUs).slice(0, 10),
    rows,
    percent(lateShare),
    percent(meanScore),
    `${logLoss.estimate.toFixed(4)} [${logLoss.lower.toFixed(4)} to ${logLoss.upper.toFixed(4)}]`,
    percent(fallbackShare),
  ]);
  const body = `<h1>The loop closes</h1><p>${escapeHtml(story.question)}</p>
<figure>${weekChart(story.weeks)}<figcaption>Realised log-loss of each week</figcaption></figure>
${htmlTable([['week of', 'answers', 'late', 'said', 'log-loss', 'fallback'], ...rows])}`;
  return htmlPage(`${story.model}: the loop closes`, body, style);
}
