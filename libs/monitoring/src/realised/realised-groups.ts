import { type Estimate, meanByDay } from './by-day.ts';
import type { DaySum } from './day-sums.ts';

/** How the answers of a group turned out. */
export interface RealisedGroup {
  readonly dimension: string;
  readonly group: string;
  readonly answers: number;
  /** With a label, of any age, and of those old enough. */
  readonly known: number;
  readonly matured: number;
  /** Mean loss: log-loss, or the absolute error. */
  readonly provisional: Estimate;
  readonly loss: Estimate;
  /** Share of yes among matured labels. */
  readonly yes: Estimate;
}

/** Groups of one dimension that are told; the smallest are left out. */
const mostGroups = 30;

const sumOf = (days: readonly DaySum[], of: (day: DaySum) => number): number =>
  days.reduce((sum, day) => sum + of(day), 0);

function realisedGroup(days: readonly DaySum[]): RealisedGroup {
  const [{ dimension, group }] = days as [DaySum];
  const mean = (rows: 'known' | 'matured', sums: 'knownLoss' | 'maturedLoss' | 'positive') => {
    const labelled = days.filter((day) => day[rows] > 0);
    return meanByDay({
      days: labelled.map(({ day }) => day),
      sums: labelled.map((day) => day[sums]),
      rows: labelled.map((day) => day[rows]),
    });
  };
  return {
    dimension,
    group,
    answers: sumOf(days, (day) => day.answers),
    known: sumOf(days, (day) => day.known),
    matured: sumOf(days, (day) => day.matured),
    provisional: mean('known', 'knownLoss'),
    loss: mean('matured', 'maturedLoss'),
    yes: mean('matured', 'positive'),
  };
}

/** Groups of each dimension, the largest first, with intervals by day. */
export function realisedGroups(sums: readonly DaySum[]): RealisedGroup[] {
  const byDimension = Map.groupBy(sums, ({ dimension }) => dimension);
  return [...byDimension.values()].flatMap((ofDimension) =>
    [...Map.groupBy(ofDimension, ({ group }) => group).values()]
      .sort((a, b) => sumOf(b, (day) => day.answers) - sumOf(a, (day) => day.answers))
      .slice(0, mostGroups)
      .map(realisedGroup),
  );
}
