import { metric } from '@repo/contract/metric-name';
import { number, share, sumIncrease, sumRate } from './promql.ts';
import { type Alert, Severity } from './rule.ts';
import { fewestScores, recordedShift } from './score-shift.ts';
import type { WatchedModel } from './watched-model.ts';

function fallbackAlerts({ name, monitoring }: WatchedModel): Alert[] {
  const others = metric('predictions_total', { model: name, level: { not: 'champion' } });
  const all = metric('predictions_total', { model: name });
  return [
    {
      name: 'FallbackShareHigh',
      expr: `${share(sumRate(others, '15m'), sumRate(all, '15m'))} > ${number(monitoring.objectives.fallbackShare)}`,
      holds: '5m',
      severity: Severity.ticket,
      summary: `{{ $value | humanizePercentage }} of the predictions of ${name} come from a stand-in and not from its champion.`,
      runbook: 'fallback-in-use',
    },
    {
      name: 'BreakerOpen',
      expr: `max by (level) (${metric('fallback_breaker_open', { model: name })}) == 1`,
      holds: '10m',
      severity: Severity.ticket,
      summary: `{{ $labels.level }} of ${name} is not asked, because it failed too often.`,
      runbook: 'fallback-in-use',
    },
  ];
}

function scoreAlert({ name, monitoring }: WatchedModel): Alert {
  const scores = sumIncrease(metric('prediction_score_count', { model: name }), '1h', ['version']);
  return {
    name: 'ScoresShifted',
    expr: `${recordedShift(name)} > ${number(monitoring.objectives.scoreShift)} and on (version) ${scores} >= ${fewestScores}`,
    holds: '15m',
    severity: Severity.ticket,
    summary: `The answers of ${name} {{ $labels.version }} within an hour lie {{ $value | humanize }} from those to its training rows.`,
    runbook: 'scores-shifted',
  };
}

/** Who answers, and whether the answers look like those of the model that was approved. */
export function answerAlerts(model: WatchedModel): Alert[] {
  const { name, task, serving } = model;
  const constant = metric('output_guard_trips_total', { model: name, guard: 'constant' });
  return [
    ...(serving.fallback.length === 0 ? [] : fallbackAlerts(model)),
    ...(task === 'binary' ? [scoreAlert(model)] : []),
    {
      name: 'AnswersConstant',
      expr: `${sumIncrease(constant, '1h', ['level'])} > 0`,
      holds: '0m',
      severity: Severity.ticket,
      summary: `{{ $labels.level }} of ${name} gave the same answer to 200 rows that differ.`,
      runbook: 'answers-constant',
    },
  ];
}
