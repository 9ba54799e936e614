import { type ExperimentMetricRow, experimentMetrics } from '@repo/contract/experiment-metric';
import { armName, type ExperimentMetric, type ExperimentPolicy } from '@repo/contract/experiment-policy';
import { Verdict } from '@repo/contract/judgement';
import { type ArmComparison, compareArms, leastUnits } from './compare-arms.ts';
import type { ArmEvidence, ExperimentEvidence, UnitMetric } from './experiment-evidence.ts';
import type { ExperimentReadout, ReadoutRow } from './experiment-readout.ts';
import { readoutChecks } from './readout-checks.ts';

type Judged = Pick<ReadoutRow, 'worse' | 'margin' | 'role' | 'metric' | 'unit'>;

const worseSide = { lower: 'higher', higher: 'lower', either: 'either' } as const;

/** Name of a metric in tables. */
export const metricName = (metric: ExperimentMetric): string => (typeof metric === 'string' ? metric : metric.column);

function describe(metric: ExperimentMetric): Pick<Judged, 'metric' | 'unit' | 'worse'> {
  if (typeof metric !== 'string')
    return { metric: metric.column, unit: 'of the column', worse: worseSide[metric.good] };
  const { good, unit }: ExperimentMetricRow = experimentMetrics[metric];
  return { metric, unit, worse: worseSide[good] };
}

/** The metrics of a policy in the order of the evidence: the primary one first. */
function judgedOf({ primary, guardrails }: ExperimentPolicy): Judged[] {
  return [
    { ...describe(primary.metric), margin: primary.margin, role: 'primary' },
    ...guardrails.map(({ metric, margin }) => ({ ...describe(metric), margin, role: 'guardrail' as const })),
  ];
}

/**
 * Whether an interval of treatment less control lies on the good side of what it may at most be. With a margin that is non-inferiority; with
 * none, the treatment must be better.
 */
function outcomeOf({ worse, margin }: Judged, [lower, upper]: readonly [number, number]): Verdict {
  if (worse === 'either') {
    if (lower > margin || upper < -margin) return Verdict.fail;
    return lower > -margin && upper < margin ? Verdict.pass : Verdict.inconclusive;
  }
  const [least, most] = worse === 'higher' ? [lower, upper] : [-upper, -lower];
  if (least > margin) return Verdict.fail;
  return most < margin ? Verdict.pass : Verdict.inconclusive;
}

const said: Record<Judged['worse'], Record<Verdict, string>> = {
  higher: { pass: 'below', fail: 'above', inconclusive: 'not yet told from' },
  lower: { pass: 'above', fail: 'below', inconclusive: 'not yet told from' },
  either: { pass: 'within', fail: 'beyond', inconclusive: 'not yet told from' },
};

/** The difference that decides. */
function limitText({ worse, margin }: Judged): string {
  if (margin === 0) return 'no difference';
  return worse === 'either' ? `${margin} either way` : `${margin} worse`;
}

function rowOf(judged: Judged, arm: string, found: ArmComparison | null, units: ReadoutRow['units']): ReadoutRow {
  if (found === null) {
    const fewest = Math.min(units.control, units.treatment);
    const detail = `${fewest} units with a value; ${leastUnits} of each arm are needed`;
    const nothing = { control: null, treatment: null, effect: null, interval: null, reduction: null, detectable: null };
    return { ...judged, ...nothing, arm, units, outcome: Verdict.inconclusive, detail };
  }
  const outcome = outcomeOf(judged, found.interval);
  return { ...judged, ...found, arm, outcome, detail: `${said[judged.worse][outcome]} ${limitText(judged)}` };
}

const unitsWithRows = ({ rows }: UnitMetric): number => rows.reduce((sum, count) => sum + Number(count > 0), 0);

/** Nothing of an arm that the log does not know. */
const nothing: UnitMetric = { sums: new Float64Array(0), rows: new Float64Array(0), before: null };

/**
 * Every treatment by every metric. The primary metric of all treatments together errs with probability alpha, and so do all guardrails
 * together in calling a breach; that all of them hold needs no correction, as each must.
 */
