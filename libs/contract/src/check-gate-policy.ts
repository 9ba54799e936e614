import { taskMetrics } from './gate-policy.ts';
import { type Problem, show } from './input-error.ts';
import type { ParsedModel } from './model-schema.ts';
import type { Task } from './task.ts';

/** Groups can only be formed by a feature that is a category. */
function checkGroups(label: string, { gates, features }: ParsedModel): Problem[] {
  const categories = features.flatMap(({ spec }) =>
    Object.entries(spec.features).flatMap(([name, feature]) => (feature.from === 'category' ? [name] : [])),
  );
  return (['slices', 'protected'] as const).flatMap((field) =>
    gates[field].flatMap((name, i) =>
      categories.includes(name)
        ? []
        : [
            {
              path: `${label}.gates.${field}[${i}]`,
              received: show(name),
              allowed: categories.join(', ') || 'none, as no view has a category',
              action: 'name a category feature of a selected view, or select the view that has it',
            },
          ],
    ),
  );
}

/** What is wrong with the gates of a model definition: groups that cannot be formed, metrics of another task. An empty list means nothing. */
export function checkGatePolicy(label: string, model: ParsedModel, task: Task): Problem[] {
  const { primary, floor, suspicious } = model.gates;
  const known: readonly string[] = taskMetrics[task];
  const named: [path: string, metric: string][] = [
    ...(primary === undefined ? [] : [['primary', primary] as [string, string]]),
    ...Object.keys(floor).map((metric): [string, string] => [`floor.${metric}`, metric]),
    ...Object.keys(suspicious).map((metric): [string, string] => [`suspicious.${metric}`, metric]),
  ];
  const foreign = named
    .filter(([, metric]) => !known.includes(metric))
    .map(([path, metric]) => ({
      path: `${label}.gates.${path}`,
      received: show(metric),
      allowed: `${known.join(', ')}, as the label is ${task === 'binary' ? 'yes or no' : 'a number'}`,
      action: 'name a metric of the task',
    }));
  return [...checkGroups(label, model), ...foreign];
}
