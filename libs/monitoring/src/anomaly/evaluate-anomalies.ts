import { formatInstant } from '@repo/contract/instant';
import type { Finding } from '@repo/contract/monitor-findings';
import type { Window } from '../window.ts';
import { type AnomalyMeasure, anomalyMeasures, isMaturedDay } from './anomaly-measure.ts';
import { type AnswerEdges, type Day, daySeries } from './day-series.ts';
import { type Silence, silenceUntil } from './silence.ts';
import { type WeekdayDeviation, weekdayDeviation } from './weekday-deviation.ts';

/** Robust standard deviations beyond which a day is unusual. */
const unusual = { warn: 4, page: 6 } as const;
/** Share of rows that serving found unlike all training rows, above which the world changed and not the request. */
const outlierShare = { warn: 0.02, page: 0.05 } as const;
/** Answers that are usual where none was given: of so many none by chance, or none of thousands even on a holiday. */
const missed = { warn: 50, page: 1000 } as const;

/** What {@link evaluateAnomalies} looks at. */
export interface AnomalyEvidence {
  /** Windows of the last 29 days or more, any versions, oldest first; the newest day is judged. */
  readonly windows: readonly Window[];
  /** End of the newest whole window, UTC microseconds, whether anything was answered in it or not. */
  readonly endUs: number;
  /** Inner edges of the bins of answers, from the profile of each version. */
  readonly answerEdges: AnswerEdges;
  /** False for a regression, whose labels have no yes. */
  readonly binary: boolean;
}

type Level = 'ok' | 'warn' | 'page';

/** The last 28 days before a day, null where there was none. */
function pastOf(days: readonly Day[], day: number, of: (day: Day) => number | null): (number | null)[] {
  const byDay = new Map(days.map((one) => [one.day, one]));
  return Array.from({ length: 28 }, (_, i) => {
    const one = byDay.get(day - 28 + i);
    return one === undefined ? null : of(one);
  });
}

function deviationOf(measure: AnomalyMeasure, days: readonly Day[], day: Day | undefined): WeekdayDeviation | null {
  const value = day === undefined ? null : measure.of(day);
  if (day === undefined || value === null) return null;
  const past = pastOf(days, day.day, measure.of);
  const middle = weekdayDeviation(past, value, 0);
  return middle === null ? null : weekdayDeviation(past, value, measure.noise(day, middle.expected));
}

/** How unusual a deviation is: in spreads, and as a share of what was expected. */
function levelOf({ floor }: AnomalyMeasure, { z, expected, spread }: WeekdayDeviation): Level {
  const share = Math.abs(z * spread) / Math.max(Math.abs(expected), Number.MIN_VALUE);
  if (Math.abs(z) > unusual.page && share > floor.page) return 'page';
  return Math.abs(z) > unusual.warn && share > floor.warn ? 'warn' : 'ok';
}

/** Days up to the newest that can be judged: what is known of the last ones by now is what came early. One without answers waits for nothing. */
const daysOf = ({ ofLabels }: AnomalyMeasure, days: readonly Day[]): readonly Day[] =>
  ofLabels ? days.slice(0, 1 + days.findLastIndex((day) => day.own === 0 || isMaturedDay(day))) : days;

function measureFinding(measure: AnomalyMeasure, all: readonly Day[]): Finding {
  const days = daysOf(measure, all);
  const [now, before] = [days.at(-1), days.at(-2)];
  const [today, yesterday] = [deviationOf(measure, days, now), deviationOf(measure, days.slice(0, -1), before)];
  const base = { kind: measure.kind, name: measure.name, subject: null, importance: null } as const;
  if (today === null || now === undefined)
    return {
      ...{ ...base, value: null, interval: null, limit: null, outcome: 'no-verdict' },
      reason: `${measure.about}: too little of it, or fewer than three same weekdays before. Wait.`,
    };
  const level = levelOf(measure, today);
  // One day may be a holiday; two running are not.
  const again = yesterday !== null && levelOf(measure, yesterday) === 'page' && yesterday.z * today.z > 0;
  const reason = `${measure.about}: ${(measure.of(now) ?? 0).toPrecision(3)}, where the same weekday has ${today.expected.toPrecision(3)}, give or take ${today.spread.toPrecision(2)}.`;
  return {
    ...base,
    value: Math.abs(today.z),
    interval: null,
    limit: { good: 'at most', at: unusual.warn },
    outcome: level === 'page' && !again ? 'warn' : level,
    reason: level === 'page' && !again ? `${reason} Seen on one day; the next one decides.` : reason,
  };
}

function outlierFinding(days: readonly Day[]): Finding {
  const shareOf = (day: Day | undefined): number | null =>
    day === undefined || day.judged < 200 ? null : day.found / day.judged;
  const [share, before] = [shareOf(days.at(-1)), shareOf(days.at(-2))];
  const above = (limit: number): boolean => share !== null && share > limit;
  const pages = above(outlierShare.page) && before !== null && before > outlierShare.page;
  const level: Level = pages ? 'page' : above(outlierShare.warn) ? 'warn' : 'ok';
  return {
    ...{ kind: 'data', name: 'outlierShare', subject: null, value: share, interval: null, importance: null },
    limit: { good: 'at most', at: outlierShare.warn },
    outcome: share === null ? 'no-verdict' : level,
    reason:
      share === null
        ? 'Under 200 rows of the day were judged for being outliers. Wait.'
        : `${(100 * share).toFixed(1)} % of the rows look like none of the training rows. Above 5 % the world changed, not the request.`,
  };
}

/** No answer at all is more than a day of few: where thousands are usual, nobody waits for a second day. */
function silenceFinding(traffic: Finding, { sinceUs, usual, isSure }: Silence): Finding {
  const level: Level = usual < missed.warn ? 'ok' : usual < missed.page || !isSure ? 'warn' : 'page';
  const found = `Nothing was answered since ${formatInstant(sinceUs)}, where ${Math.round(usual)} answers are usual.`;
  if (level === 'ok') return { ...traffic, reason: `${found} ${traffic.reason}` };
  const outcome = traffic.outcome === 'page' ? 'page' : level;
  return { ...traffic, outcome, reason: `${found} Look whether the service runs, is asked, and logs what it answers.` };
}

/**
 * Days unlike the same weekday of the four weeks before, in traffic, answers and labels, and the share of rows that serving flagged. A deviation
 * pages when it is beyond six robust standard deviations and material, on two days running and to the same side; a time without any answer where
 * a thousand are usual pages at once.
 */
export function evaluateAnomalies({ windows, answerEdges, endUs, binary }: AnomalyEvidence): Finding[] {
  const days = daySeries(windows, answerEdges, endUs);
  if (days.length === 0) return [];
  const silence = silenceUntil(windows, endUs);
  const findings = anomalyMeasures
    .filter(({ name }) => binary || name !== 'labelRateOfDay')
    .map((measure) => {
      const finding = measureFinding(measure, days);
      return measure.name === 'traffic' && silence !== null ? silenceFinding(finding, silence) : finding;
    });
  return [...findings, outlierFinding(days)];
}