function compareAll(policy: ExperimentPolicy, arms: readonly ArmEvidence[]): ReadoutRow[] {
  const [control, ...treatments] = arms;
  const judged = judgedOf(policy);
  const alphas = judged.map(({ role }) => {
    const tests = role === 'primary' ? treatments.length : treatments.length * policy.guardrails.length;
    return policy.alpha / Math.max(1, tests);
  });
  return treatments.flatMap((treatment) =>
    judged.map((metric, i) => {
      const [a = nothing, b = nothing] = [control?.metrics[i], treatment.metrics[i]];
      const units = { control: unitsWithRows(a), treatment: unitsWithRows(b) };
      const options = { alpha: alphas[i] as number, plannedUnits: policy.horizon.units, isShare: metric.unit === '' };
      const found = compareArms(a, b, options);
      return rowOf(metric, treatment.name, found, units);
    }),
  );
}

type Decision = Pick<ExperimentReadout, 'verdict' | 'reason'>;

const rowText = ({ arm, metric, detail }: ReadoutRow): string => `${metric} of ${arm} is ${detail}`;

/** A breach decides at once; a pass waits for the whole week, and for every guardrail of its arm. */
function decide(policy: ExperimentPolicy, evidence: ExperimentEvidence, rows: readonly ReadoutRow[]): Decision {
  const passing = Map.groupBy(rows, ({ arm }) => arm);
  const winners = [...passing].filter(([, own]) => own.every(({ outcome }) => outcome === Verdict.pass));
  const alive = [...passing].filter(([, own]) => own.every(({ outcome }) => outcome !== Verdict.fail));
  const failed = rows.find(({ outcome }) => outcome === Verdict.fail);
  if (alive.length === 0 && failed !== undefined) return { verdict: Verdict.fail, reason: `${rowText(failed)}.` };
  const { minDays, units: planned } = policy.horizon;
  const [winner] = winners;
  if (winner !== undefined && evidence.days >= minDays) {
    const primary = winner[1].find(({ role }) => role === 'primary') as ReadoutRow;
    const guarded = policy.guardrails.length === 0 ? '' : ', and every guardrail holds';
    return { verdict: Verdict.pass, reason: `${rowText(primary)}${guarded}.` };
  }
  const verdict = Verdict.inconclusive;
  if (winner !== undefined)
    return { verdict, reason: `${winner[0]} would pass; ${evidence.days.toFixed(1)} of ${minDays} days are over.` };
  const open = rows.find(
    ({ arm, outcome }) => outcome === Verdict.inconclusive && alive.some(([name]) => name === arm),
  );
  const seen = evidence.arms.reduce((sum, { units }) => sum + units, 0);
  const horizon =
    seen < planned
      ? `${seen} of ${planned} planned units were seen`
      : `all ${planned} planned units were seen: what is left is too small to tell`;
  return { verdict, reason: `${open === undefined ? 'Nothing is known yet' : rowText(open)}; ${horizon}.` };
}

/**
 * Reads an experiment: the checks first, whose failure withholds every result, then every treatment against the control. It may be read at any
 * time and as often as one likes; that is what its intervals are for. Never throws for evidence.
 */
export function readOut(model: string, policy: ExperimentPolicy, evidence: ExperimentEvidence): ExperimentReadout {
  const arms = policy.arms.map((declared, i): ArmEvidence => {
    const name = armName(declared);
    const empty = { units: 0, answers: 0, labelled: 0, versions: [], metrics: [] };
    return { ...(evidence.arms[i] ?? empty), name };
  });
  const checks = readoutChecks(policy, { ...evidence, arms });
  const broken = checks.find(({ outcome }) => outcome === 'fail');
  const rows = broken === undefined ? compareAll(policy, arms) : [];
  const decision =
    broken === undefined
      ? decide(policy, { ...evidence, arms }, rows)
      : { verdict: Verdict.inconclusive, reason: `Results are withheld: ${broken.name}: ${broken.detail}.` };
  return {
    schemaVersion: 1,
    model,
    experiment: policy.name,
    hypothesis: policy.hypothesis,
    ...decision,
    days: evidence.days,
    planned: policy.horizon,
    arms: arms.map(({ metrics: _, ...arm }, i) => ({ ...arm, weight: policy.arms[i]?.weight ?? 0 })),
    checks,
    rows,
  };
}
