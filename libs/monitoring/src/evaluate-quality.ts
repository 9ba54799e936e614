import { type GateMetric, metricDirection } from '@repo/contract/gate-policy';
import type { Finding } from '@repo/contract/monitor-findings';
import type { QualityEvidence, WindowQuality } from './quality-evidence.ts';
import { type Estimate, fewestDays } from './realised/by-day.ts';
import { suddenChange, suddenSpreads } from './sudden-change.ts';

/** Above this calibration error probabilities are not what they say, and neither is what is expected from them. */
const largestCalibrationError = 0.05;

type Limit = NonNullable<Finding['limit']>;

const figure = (value: number): string => Number(value.toPrecision(3)).toString();
const base = { subject: null, importance: null } as const;

/** Whether a value is on the bad side of its limit. */
const isBeyond = (value: number, { good, at }: Limit): boolean => (good === 'at most' ? value > at : value < at);

/** A page where the whole interval is on the bad side, a warning where the value is, no verdict without an interval. */
function outcomeOf({ value, interval }: Estimate, limit: Limit): Finding['outcome'] {
  if (value === null || interval === null) return 'no-verdict';
  if (interval.every((end) => isBeyond(end, limit))) return 'page';
  return isBeyond(value, limit) ? 'warn' : 'ok';
}

const limitOf = (metric: GateMetric, at: number): Limit => ({
  good: metricDirection[metric] === 'lower' ? 'at most' : 'at least',
  at,
});

function withRange({ value, interval }: Estimate): string {
  if (value === null) return 'unknown';
  return interval === null ? figure(value) : `${figure(value)} (${figure(interval[0])} to ${figure(interval[1])})`;
}

/** Why there is no verdict yet, and what to do about it. */
function waitReason({ answers, known, matured, minRows }: QualityEvidence): string {
  if (answers === 0) return 'No answer is on record. Name the prediction log with --log, or wait for traffic.';
  if (known === 0) return `No label of ${answers} answers is known. Look whether labels still arrive.`;
  if (matured < minRows) return `${matured} answers have a matured label; ${minRows} are needed. Wait.`;
  return `The matured labels are of fewer than ${fewestDays} days, or all alike on most of them, which gives no interval. Wait.`;
}

function realisedFindings(evidence: QualityEvidence): Finding[] {
  const enough = evidence.matured >= evidence.minRows;
  return evidence.realised.flatMap((estimate): Finding[] => {
    const { metric, value, interval } = estimate;
    const at = evidence.limits[metric];
    if (at === undefined && metric !== evidence.primary) return [];
    const limit = at === undefined ? null : limitOf(metric, at);
    const judged = limit === null ? (value === null ? 'no-verdict' : 'ok') : outcomeOf(estimate, limit);
    const outcome = enough ? judged : 'no-verdict';
    const found = `${metric} of ${evidence.matured} matured answers is ${withRange(estimate)}${limit === null ? '' : `; ${limit.good} ${at} is good`}.`;
    const next = {
      page: 'Look at the slices and at what drifted; retrain, or go back to the version before.',
      warn: 'Its interval still holds the limit; watch it.',
      ok: '',
      'no-verdict': waitReason(evidence),
    }[outcome];
    const told = enough ? { value, interval } : { value: null, interval: null };
    return [
      {
        ...base,
        kind: 'model',
        name: metric,
        ...told,
        limit,
        outcome,
        reason: `${enough ? found : ''} ${next}`.trim(),
      },
    ];
  });
}

function businessFindings(evidence: QualityEvidence): Finding[] {
  return evidence.business.map(({ metric, cost }): Finding => {
    const limit: Limit = { good: 'at most', at: metric.limit };
    const outcome = evidence.matured < evidence.minRows ? 'no-verdict' : outcomeOf(cost, limit);
    const found = `${metric.about}: ${withRange(cost)} ${metric.unit} per 1,000 decisions; at most ${metric.limit} is tolerated.`;
    const next = {
      page: 'Look whether missed or needless yeses cost it, and whether serving.threshold still fits.',
      warn: 'Its interval still holds the limit; watch it.',
      ok: '',
      'no-verdict': waitReason(evidence),
    }[outcome];
    const told = outcome === 'no-verdict' ? { value: null, interval: null } : cost;
    const reason = outcome === 'no-verdict' ? next : `${found} ${next}`.trim();
    return {
      ...base,
      kind: 'business',
      name: metric.name,
      value: told.value,
      interval: told.interval,
      limit,
      outcome,
      reason,
    };
  });
}

