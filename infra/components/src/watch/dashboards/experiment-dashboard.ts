import { metric } from '@repo/contract/metric-name';
import { sumRate } from '../promql.ts';
import type { WatchedModel } from '../watched-model.ts';
import { type Dashboard, dashboard, type Panel, Unit } from './dashboard.ts';
import { metricLines } from './metric-query.ts';

/** What a shadow version says beside the answers that were given. */
function shadowPanels(name: string): Panel[] {
  const of = { model: name };
  return [
    {
      title: 'Shadow, by how it differs',
      about: 'Answers scored again by the shadow. Dropped ones had no time; flipped ones would have decided otherwise.',
      unit: Unit.perSecond,
      lines: metricLines('shadow_comparisons_total', { by: ['result'], of }),
    },
    {
      title: 'Shadow, distance of the scores',
      about: 'How far the probability of the shadow lies from the one answered.',
      unit: Unit.share,
      lines: metricLines('shadow_score_difference', { by: [], of }),
    },
  ];
}

/** Whom an experiment reaches, and whether it runs; what it shows is told by causeway experiment, from the log. */
export function experimentDashboard({ name, task, experiment }: WatchedModel): Dashboard {
  const of = { model: name };
  const assigned = metric('experiment_requests_total', { ...of, result: 'assigned' });
  const panels: Panel[] = [
    {
      title: 'Assigning',
      about: '0 while a version of the experiment is not open: the champion answers everybody, and nobody counts.',
      kind: 'stat',
      unit: Unit.count,
      lines: metricLines('experiment_active', { by: ['experiment'], of }),
      limit: { value: 1, bad: 'below' },
    },
    {
      title: 'Requests by arm',
      about: 'Their ratio is that of requests, not of units, which alone must keep to the weights.',
      unit: Unit.perSecond,
      lines: [{ query: sumRate(assigned, '5m', ['arm']), legend: '{{arm}}' }],
    },
    {
      title: 'Requests by what became of them',
      about: 'Assigned to an arm; without a unit, outside of the traffic or paused: answered by the champion.',
      unit: Unit.perSecond,
      lines: metricLines('experiment_requests_total', { by: ['result'], of }),
    },
  ];
  const shadow = experiment?.shadow === undefined ? [] : shadowPanels(name);
  const shown = task === 'binary' ? shadow : shadow.slice(0, 1);
  return dashboard(`experiment-${name}`, `Experiment of ${name}`, [...panels, ...shown]);
}
