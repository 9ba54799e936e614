import { plainText } from '@repo/contract/plain-text';
import { escapeHtml, htmlTable } from '@repo/training/report/html';
import type { Story } from '../story.ts';
import { type IntervalRow, intervalChart } from './interval-chart.ts';

type Look = NonNullable<Story['canary']>['looks'][number];

/** Each metric's effect in parts of its margin, so that they share a scale: 1 is as much worse as is tolerated. */
function effectRows({ step, metrics }: Look): IntervalRow[] {
  return metrics.flatMap(({ metric, effect, interval, margin, outcome }): IntervalRow[] => {
    if (effect === null || interval === null || margin === null || margin === 0) return [];
    const [lower, upper] = interval.map((end) => end / margin) as [number, number];
    const look = outcome === 'pass' ? 'good' : outcome === 'fail' ? 'bad' : 'two';
    return [
      {
        label: `${step} %: ${metric}`,
        estimate: effect / margin,
        lower: Math.max(lower, -6),
        upper: Math.min(upper, 6),
        look,
      },
    ];
  });
}

/** How two processes shared the traffic, and what the judge said. */
export function canarySection({ canary }: Story): string {
  if (canary === null) return '';
  const rows = canary.looks.map(({ step, atUs, verdict, reason, metrics }) => {
    const samples = metrics.find(({ metric }) => metric === 'errors')?.samples;
    const sides = samples === undefined ? '-' : `${samples.stable.toFixed(0)} and ${samples.canary.toFixed(0)}`;
    return [`${step} %`, new Date(atUs / 1000).toISOString().slice(0, 10), sides, verdict, plainText(reason)];
  });
  const last = [...Map.groupBy(canary.looks, ({ step }) => step).values()].flatMap((looks) => looks.slice(-1));
  const picture = intervalChart(last.flatMap(effectRows), {
    title: 'Canary less stable at the last look of each step, in parts of what is tolerated',
    mark: { at: 1, label: 'tolerated' },
    digits: 2,
  });
  return `<h2>Canary</h2><p>A second process served the candidate beside the first. Requests went to the two by their shares; the judge looked after each day, at the counters of both processes and at the candidate’s log.</p>
${htmlTable([['share', 'up to', 'requests, stable and canary', 'verdict', 'because'], ...rows])}
<figure>${picture}<figcaption>Intervals that hold at every look at once, cut at 6. The canary ended: ${escapeHtml(canary.verdict)}.</figcaption></figure>`;
}
