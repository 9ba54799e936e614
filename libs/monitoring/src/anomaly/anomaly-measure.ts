import type { FindingKind } from '@repo/contract/monitor-findings';
import { isMatured } from '../labels/fair-labels.ts';
import type { Day } from './day-series.ts';

/** One number of a day that is compared with its weekday. */
export interface AnomalyMeasure {
  readonly name: string;
  readonly kind: FindingKind;
  readonly about: string;
  /** Of labels, which come late: days at the end whose labels have not had their time are not judged. */
  readonly ofLabels: boolean;
  /** Null when the day has too little of it. */
  readonly of: (day: Day) => number | null;
  /** Deviations nearer than this share of what is expected are no finding, however steady the days were. */
  readonly floor: { readonly warn: number; readonly page: number };
  /** The spread that sampling alone gives, about a day with this value. */
  readonly noise: (day: Day, expected: number) => number;
}

/** Whether almost all labels of a day have had their time. */
export const isMaturedDay = ({ own, matured }: Day): boolean =>
  isMatured([{ levels: { champion: own }, labels: { matured } }]);

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
    of: (day) => (isMaturedDay(day) && day.known >= fewest ? day.positive / day.known : null),
    floor: { warn: 0.5, page: 1.5 },
    noise: ({ known }, expected) => shareNoise(known, expected),
  },
];
