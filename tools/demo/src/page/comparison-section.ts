import type { Story } from '../story.ts';
import { intervalChart } from './interval-chart.ts';

/** Realised log-loss after the promotion against before, and on the same flights. */
export function comparisonSection({ comparison }: Story): string {
  if (comparison === null) return '';
  const { before, after, oldOnSame, paired } = comparison;
  const losses = intervalChart(
    [
      { label: `before: old champion, ${before.rows} flights`, ...before, look: 'bad' },
      { label: `after: new champion, ${after.rows} flights`, ...after, look: 'good' },
      { label: 'what the old one would have had there', ...oldOnSame, look: 'two' },
    ],
    { title: 'Realised log-loss in December, lower is better', digits: 4 },
  );
  const difference = intervalChart(
    [
      {
        label: 'new less old, same flights',
        ...paired,
        look: paired.upper < 0 ? 'good' : paired.lower > 0 ? 'bad' : 'two',
      },
    ],
    {
      title: 'The same as a difference, flight by flight',
      mark: { at: 0, label: 'no difference' },
      digits: 4,
    },
  );
  const word =
    paired.upper < 0
      ? 'The new champion is better: the whole interval lies below 0.'
      : paired.lower > 0
        ? 'The new champion is worse: the whole interval lies above 0.'
        : 'The interval holds 0: these days cannot tell the two apart. Most of the difference between before and after is the weather.';
  return `<h2>After against before</h2><figure>${losses}<figcaption>Intervals of 95 %, resampled by day.</figcaption></figure>
<figure>${difference}<figcaption>${paired.rows} flights of ${paired.days} days. ${word}</figcaption></figure>`;
}
