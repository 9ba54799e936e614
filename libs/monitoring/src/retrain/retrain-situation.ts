import type { MonitorFindings } from '@repo/contract/monitor-findings';
import type { RetrainingPolicy } from '@repo/contract/retraining-policy';
import type { Split } from '@repo/contract/split';
import type { RetrainRun } from './retrain-run.ts';

/** Labelled rows of one day of events, UTC. */
export interface LabelledDay {
  /** Such as 2013-12-24. */
  readonly day: string;
  readonly rows: number;
  /** Positives, or the sum of the label. */
  readonly sum: number;
}

/** Days whose data is in doubt. `to` is exclusive; null: until somebody says otherwise. */
export interface DoubtfulDays {
  readonly from: string;
  readonly to: string | null;
  readonly reason: string;
}

/** A promotion of the model that nobody has merged or closed. */
export interface OpenPromotion {
  /** Of the pull request. */
  readonly number: number;
  /** Of its branch, such as promote/flight-delay-v3. */
  readonly branch: string;
}

/** All that the decision to train a model again is taken by. */
export interface RetrainSituation {
  readonly policy: RetrainingPolicy;
  /** The moment that is decided for, UTC microseconds. */
  readonly nowUs: number;
  /** What the clock says, whatever moment is decided for: a lease is about processes that live now. */
  readonly clockUs: number;
  /** How long after an event its label is known. */
  readonly knownAfterUs: number;
  /** Names of the model's features. */
  readonly features: readonly string[];
  /** The split of the definition. */
  readonly declared: Split;
  /** Version of the champion. */
  readonly version: number;
  /** The days that the champion learned from and was tested on. */
  readonly champion: Split;
  /** What the champion was made from and is another now, such as `view weather@2`. */
  readonly changes: readonly string[];
  /** What `causeway monitor` found, in any order, about whatever version. */
  readonly findings: readonly MonitorFindings[];
  readonly runs: readonly RetrainRun[];
  /** Days with labelled rows, in order of time. */
  readonly days: readonly LabelledDay[];
  /** Declared ones and open ones. */
  readonly incidents: readonly DoubtfulDays[];
  /** Days of which data lies in quarantine. */
  readonly quarantined: readonly DoubtfulDays[];
  /** Pull requests that wait for somebody; none where GitHub cannot be asked. */
  readonly promotions: readonly OpenPromotion[];
  /** The reason of a person who wants it trained whatever triggers, cool-down and budget say; null for nobody. */
  readonly asked: string | null;
}
