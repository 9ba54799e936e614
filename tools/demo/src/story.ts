import type { WeekQuality } from './week-quality.ts';

/** Everything that the page shows, as figures: demo.json beside it. Each comes from the run. */
export interface Story {
  readonly schemaVersion: 1;
  readonly model: string;
  readonly question: string;
  /** What served at the beginning. */
  readonly champion: {
    readonly version: number;
    readonly digest: string;
    readonly trainedOn: readonly [string, string];
  };
  readonly replay: {
    readonly requests: number;
    readonly seconds: number;
    /** Distance between two moments of the online store, hours of event time. */
    readonly tickHours: number;
  };
  readonly weeks: readonly WeekQuality[];
  /** How long the run took. */
  readonly tookSeconds: number;
}
