import { number } from './promql.ts';
import type { RequestObjective } from './request-objective.ts';
import { type Alert, type RecordingRule, Severity } from './rule.ts';
import type { WatchedModel } from './watched-model.ts';

/** How fast a budget of 30 days burns before somebody hears of it. */
interface BurnRate {
  /** Times the speed at which the budget would last exactly 30 days. */
  readonly factor: number;
  /** It must burn over this long, so that a moment alone is no alert, ... */
  readonly long: string;
  /** ... and over this short, so that the alert ends soon after what caused it. */
  readonly short: string;
}

/**
 * Table 5-8 of Google's Site Reliability Workbook (chapter 5, "Alerting on SLOs"): 2 % of the budget in an hour and 5 % in six pages, 10 %
 * in one day and in three is a ticket.
 */
export const burnRates: Readonly<Record<Severity, readonly BurnRate[]>> = {
  page: [
    { factor: 14.4, long: '1h', short: '5m' },
    { factor: 6, long: '6h', short: '30m' },
  ],
  ticket: [
    { factor: 3, long: '1d', short: '2h' },
    { factor: 1, long: '3d', short: '6h' },
  ],
};

/** Fewer bad requests than this in the long window alert nobody, whatever their share: at night one in fifty is one caller. */
const fewestBad = 10;

const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'] as const;
const longWindows = Object.values(burnRates).flatMap((rates) => rates.map(({ long }) => long));

const ratioName = ({ record }: RequestObjective, window: string): string => `${record}:ratio_rate${window}`;
const countName = ({ record }: RequestObjective, window: string): string => `${record}:increase${window}`;

/** Selects the recorded share of bad requests of a model. */
export const recordedRatio = (objective: RequestObjective, window: (typeof windows)[number], model: string): string =>
  `${ratioName(objective, window)}{model="${model}"}`;

/** Bad requests of a model, as shares and counts of every window that an alert looks at. */
export function recordObjective(objective: RequestObjective, { name }: WatchedModel): RecordingRule[] {
  const labels = { model: name };
  return [
    ...windows.map((window) => ({ record: ratioName(objective, window), expr: objective.ratio(window), labels })),
    ...longWindows.map((window) => ({ record: countName(objective, window), expr: objective.count(window), labels })),
  ];
}

/** True while the budget burns at one of these rates. */
function burning(objective: RequestObjective, rates: readonly BurnRate[], model: string): string {
  const over = (name: string, limit: string) => `${name}{model="${model}"} > ${limit}`;
  const oneRate = ({ factor, long, short }: BurnRate): string => {
    const limit = number(factor * objective.budget);
    const enough = `${countName(objective, long)}{model="${model}"} >= ${fewestBad}`;
    return `(${over(ratioName(objective, long), limit)} and ${over(ratioName(objective, short), limit)} and ${enough})`;
  };
  return rates.map(oneRate).join(' or ');
}

const words = {
  availability: { title: 'AvailabilityBudget', bad: 'fail', runbook: 'availability-budget-burns' },
  latency: { title: 'LatencyBudget', bad: 'are slow', runbook: 'latency-budget-burns' },
} as const;

/** The alerts of an objective: one that pages while its budget burns fast, one that files a ticket while it burns slowly. */
export function burnAlerts(objective: RequestObjective, { name }: WatchedModel): Alert[] {
  const { slo } = objective;
  const { title, bad, runbook } = words[slo];
  const alert = (severity: Severity, pace: string, days: string): Alert => ({
    name: `${title}Burns${pace}`,
    expr: burning(objective, burnRates[severity], name),
    holds: severity === Severity.page ? '2m' : '15m',
    severity,
    summary: `{{ $value | humanizePercentage }} of the requests for ${name} ${bad}: at this pace the budget of 30 days is spent in ${days}.`,
    runbook,
    slo,
  });
  return [alert(Severity.page, 'Fast', 'two to five days'), alert(Severity.ticket, 'Slowly', 'ten to thirty days')];
}
