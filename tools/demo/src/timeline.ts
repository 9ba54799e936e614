import { parseInstant } from '@repo/contract/instant';

const at = (text: string): number => parseInstant(text, 'timeline');

/** Distance between two moments of the online store. The shortest-lived view, departures of the airport, goes stale after an hour. */
export const tickHours = 1;

/** The moments of the story, in event time. */
export const timeline = {
  begins: at('2013-10-01'),
  /** A Monday: where weeks begin. */
  week: at('2013-09-30'),
  /** The monitors are asked at the end of each month, when the first week of December is over, and on the two days that decide. */
  watched: ['2013-11-01', '2013-12-01', '2013-12-09', '2013-12-15', '2013-12-16'].map((day) => at(`${day}T12:00:00Z`)),
  december: at('2013-12-01'),
  /** The policy is asked whether to train again. */
  decides: at('2013-12-16T12:00:00Z'),
  /** After the last request: the last departures of the year are asked about by then. */
  ends: at('2014-01-02'),
  /** All labels have arrived. */
  settled: at('2014-01-05'),
} as const;
