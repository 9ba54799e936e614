import type { Verdict } from '@repo/contract/judgement';

/** A condition without which no result means anything. */
export interface ReadoutCheck {
  readonly name: string;
  /** `fail` withholds all results; `warn` is only told. */
  readonly outcome: 'pass' | 'warn' | 'fail';
  readonly detail: string;
}

/** What the past of the units took off the noise. */
export interface VarianceReduction {
  readonly used: boolean;
  /** Share of units with history. */
  readonly history: number;
  /** Between what units did before and during the experiment. */
  readonly correlation: number;
  /** Variance after over before; 1 when it is not used. */
  readonly varianceLeft: number;
}

/** One arm against the control by one metric. */
export interface ReadoutRow {
  readonly arm: string;
  readonly metric: string;
  readonly role: 'primary' | 'guardrail';
  readonly unit: string;
  readonly outcome: Verdict;
  /** Means over answers, as they are seen. Null: nothing was seen yet. */
  readonly control: number | null;
  readonly treatment: number | null;
  /** Treatment less control, with what the past explains taken off. */
  readonly effect: number | null;
  /** Holds at every look at once. */
  readonly interval: readonly [number, number] | null;
  /** Which side is worse, and how much worse is too much. */
  readonly worse: 'higher' | 'lower' | 'either';
  readonly margin: number;
  /** Units that the row rests on. */
  readonly units: { readonly control: number; readonly treatment: number };
  readonly reduction: VarianceReduction | null;
  /** Smallest difference that the planned number of units would show with a probability of 80 %. */
  readonly detectable: number | null;
  readonly detail: string;
}

/** What an experiment says so far. */
export interface ExperimentReadout {
  readonly schemaVersion: 1;
  readonly model: string;
  readonly experiment: string;
  readonly hypothesis: string;
  readonly verdict: Verdict;
  /** One sentence: what decided, or what is missing. */
  readonly reason: string;
  readonly days: number;
  readonly planned: { readonly units: number; readonly minDays: number };
  readonly arms: readonly {
    readonly name: string;
    readonly versions: readonly string[];
    readonly weight: number;
    readonly units: number;
    readonly answers: number;
    readonly labelled: number;
  }[];
  readonly checks: readonly ReadoutCheck[];
  /** Empty when a check withholds them. */
  readonly rows: readonly ReadoutRow[];
}
