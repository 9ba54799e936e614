import { metric } from '@repo/contract/metric-name';
import { targetLabels } from '@repo/contract/target-label';
import { share, sumIncrease, sumRate } from '../promql.ts';
import type { WatchedModel } from '../watched-model.ts';
import { type Dashboard, dashboard, type Panel, Unit } from './dashboard.ts';

function decisionPanels(name: string): Panel[] {
  const yes = metric('prediction_decisions_total', { model: name, decision: 'yes' });
  const all = metric('prediction_decisions_total', { model: name });
  const [scores, sum] = [
    metric('prediction_score_count', { model: name }),
    metric('prediction_score_sum', { model: name }),
  ];
  return [
    {
      title: 'Decided yes, last hour',
      about: 'Share of the predictions at or above the threshold.',
      kind: 'stat',
      unit: Unit.share,
      lines: [{ query: share(sumIncrease(yes, '1h'), sumIncrease(all, '1h')), legend: 'yes' }],
    },
    {
      title: 'Decisions in an hour',
      about: 'Each yes is what somebody acts upon; its cost, and that of each no, are known once labels come.',
      unit: Unit.count,
      lines: [{ query: sumIncrease(all, '1h', ['decision']), legend: '{{decision}}' }],
    },
    {
      title: 'Expected share of yes',
      about: 'Mean of the probabilities that were answered: what happens this often, if the model is calibrated.',
      unit: Unit.share,
      lines: [{ query: share(sumRate(sum, '1h'), sumRate(scores, '1h')), legend: 'mean probability' }],
    },
  ];
}

/** What callers got of a model, in the terms of its question. */
export function businessDashboard({ name, task, question }: WatchedModel): Dashboard {
  const predictions = metric('predictions_total', { model: name });
  const failed = metric('inference_requests_total', { [targetLabels.model]: name, code: /[45]../ });
  const panels: Panel[] = [
    {
      title: 'Predictions, last hour',
      about: question,
      kind: 'stat',
      unit: Unit.count,
      lines: [{ query: sumIncrease(predictions, '1h'), legend: 'answered' }],
    },
    {
      title: 'Without one, last hour',
      about: 'Refused, wrong or failed: callers who had to decide without the model.',
      kind: 'stat',
      unit: Unit.count,
      lines: [{ query: sumIncrease(failed, '1h'), legend: 'without' }],
    },
    {
      title: 'Predictions in an hour, by who answered',
      about: 'What a stand-in answers is worth less; docs/degradation.md says how much.',
      unit: Unit.count,
      lines: [{ query: sumIncrease(predictions, '1h', ['level']), legend: '{{level}}' }],
    },
    {
      title: 'Requests without a prediction, by status',
      about: 'What callers were told instead.',
      unit: Unit.count,
      lines: [{ query: sumIncrease(failed, '1h', ['code']), legend: '{{code}}' }],
    },
  ];
  const realised = metric('monitor_value', { model: name, kind: /model|business/ });
  panels.push({
    title: 'Quality and cost, once labels are known',
    about:
      'What the monitor measured of answers whose labels came, each in its own unit; a slice has its own line in the report only.',
    unit: Unit.count,
    lines: [{ query: `max by (name) (${realised})`, legend: '{{name}}' }],
  });
  const [stats, courses] = [panels.slice(0, 2), panels.slice(2)];
  const decisions = task === 'binary' ? decisionPanels(name) : [];
  const inOrder = [...stats, ...decisions.slice(0, 1), ...courses, ...decisions.slice(1)];
  return dashboard(`business-${name}`, `Business of ${name}`, inOrder);
}
