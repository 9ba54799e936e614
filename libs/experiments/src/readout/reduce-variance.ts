import { clusterMean } from '@repo/stats/cluster-mean';
import type { UnitMetric } from './experiment-evidence.ts';
import type { VarianceReduction } from './experiment-readout.ts';

/** Least correlation and least share of units with history for which the past is worth using. */
const leastCorrelation = 0.3;
const leastHistory = 0.8;

/** Two arms by one metric: their means, and how far each unit pulls them. */
export interface ArmPulls {
  readonly control: Float64Array;
  readonly treatment: Float64Array;
}

/** Pulls without what the past explains, and by how much the effect moves with that. */
export interface ReducedPulls extends ArmPulls {
  readonly shift: number;
  readonly reduction: VarianceReduction;
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** What the units of both arms did before, as pulls on their common mean; a unit without history pulls nowhere. Null when nobody did anything. */
function pastPulls(control: UnitMetric, treatment: UnitMetric): { pulls: Float64Array; history: number } | null {
  if (control.before === null || treatment.before === null) return null;
  const rows = joined(control.before.rows, treatment.before.rows);
  const history = rows.reduce((sum, count) => sum + Number(count > 0), 0) / rows.length;
  if (history === 0) return null;
  return { pulls: clusterMean(joined(control.before.sums, treatment.before.sums), rows).pulls, history };
}

/** Slope of what units do on what they did, and the correlation of the two; both columns have mean 0. */
function regress(now: Float64Array, past: Float64Array): { slope: number; correlation: number } {
  let [products, squares, ofNow] = [0, 0, 0];
  for (let unit = 0; unit < now.length; unit++) {
    const [y, x] = [now[unit] as number, past[unit] as number];
    products += x * y;
    squares += x * x;
    ofNow += y * y;
  }
  if (!(squares > 0 && ofNow > 0)) return { slope: 0, correlation: 0 };
  return { slope: products / squares, correlation: products / Math.sqrt(squares * ofNow) };
}

const variance = (values: Float64Array): number => {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
};

/**
 * Takes off the difference of two arms what their units' past explains (CUPED), where at least 80 % of the units have one and it correlates at
 * 0.3 or more with what they do now. Only what happened before a unit was exposed counts as past, so that the expected effect stays the same.
 * Source: A. Deng et al., "Improving the sensitivity of online controlled experiments by utilizing pre-experiment data", WSDM (2013).
 */
export function reduceVariance(control: UnitMetric, treatment: UnitMetric, pulls: ArmPulls): ReducedPulls {
  const past = pastPulls(control, treatment);
  const unused = { ...pulls, shift: 0 };
  if (past === null) return { ...unused, reduction: { used: false, history: 0, correlation: 0, varianceLeft: 1 } };
  const { history } = past;
  const { slope, correlation } = regress(joined(pulls.control, pulls.treatment), past.pulls);
  if (history < leastHistory || Math.abs(correlation) < leastCorrelation) {
    return { ...unused, reduction: { used: false, history, correlation, varianceLeft: 1 } };
  }
  const units = pulls.control.length;
  const ofControl = past.pulls.subarray(0, units);
  const ofTreatment = past.pulls.subarray(units);
  const less = (now: Float64Array, before: Float64Array) => now.map((pull, i) => pull - slope * (before[i] as number));
  const reduced = { control: less(pulls.control, ofControl), treatment: less(pulls.treatment, ofTreatment) };
  const [before, after] = [pulls, reduced].map(
    (side) => variance(side.control) / units + variance(side.treatment) / side.treatment.length,
  ) as [number, number];
  return {
    ...reduced,
    shift: slope * (mean(ofTreatment) - mean(ofControl)),
    reduction: { used: true, history, correlation, varianceLeft: after / before },
  };
}
