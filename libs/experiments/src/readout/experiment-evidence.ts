/** What the units of an arm did, a column each: the sum of a metric over a unit's rows, and how many rows. */
export interface UnitSums {
  readonly sums: Float64Array;
  readonly rows: Float64Array;
}

/** A metric of an arm's units. */
export interface UnitMetric extends UnitSums {
  /** The same metric of the same units before they were first exposed, 0 rows where there is no history; null: none was looked for. */
  readonly before: UnitSums | null;
}

/** What is known of an arm. */
export interface ArmEvidence {
  readonly name: string;
  /** Units that were answered by this arm and by no other. */
  readonly units: number;
  /** Answers that they got, each event once. */
  readonly answers: number;
  /** Those whose label is known. */
  readonly labelled: number;
  /** Versions that answered as the model of this arm, not as a stand-in. */
  readonly versions: readonly string[];
  /** In the order of the policy: the primary metric, then the guardrails. */
  readonly metrics: readonly UnitMetric[];
}

/** What was found in the log that is not as it should be; each is a number of events unless it says otherwise. */
export interface LogFacts {
  /** Units that more than one arm answered; they are left out. */
  readonly movedUnits: number;
  /** Units whose arm is not the one that their hash gives. */
  readonly misassignedUnits: number;
  /** Events whose propensity is not the weight of their arm. */
  readonly otherPropensity: number;
  /** The same event asked for again; the first answer counts. */
  readonly repeated: number;
  /** Events in the future, as the clock of whoever reads has it; left out. */
  readonly inFuture: number;
  /** Events that name no unit, as when their data was too large for the log; left out. */
  readonly withoutUnit: number;
  /** Answers whose label is not told apart from another's; they count as not labelled. */
  readonly ambiguousLabels: number;
}

/** All that a readout rests on: cumulative since the experiment began, so that it may be read as often as one likes. */
export interface ExperimentEvidence {
  /** In the order of the policy's arms; the first is the control. */
  readonly arms: readonly ArmEvidence[];
  /** From the first exposure to the last. */
  readonly days: number;
  readonly facts: LogFacts;
}
