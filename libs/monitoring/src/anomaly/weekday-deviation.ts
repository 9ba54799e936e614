import { quantile } from '@repo/stats/quantile';

const daysOfHistory = 28;
/** From the median absolute deviation to the standard deviation of a normal variable. */
const normal = 1.482602218505602;

/** How far a day is from what its weekday usually is. */
export interface WeekdayDeviation {
  /** Median of the same weekday over the four weeks before. */
  readonly expected: number;
  /** Robust standard deviation of days about their weekday. */
  readonly spread: number;
  /** (value - expected) / spread. */
  readonly z: number;
}

/** The middle of some numbers; NaN of none. */
export const medianOf = (values: readonly number[]): number => quantile(Float64Array.from(values).sort(), 0.5);

/**
 * Robust deviation of a day from the same weekday. `past` are the days before it, the newest last, null where nothing is known; at most the last 28
 * count. Each is compared with the median of its own weekday, and the median absolute deviation of what is left, over all weekdays, is the
 * spread: four values of one weekday alone have none. One wild day in four weeks changes neither much. `leastSpread` keeps days that are
 * equal to the digit from making the next an anomaly. Null for fewer than three same weekdays.
 * Source: F. Hampel, "The influence curve and its role in robust estimation", JASA 69 (1974).
 */
export function weekdayDeviation(
  past: readonly (number | null)[],
  value: number,
  leastSpread: number,
): WeekdayDeviation | null {
  const days = past.slice(-daysOfHistory);
  // The day to judge is day `days.length`: days of its weekday are multiples of 7 before it.
  const weekdayOf = (day: number): number => (days.length - day) % 7;
  const known = days.flatMap((one, day) => (one === null ? [] : [{ weekday: weekdayOf(day), value: one }]));
  const mediansOf = Array.from({ length: 7 }, (_, weekday) =>
    medianOf(known.filter((day) => day.weekday === weekday).map((day) => day.value)),
  );
  if (known.filter(({ weekday }) => weekday === 0).length < 3) return null;
  const left = known.map((day) => day.value - (mediansOf[day.weekday] as number));
  const middle = medianOf(left);
  const spread = Math.max(leastSpread, normal * medianOf(left.map((rest) => Math.abs(rest - middle))));
  const expected = mediansOf[0] as number;
  return { expected, spread, z: (value - expected) / spread };
}
