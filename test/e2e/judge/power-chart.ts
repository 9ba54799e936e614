import { chart } from '@repo/training/report/chart';
import { foundWithin, type Measured } from './power-table.ts';

const titles: Record<Measured['metric'], string> = {
  errors: 'errors, of the requests',
  latency: 'latency, slower than the 99th percentile',
  scores: 'scores, distance of the distributions',
  fallback: 'fallback, of the predictions',
  agreement: 'agreement, of the compared predictions',
};

/** The curve of one canary: the share of the runs that failed, at 40 samples evenly spaced in the logarithm. */
function curve(row: Measured, longest: number) {
  const samples = Array.from({ length: 41 }, (_, i) => 100 * (longest / 100) ** (i / 40));
  // Beyond its horizon a canary was not looked at; what was found by then stays found.
  return samples
    .filter((requests) => requests <= row.horizon || foundWithin(row, row.horizon * 1.1) === 1)
    .map((requests) => ({ requests: Math.round(requests), found: foundWithin(row, requests), truth: row.truth }));
}

/** Power curves as an SVG: a panel for each metric, a line for each canary, over the requests of each side. */
export function powerChart(rows: readonly Measured[]): Promise<string> {
  const longest = Math.max(...rows.map(({ horizon }) => horizon));
  const panels = (Object.keys(titles) as Measured['metric'][]).map((metric) => {
    const mine = rows.filter((row) => row.metric === metric);
    return {
      title: { text: titles[metric], fontSize: 12 },
      width: 330,
      height: 170,
      data: { values: mine.flatMap((row) => curve(row, longest)) },
      mark: { type: 'line', strokeWidth: 2 },
      encoding: {
        x: {
          field: 'requests',
          type: 'quantitative',
          title: 'requests of each side',
          scale: { type: 'log', domain: [100, longest] },
          axis: { values: [100, 300, 1000, 3000, 10_000, 30_000], format: ',' },
        },
        y: {
          field: 'found',
          type: 'quantitative',
          title: 'rolled back',
          axis: { format: '%' },
          scale: { domain: [0, 1] },
        },
        color: {
          field: 'truth',
          type: 'nominal',
          title: null,
          sort: mine.map(({ truth }) => truth),
          legend: { orient: 'right', symbolType: 'stroke' },
        },
      },
    };
  });
  return chart({
    autosize: 'pad',
    columns: 2,
    concat: panels,
    resolve: { scale: { color: 'independent' } },
  } as unknown as Parameters<typeof chart>[0]);
}
