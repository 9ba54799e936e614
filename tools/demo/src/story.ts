import type { InstantUs } from '@repo/contract/instant';
import type { Comparison } from './compare-models.ts';
import type { Poisoned } from './poison-labels.ts';
import type { Retrained } from './retrain-model.ts';
import type { CanaryLook } from './run-canary.ts';
import type { SpanQuality } from './span-quality.ts';
import type { TickCost } from './tick-cost.ts';
import type { Watched } from './watch-model.ts';
import type { WeekQuality } from './week-quality.ts';

/** Everything that the page shows, as figures: demo.json beside it. Each comes from the run. */
export interface Story {
  readonly schemaVersion: 1;
  readonly model: string;
  readonly question: string;
  /** What served at the beginning. */
  readonly champion: { readonly version: number; readonly digest: string; readonly learnedUntil: string };
  readonly replay: {
    readonly requests: number;
    readonly seconds: number;
    /** Answers that a lower level than the champion gave. */
    readonly fallbacks: number;
    /** Distance between two moments of the online store, hours of event time. */
    readonly tickHours: number;
    /** Log-loss of the first champion's answers less that on features of the very moment; null: not measured. */
    readonly tickCost: TickCost | null;
  };
  readonly weeks: readonly WeekQuality[];
  /** The first champion in October and November, and since December until its retrain; null: it did not answer on enough days. */
  readonly spans: readonly [SpanQuality, SpanQuality] | null;
  readonly watched: readonly Watched[];
  readonly retrained: Retrained | null;
  readonly poisoned: { readonly labels: Poisoned; readonly run: Retrained } | null;
  readonly canary: { readonly looks: readonly CanaryLook[]; readonly verdict: string } | null;
  readonly promotion: { readonly version: number; readonly atUs: InstantUs; readonly swapSeconds: number } | null;
  readonly comparison: Comparison | null;
  /** Steps that could not be taken, and why. */
  readonly notRun: readonly { readonly step: string; readonly why: string }[];
  /** How long each chapter took. */
  readonly chapters: readonly { readonly title: string; readonly seconds: number }[];
  readonly tookSeconds: number;
}