/** A finding for what broke at once; none where that cannot be told, as the others then speak, and none of before labels stopped. */
function suddenFinding(
  { history, stopped }: QualityEvidence,
  of: (window: WindowQuality) => number,
  { kind, name, at }: { kind: 'model' | 'business'; name: string; at: number | undefined },
): Finding[] {
  const change = stopped ? null : suddenChange(history.map(of));
  if (change === null) return [];
  const isMaterial = at === undefined || change.value > at;
  const outcome = change.spreads > suddenSpreads && isMaterial ? 'page' : 'ok';
  const found = `Of the last two matured windows the better has ${figure(change.value)}, where ${figure(change.usual)} was usual: ${figure(change.spreads)} robust standard deviations.`;
  const next = 'Something broke at once: look at labels, inputs and what was deployed then.';
  return [
    {
      ...base,
      ...{ kind, name, value: change.spreads, interval: null, limit: { good: 'at most', at: suddenSpreads }, outcome },
      reason: outcome === 'page' ? `${found} ${next}` : found,
    },
  ];
}

function estimateFinding({ estimate, calibrationError, limits, matured }: QualityEvidence): Finding[] {
  if (estimate === null) return [];
  const name = 'estimatedLogLoss';
  const at = limits.logLoss;
  const limit: Limit | null = at === undefined ? null : { good: 'at most', at };
  const off = { ...base, kind: 'model', name, value: null, interval: null, limit, outcome: 'no-verdict' } as const;
  if (calibrationError === null)
    return [{ ...off, reason: `Switched off: only ${matured} matured labels tell whether probabilities are right.` }];
  if (calibrationError > largestCalibrationError) {
    const reason = `Switched off: the calibration error on the last labels is ${figure(calibrationError)}, above ${largestCalibrationError}, so that probabilities do not say how often they are right.`;
    return [{ ...off, reason }];
  }
  const { value, standardError } = estimate.logLoss;
  const interval: [number, number] = [value - 1.96 * standardError, value + 1.96 * standardError];
  const outcome = limit !== null && interval[0] > limit.at ? 'warn' : 'ok';
  const reason = `Without labels ${withRange({ value, interval })} is expected. It is an estimate: it sees rows that are harder, and never that the world answers otherwise.`;
  return [{ ...base, kind: 'model', name, value, interval, limit, outcome, reason }];
}

/** Wrong answers cost something: where the model itself pages, the cost of it is told, and pages nobody a second time. */
function explained(business: readonly Finding[], model: readonly Finding[]): Finding[] {
  const pages = model.filter(({ outcome }) => outcome === 'page').map(({ name }) => name);
  return business.map((finding) =>
    finding.outcome !== 'page' || pages.length === 0
      ? finding
      : {
          ...finding,
          outcome: 'warn',
          reason: `${finding.reason} What pages of the model explains it: ${pages.join(', ')}.`,
        },
  );
}

/**
 * Findings of kind model and business. Matured metrics page when their whole interval is beyond the limit; a loss or a cost that broke in the
 * last two windows pages before that; the estimate only warns. Provisional figures decide nothing.
 */
export function evaluateQuality(evidence: QualityEvidence): Finding[] {
  const { limits, task, business } = evidence;
  const loss = task === 'binary' ? 'logLoss' : 'mae';
  const sudden = { kind: 'model', name: `sudden ${loss}`, at: limits[loss] } as const;
  const ofModel = [
    ...realisedFindings(evidence),
    ...suddenFinding(evidence, (window) => window.loss, sudden),
    ...estimateFinding(evidence),
  ];
  const ofBusiness = [
    ...businessFindings(evidence),
    ...business.flatMap(({ metric: { name, limit } }) =>
      suddenFinding(evidence, ({ costs }) => costs[name] ?? 0, { kind: 'business', name: `sudden ${name}`, at: limit }),
    ),
  ];
  return [...ofModel, ...explained(ofBusiness, ofModel)];
}
