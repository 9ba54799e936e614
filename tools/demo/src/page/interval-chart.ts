import { escapeHtml } from '@repo/training/report/html';
import { px, svg } from './chart-style.ts';

/** A row: an estimate with its interval. */
export interface IntervalRow {
  readonly label: string;
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly look: 'one' | 'two' | 'good' | 'bad';
}

export interface IntervalOptions {
  readonly title: string;
  /** A line across all rows, with what it is called. */
  readonly mark?: { readonly at: number; readonly label: string };
  /** Digits after the point. */
  readonly digits: number;
}

const [width, left, right, rowHeight, top] = [960, 300, 190, 34, 44];

/** Estimates below each other on one scale. */
export function intervalChart(rows: readonly IntervalRow[], { title, mark, digits }: IntervalOptions): string {
  const all = [...rows.flatMap(({ lower, upper }) => [lower, upper]), ...(mark === undefined ? [] : [mark.at])];
  const pad = 0.08 * (Math.max(...all) - Math.min(...all) || 1);
  const [low, high] = [Math.min(...all) - pad, Math.max(...all) + pad];
  const x = (value: number) => left + ((value - low) / (high - low)) * (width - left - right);
  const height = top + rows.length * rowHeight + 22;
  const figure = (value: number) => value.toFixed(digits);
  const drawn = rows.map(({ label, estimate, lower, upper, look }, i) => {
    const y = top + (i + 0.5) * rowHeight;
    return `<text text-anchor="end" x="${left - 14}" y="${px(y + 4)}">${escapeHtml(label)}</text>
<line class="line-${look} thick" x1="${px(x(lower))}" x2="${px(x(upper))}" y1="${px(y)}" y2="${px(y)}"/><circle class="${look}" cx="${px(x(estimate))}" cy="${px(y)}" r="6"/>
<text x="${width - right + 12}" y="${px(y + 4)}">${figure(estimate)} <tspan class="soft">(${figure(lower)} to ${figure(upper)})</tspan></text>`;
  });
  const line =
    mark === undefined
      ? ''
      : `<line class="line-bad dash" x1="${px(x(mark.at))}" x2="${px(x(mark.at))}" y1="${top - 4}" y2="${height - 18}"/><text class="bad" text-anchor="middle" x="${px(x(mark.at))}" y="${height - 4}">${escapeHtml(mark.label)}</text>`;
  return svg(
    width,
    height,
    escapeHtml(title),
    `<text class="strong" x="0" y="18">${escapeHtml(title)}</text>${line}${drawn.join('')}`,
  );
}
