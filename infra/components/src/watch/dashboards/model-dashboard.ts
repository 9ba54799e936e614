import { metric } from '@repo/contract/metric-name';
import { latencyObjectiveSeconds } from '@repo/contract/monitoring-policy';
import { recordedRatio } from '../burn-rates.ts';
import { share, sumRate } from '../promql.ts';
import { requestObjectives } from '../request-objective.ts';
import { partOfTimeout } from '../saturation-alerts.ts';
import type { WatchedModel } from '../watched-model.ts';
import { type Dashboard, dashboard, type Panel, Unit } from './dashboard.ts';
import { metricLines } from './metric-query.ts';

const titles = {
  availability: {
    kept: 'Answered, 3 days',
    bad: 'Failed requests',
    about: 'Share of requests answered with 5xx. The line is the budget: what may fail on average over 30 days.',
  },
  latency: {
    kept: 'In time, 3 days',
    bad: 'Slow requests',
    about:
      'Share of requests slower than the objective. The line is the budget: what may be slow on average over 30 days.',
  },
} as const;

/** For each objective: whether it was kept, how fast its budget burns now, and its course. */
function objectivePanels(model: WatchedModel): { stats: Panel[]; courses: Panel[] } {
  const panels = requestObjectives(model).map((objective) => {
    const { slo, budget } = objective;
    const recorded = (window: '5m' | '1h' | '3d') => recordedRatio(objective, window, model.name);
    const kept: Panel = {
      title: titles[slo].kept,
      about: `The objective of ${slo}: red below it.`,
      kind: 'stat',
      unit: Unit.share,
      lines: [{ query: `1 - ${recorded('3d')}`, legend: 'kept' }],
      limit: { value: Number((1 - budget).toPrecision(6)), bad: 'below' },
    };
    const burn: Panel = {
      title: `Budget of ${slo}, pace`,
      about: 'At 1 the budget of 30 days lasts 30 days; 14.4 for an hour pages somebody.',
      kind: 'stat',
      unit: Unit.count,
      lines: [{ query: `${recorded('1h')} / ${Number(budget.toPrecision(6))}`, legend: 'times' }],
      limit: { value: 1, bad: 'above' },
    };
    const course: Panel = {
      title: titles[slo].bad,
      about: titles[slo].about,
      unit: Unit.share,
      lines: (['5m', '1h'] as const).map((window) => ({ query: recorded(window), legend: `over ${window}` })),
      limit: { value: Number(budget.toPrecision(6)), bad: 'above' },
    };
    return { stats: [kept, burn], course };
  });
  return { stats: panels.flatMap(({ stats }) => stats), courses: panels.map(({ course }) => course) };
}

/** Where the time of a request goes, part by part. */
function timePanels(model: WatchedModel): Panel[] {
  const of = { model: model.name };
  const parts = ['decode', 'queue', 'compute', 'encode'] as const;
  return [
    {
      title: 'Duration',
      about: 'From the request line to the last byte. The line is the objective of the 99th percentile.',
      unit: Unit.seconds,
      lines: metricLines('inference_request_duration_seconds', { by: [], of }),
      limit: { value: latencyObjectiveSeconds(model), bad: 'above' },
    },
    {
      title: 'Where the time goes',
      about: '99th percentile of each part: reading and looking up features, waiting, running, writing.',
      unit: Unit.seconds,
      lines: parts.flatMap((part) =>
        metricLines(`inference_${part}_duration_seconds`, { by: [], of })
          .slice(1)
          .map(({ query }) => ({ query, legend: part })),
      ),
      limit: { value: partOfTimeout(model, 'queued'), bad: 'above' },
    },
    {
      title: 'Rows in a run',
      about: 'Requests that wait together are run together; 1 means that nobody waits.',
      unit: Unit.count,
      lines: metricLines('inference_batch_size', { by: [], of }),
    },
  ];
}

/** Who answers instead of the champion, and why. */
function fallbackPanels({ name, monitoring, serving }: WatchedModel): Panel[] {
  const of = { model: name };
  const all = sumRate(metric('predictions_total', of), '5m');
  const others = metric('predictions_total', { model: name, level: { not: 'champion' } });
  const standIns: Panel = {
    title: 'Answers of stand-ins',
    about: 'Share of the predictions that the champion did not answer. The line is the objective.',
    unit: Unit.share,
    lines: [{ query: share(sumRate(others, '5m', ['level']), `on () group_left () ${all}`), legend: '{{level}}' }],
    limit: { value: monitoring.objectives.fallbackShare, bad: 'above' },
  };
  return [
    ...(serving.fallback.length === 0 ? [] : [standIns]),
    {
      title: 'Breakers',
      about: '1 while a level, the online store or the judge of outliers is not asked, because it failed too often.',
      unit: Unit.count,
      lines: metricLines('fallback_breaker_open', { by: ['level'], of }),
    },
    {
      title: 'Answers withheld',
      about: 'Answers that were not given: NaN, out of range, or the same to 200 rows that differ.',
      unit: Unit.perSecond,
      lines: metricLines('output_guard_trips_total', { by: ['level', 'guard'], of }),
    },
  ];
}

/** Whether a model keeps to its objectives, and what it does with its time. */
export function modelDashboard(model: WatchedModel): Dashboard {
  const { stats, courses } = objectivePanels(model);
  const panels = [...stats, ...courses, ...timePanels(model), ...fallbackPanels(model)];
  return dashboard(`model-${model.name}`, `Model ${model.name}`, panels);
}
