import { answerAlerts } from './answer-alerts.ts';
import { burnAlerts, recordObjective } from './burn-rates.ts';
import { dataAlerts } from './data-alerts.ts';
import { monitorAlerts } from './monitor-alerts.ts';
import { readinessAlerts } from './readiness-alerts.ts';
import { releaseAlerts } from './release-alerts.ts';
import { requestObjectives } from './request-objective.ts';
import { type AlertRule, alertRule, type RecordingRule, type RuleGroup } from './rule.ts';
import { saturationAlerts } from './saturation-alerts.ts';
import { recordScoreShift } from './score-shift.ts';
import type { WatchedModel } from './watched-model.ts';

/** What is recorded about a model ahead of its alerts and dashboards. */
export const modelRecordings = (model: WatchedModel): RecordingRule[] => [
  ...requestObjectives(model).flatMap((objective) => recordObjective(objective, model)),
  ...(model.task === 'binary' ? [recordScoreShift(model)] : []),
];

/** Every alert about a model. `runbooks`: where runbooks lie, see rule.ts. */
export const modelAlerts = (model: WatchedModel, runbooks?: string): AlertRule[] =>
  [
    ...readinessAlerts(model),
    ...requestObjectives(model).flatMap((objective) => burnAlerts(objective, model)),
    ...saturationAlerts(model),
    ...answerAlerts(model),
    ...dataAlerts(model),
    ...monitorAlerts(model),
    ...releaseAlerts(model),
  ].map((alert) => alertRule(alert, { model: model.name }, runbooks));

/** The rules of a model as a file of Prometheus, or the spec of a PrometheusRule, holds them. */
export const modelRules = (model: WatchedModel, runbooks?: string): { groups: RuleGroup[] } => ({
  groups: [{ name: `causeway-${model.name}`, rules: [...modelRecordings(model), ...modelAlerts(model, runbooks)] }],
});
