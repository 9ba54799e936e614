import { type GateMetric, metricDirection } from '@repo/contract/gate-policy';
import type { GateCheck } from '@repo/contract/gate-report';
import type { Task } from '@repo/contract/task';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import type { BootstrapInterval, PairedStatistic } from '@repo/stats/paired-bootstrap';
import { byDay, daysOf } from '../by-day.ts';
import type { Evidence } from '../evidence.ts';
import type { Gate } from '../gate.ts';
import { judgedCheck } from '../judged-check.ts';
import { metricStatistic } from '../metric-statistic.ts';
import { primaryMetric } from '../primary-metric.ts';
import { rowLossOf } from '../row-loss.ts';
import { skillStatistic } from '../skill-statistic.ts';

/** From where on a score is too good to be true, unless the definition says otherwise. */
const defaultSuspicious: Record<Task, Partial<Record<GateMetric, number>>> = {
  binary: { auc: 0.97 },
  regression: { r2: 0.99 },
};

type Threshold = [metric: GateMetric, at: number];
const entries = (thresholds: Partial<Record<GateMetric, number>>) => Object.entries(thresholds) as Threshold[];

function floorCheck([metric, at]: Threshold, interval: BootstrapInterval): GateCheck {
  return judgedCheck({
    name: metric,
    interval,
    limit: { good: metricDirection[metric] === 'higher' ? 'at least' : 'at most', at },
    found: 'What the definition asks of any model, whatever the champion does.',
    todo: 'Find what the model lacks, or ask less of it in gates.floor and say why.',
  });
}

function ceilingCheck([metric, at]: Threshold, interval: BootstrapInterval): GateCheck {
  return judgedCheck({
    name: `${metric}, too good to be true`,
    interval,
    limit: { good: metricDirection[metric] === 'higher' ? 'at most' : 'at least', at },
    strict: true,
    found: 'From here on a score is suspicious.',
    todo: 'Look for a leak: a feature known only after the fact, or test rows in training. If the score is real, move gates.suspicious.',
  });
}

/** The skill of the candidate over the prior, the mean of the training labels, which any model has to beat. */
function priorCheck({ model, candidate, tables }: Evidence, days: Int32Array): GateCheck {
  const { labels } = tables.test.matrix;
  const loss = rowLossOf(model.task, primaryMetric(model));
  const prior = new Float64Array(labels.length).fill(loss.prior(tables.train.matrix.labels));
  const skill = skillStatistic(loss.byRow(labels, candidate.answers), loss.byRow(labels, prior));
  return judgedCheck({
    name: 'skill over the prior',
    interval: bootstrapMany(byDay(days), { skill }).skill,
    limit: { good: 'at least', at: 0 },
    strict: true,
    found: `Share of the ${loss.name} that the candidate saves, against answering what is usual in training.`,
    todo: 'The model knows nothing: look at its features and labels.',
  });
}

/** Whether the candidate is good enough, and not too good, whatever the champion does. */
export const absoluteFloor: Gate = {
  name: 'absolute-floor',
  run(evidence) {
    const { model, candidate, tables } = evidence;
    const days = daysOf(tables.test);
    const floors = entries(model.gates.floor);
    const ceilings = entries({ ...defaultSuspicious[model.task], ...model.gates.suspicious });
    const metrics = new Set([...floors, ...ceilings].map(([metric]) => metric));
    const statistics = [...metrics].map((metric): [GateMetric, PairedStatistic] => [
      metric,
      metricStatistic(metric, tables.test.matrix.labels, candidate.answers),
    ]);
    const found = bootstrapMany(byDay(days), Object.fromEntries(statistics));
    const intervalOf = (metric: GateMetric) => found[metric] as BootstrapInterval;
    return [
      ...floors.map((floor) => floorCheck(floor, intervalOf(floor[0]))),
      priorCheck(evidence, days),
      ...ceilings.map((ceiling) => ceilingCheck(ceiling, intervalOf(ceiling[0]))),
    ];
  },
};
