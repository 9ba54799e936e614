import type { SimulatedFailure } from '@repo/experiments/fixtures/simulate-canary';
import type { Worsened } from './worsened.ts';

/** How a worsened canary fared in every run: when it failed, or null. */
export interface Measured extends Worsened {
  failures: readonly (SimulatedFailure | null)[];
}

const samples = [400, 1000, 3000, 10_000, 30_000] as const;

/** The canary's requests at which a share of the runs had failed by the metric in question; null where fewer ever did. */
export function requestsUntil({ failures, metric }: Measured, share: number): number | null {
  const found = failures.flatMap((failure) => (failure?.metrics.includes(metric) ? [failure.canaryRequests] : []));
  const place = Math.ceil(share * failures.length) - 1;
  return found.sort((a, b) => a - b)[place] ?? null;
}

/** The share of the runs that had failed by the metric in question within so many requests of the canary. */
export const foundWithin = ({ failures, metric }: Measured, requests: number): number =>
  failures.filter((failure) => failure?.metrics.includes(metric) && failure.canaryRequests <= requests).length /
  failures.length;

const thousands = (requests: number): string => requests.toLocaleString('en-US');

/** Two digits: looks and chance allow no more. */
const rounded = (requests: number): string => thousands(Number(requests.toPrecision(2)));

/** A Markdown table: what share of the runs failed within how many requests of each side. A dash: it was not looked at for so long. */
export function powerTable(rows: readonly Measured[]): string {
  const cells = rows.map((row) => {
    const until = requestsUntil(row, 0.8);
    // A look falls a little after a round number: half of one more is let through.
    const look = row.horizon / 100;
    const last = Math.max(...row.failures.map((failure) => failure?.canaryRequests ?? Number.POSITIVE_INFINITY));
    const within = samples.map((sample) =>
      sample > row.horizon && last > sample ? '-' : `${Math.round(100 * foundWithin(row, sample + look / 2))} %`,
    );
    return [row.metric, row.truth, ...within, until === null ? `over ${thousands(row.horizon)}` : rounded(until)];
  });
  const head = ['metric', 'stable -> canary', ...samples.map(thousands), '80 % by'];
  return [head, head.map(() => '---'), ...cells].map((row) => `| ${row.join(' | ')} |`).join('\n');
}
