import type { GateReport } from '@repo/contract/gate-report';
import { daysOf, hasDays } from './by-day.ts';
import type { Evidence, Side } from './evidence.ts';
import { judgeChampion } from './judge-champion.ts';
import { metricStatistic } from './metric-statistic.ts';
import { primaryMetric } from './primary-metric.ts';

/** The primary metric of the report; the task's own loss where rows of one class leave the chosen one undefined. Rows of one day have no interval. */
export function primaryOf(evidence: Evidence): GateReport['primary'] {
  const { model, candidate, champion, tables } = evidence;
  const { labels } = tables.test.matrix;
  const chosen = primaryMetric(model);
  const ranks = chosen === 'auc' || chosen === 'prAuc' || chosen === 'r2';
  const varies = labels.some((label) => label !== labels[0]);
  const metric = ranks && !varies ? (model.task === 'binary' ? 'logLoss' : 'mae') : chosen;
  if (candidate.failure !== null) return { metric, candidate: null, champion: null, gain: null };
  const days = daysOf(tables.test);
  if (champion === null || !hasDays(days)) {
    const oneDay = { count: 1, ofRow: new Int32Array(labels.length) };
    const metricOf = ({ answers }: Side) => metricStatistic(metric, labels, answers)(oneDay)(Float64Array.of(1));
    return { metric, candidate: metricOf(candidate), champion: champion && metricOf(champion), gain: null };
  }
  const policy = { task: model.task, metric, margin: model.gates.margin ?? null };
  const judged = judgeChampion(labels, candidate.answers, champion.answers, days, policy);
  return { metric, candidate: judged.candidate, champion: judged.champion, gain: judged.gain };
}
