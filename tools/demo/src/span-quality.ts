import { type DayInterval, dayInterval } from './day-interval.ts';
import type { Outcome } from './read-outcomes.ts';
import { lossesOf } from './week-quality.ts';

/** What answers were worth in a span of the story, against a forecast that says the span's own share of late flights every time. */
export interface SpanQuality {
  readonly name: string;
  readonly rows: number;
  /** Share of the flights that were late. */
  readonly lateShare: number;
  readonly meanScore: number;
  /** Realised log-loss in nats, with its interval of 95 % over days. */
  readonly logLoss: DayInterval;
  /** Log-loss of the forecast that knows the share and nothing else: how hard the span is to foresee. */
  readonly shareLogLoss: number;
  /** By how much of that the model is better: 0 is no better, 1 is all-knowing. */
  readonly skill: number;
}

/** Throws RangeError for rows of fewer than two days. */
export function spanQuality(name: string, rows: readonly Outcome[]): SpanQuality {
  const late = rows.filter(({ isLate }) => isLate).length / rows.length;
  const part = (share: number) => (share === 0 ? 0 : -share * Math.log(share));
  const shareLogLoss = part(late) + part(1 - late);
  const logLoss = dayInterval(rows, lossesOf(rows));
  return {
    ...{ name, rows: rows.length, lateShare: late, logLoss, shareLogLoss },
    meanScore: rows.reduce((sum, { probability }) => sum + probability, 0) / rows.length,
    skill: 1 - logLoss.estimate / shareLogLoss,
  };
}
