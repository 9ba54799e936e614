import type { FindingKind } from '@repo/contract/monitor-findings';
import type { Day } from './day-series.ts';

/** One number of a day that is compared with its weekday. */
export interface AnomalyMeasure {
  readonly name: string;
  readonly kind: FindingKind;
  readonly about: string;
  /** Of labels, which come late: judged is the newest day whose labels have had their time. */
  readonly ofLabels: boolean;
  /** Null when the day has too little of it. */
  readonly of: (day: Day) => number | null;
  /** Deviations nearer than this share of what is expected are no finding, however steady the days were. */
  readonly floor: { readonly warn: number; readonly page: number };
  /** The spread that sampling alone gives, about a day with this value. */
  readonly noise: (day: Day, expected: number) => number;
}

/** Fewer rows have no rate. */
const fewest = 50;

const shareNoise = (rows: number, share: number): number =>
  Math.sqrt(Math.max(share * (1 - share), 1 / Math.max(rows, 1)) / Math.max(rows, 1));

/** What is watched: how much is asked, what is answered, what becomes known. */
export const anomalyMeasures: readonly AnomalyMeasure[] = [
  {
    name: 'traffic',
    kind: 'system',
    about: 'requests answered an hour',
    ofLabels: false,
    of: ({ rows, hours }) => (hours > 0 ? rows / hours : null),
    floor: { warn: 0.3, page: 0.5 },
    noise: ({ hours }, expected) => Math.sqrt(Math.max(expected, 1) / Math.max(hours, 1)),
  },
  {
    name: 'meanAnswer',
    kind: 'model',
    about: 'mean answer',
    ofLabels: false,
    of: ({ answers, answered }) => (answered >= fewest ? answers / answered : null),
    floor: { warn: 0.3, page: 0.6 },
    noise: ({ answered }, expected) => shareNoise(answered, expected),
  },
  {
    name: 'labelRateOfDay',
    kind: 'model',
    about: 'share of yes among the labels of a day',
    ofLabels: true,
    of: ({ positive, known }) => (known >= fewest ? positive / known : null),
    floor: { warn: 0.5, page: 1.5 },
    noise: ({ known }, expected) => shareNoise(known, expected),
  },
];
