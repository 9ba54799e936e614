import { experimentMetrics } from './experiment-metric.ts';
import { armName, type ExperimentMetric } from './experiment-policy.ts';
import { type Problem, show } from './input-error.ts';
import type { ParsedModel } from './model-schema.ts';
import { requestColumns } from './request-columns.ts';
import type { Task } from './task.ts';

function checkArms(path: string, { arms }: NonNullable<ParsedModel['experiment']>): Problem[] {
  const problems: Problem[] = [];
  const sum = arms.reduce((total, { weight }) => total + Math.round(weight * 100), 0) / 100;
  if (sum !== 100)
    problems.push({
      path: `${path}.arms`,
      received: `weights that sum to ${sum}`,
      allowed: 'weights that sum to 100',
      action: 'correct a weight; to take in fewer units, lower traffic',
    });
  const names = arms.map(armName);
  names.forEach((name, i) => {
    if (names.indexOf(name) === i) return;
    problems.push({
      path: `${path}.arms[${i}].name`,
      received: `${show(name)} twice`,
      allowed: 'a name of its own for each arm',
      action: 'name the arms, as for an A/A test of one version',
    });
  });
  return problems;
}

function checkUnit(path: string, model: ParsedModel, unit: string): Problem[] {
  const { columns } = model.events;
  const units = requestColumns(model).filter((name) => ['text', 'integer'].includes(columns[name]?.type ?? ''));
  if (units.includes(unit)) return [];
  return [
    {
      path: `${path}.unit`,
      received: show(unit),
      allowed: units.join(', ') || 'a text or integer column of the request',
      action: 'name a column that every request carries, such as an entity of a view',
    },
  ];
}

function checkMetric(path: string, model: ParsedModel, metric: ExperimentMetric, task: Task): Problem[] {
  if (typeof metric === 'string') {
    const known = Object.entries(experimentMetrics).filter(([, { tasks }]) =>
      (tasks as readonly Task[]).includes(task),
    );
    if (known.some(([name]) => name === metric)) return [];
    const allowed = `${known.map(([name]) => name).join(', ')}, as the label is ${task === 'binary' ? 'yes or no' : 'a number'}`;
    return [{ path, received: show(metric), allowed, action: 'name a metric of the task' }];
  }
  const { columns, name } = model.events;
  const later = Object.keys(columns).filter(
    (c) => columns[c]?.knownAt !== undefined && ['boolean', 'number', 'integer'].includes(columns[c]?.type ?? ''),
  );
  if (later.includes(metric.column)) return [];
  const action = `name a column of ${name} that becomes known later`;
  return [{ path: `${path}.column`, received: show(metric.column), allowed: later.join(', ') || 'none', action }];
}

/** What is wrong with the experiment of a model definition, between parts that each look fine alone. An empty list means nothing. */
export function checkExperiment(label: string, model: ParsedModel, task: Task): Problem[] {
  const { experiment } = model;
  if (experiment === undefined) return [];
  const path = `${label}.experiment`;
  const problems = [
    ...checkArms(path, experiment),
    ...checkUnit(path, model, experiment.unit),
    ...checkMetric(`${path}.primary.metric`, model, experiment.primary.metric, task),
    ...experiment.guardrails.flatMap(({ metric }, i) =>
      checkMetric(`${path}.guardrails[${i}].metric`, model, metric, task),
    ),
  ];
  const { metric, margin } = experiment.primary;
  if (typeof metric === 'string' && experimentMetrics[metric].good === 'either' && margin === 0)
    problems.push({
      path: `${path}.primary.margin`,
      received: 'nothing',
      allowed: `a number above 0, as no side of ${metric} is better`,
      action: 'say by how much the arms may differ',
    });
  return problems;
}
