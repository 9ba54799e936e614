import type { Window } from '../window.ts';
import { withSilentSpans } from '../windows/silent-spans.ts';

const dayUs = 86_400e6;

/** A day of traffic, in numbers that tell an anomaly. */
export interface Day {
  /** Days from what was looked at, back from its end: the newest is -1. */
  readonly day: number;
  readonly rows: number;
  readonly hours: number;
  /** Sum of the answers at the middle of their bins, and their number. */
  readonly answers: number;
  readonly answered: number;
  /** Answers of the champion level, and those of them that are old enough to have a label; those that have one. */
  readonly own: number;
  readonly matured: number;
  readonly known: number;
  readonly positive: number;
  readonly judged: number;
  readonly found: number;
}

/** The middle of each bin of answers; the open ones end at 0 and 1 for probabilities, or are as wide as their neighbour. */
function middles(edges: readonly number[]): number[] {
  const [first = 0, second = first] = edges;
  const [last = 0, beforeLast = last] = [edges.at(-1), edges.at(-2)];
  const ends = [first - (second - first), ...edges, last + (last - beforeLast)];
  return ends.slice(1).map((end, bin) => (end + (ends[bin] as number)) / 2);
}

function toDay(window: Window, edges: readonly number[] | undefined, endUs: number): Day {
  const { fromUs, toUs, rows, levels, labels, outliers } = window;
  const answers = edges === undefined ? [] : window.answers;
  const answerMiddles = middles(edges ?? []);
  return {
    day: Math.floor(((fromUs + toUs) / 2 - endUs) / dayUs),
    rows,
    hours: (toUs - fromUs) / 3_600e6,
    answers: answers.reduce((sum, count, bin) => sum + count * (answerMiddles[bin] ?? 0), 0),
    answered: answers.reduce((sum, count) => sum + count, 0),
    own: levels.champion ?? 0,
    matured: labels.matured,
    known: labels.known,
    positive: labels.positive,
    ...outliers,
  };
}

const plus = (a: Day, b: Day): Day => ({
  day: a.day,
  rows: a.rows + b.rows,
  hours: a.hours + b.hours,
  answers: a.answers + b.answers,
  answered: a.answered + b.answered,
  own: a.own + b.own,
  matured: a.matured + b.matured,
  known: a.known + b.known,
  positive: a.positive + b.positive,
  judged: a.judged + b.judged,
  found: a.found + b.found,
});

/** Inner edges of the bins of answers, by version: each has its own. */
export type AnswerEdges = Readonly<Record<string, readonly number[]>>;

/**
 * Windows joined by day, oldest first; whatever version answered, as traffic does not ask. Days end when the newest whole window does, `endUs`: the
 * newest is a whole one at whatever hour it is looked at. Spans without an answer have no rows; the answers of a version whose edges are not given
 * are left out.
 */
export function daySeries(windows: readonly Window[], answerEdges: AnswerEdges, endUs: number): Day[] {
  const days = new Map<number, Day>();
  const seen = new Set<number>();
  for (const window of withSilentSpans(windows, endUs)) {
    const one = toDay(window, answerEdges[window.version], endUs);
    // Versions that answer side by side share their hours.
    const day = seen.has(window.fromUs) ? { ...one, hours: 0 } : one;
    seen.add(window.fromUs);
    const before = days.get(day.day);
    days.set(day.day, before === undefined ? day : plus(before, day));
  }
  return [...days.values()].sort((a, b) => a.day - b.day);
}
