import { checkExperiment } from './check-experiment.ts';
import { checkGatePolicy } from './check-gate-policy.ts';
import { checkReleasePolicy } from './check-release-policy.ts';
import { checkRetrainingPolicy } from './check-retraining-policy.ts';
import type { Problem } from './input-error.ts';
import { show } from './input-error.ts';
import { featureNames, type ParsedModel } from './model-schema.ts';
import { checkMonitoringPolicy } from './monitoring-policy.ts';
import { Fallback } from './serving-policy.ts';
import { splitProblems } from './split.ts';
import type { Task } from './task.ts';

function checkColumns(label: string, model: ParsedModel): Problem[] {
  const { columns, name: source } = model.events;
  const problems: Problem[] = [];
  const instants = Object.keys(columns).filter(
    (c) => columns[c]?.type === 'instant' && columns[c]?.knownAt === undefined,
  );
  if (!instants.includes(model.cutoff.column)) {
    problems.push({
      path: `${label}.cutoff.column`,
      received: show(model.cutoff.column),
      allowed: instants.join(', '),
      action: `name an instant column of ${source} that is known beforehand`,
    });
  }
  const labels = Object.keys(columns).filter(
    (c) => columns[c]?.knownAt !== undefined && ['boolean', 'number', 'integer'].includes(columns[c]?.type ?? ''),
  );
  if (!labels.includes(model.label.column)) {
    problems.push({
      path: `${label}.label.column`,
      received: show(model.label.column),
      allowed: labels.join(', ') || 'a boolean or numeric column with knownAt',
      action: `name a column of ${source} that becomes known later`,
    });
  }
  return problems;
}

function checkFeatures(label: string, model: ParsedModel): Problem[] {
  const problems: Problem[] = [];
  const { columns, name: source } = model.events;
  const names = featureNames(model.features);
  names.forEach((name, i) => {
    if (names.indexOf(name) === i) return;
    problems.push({
      path: `${label}.features`,
      received: `${show(name)} twice`,
      allowed: 'each feature name once',
      action: 'leave one of the views out, or rename the feature',
    });
  });
  model.features.forEach(({ spec, source: from }, i) => {
    const path = `${label}.features[${i}]`;
    if (spec.kind === 'request') {
      if (from.name !== source)
        problems.push({
          path,
          received: `view ${spec.name} over source ${from.name}`,
          allowed: `request views over ${source}`,
          action: 'a request carries columns of the events only; use a latest view',
        });
      return;
    }
    for (const key of spec.entity) {
      const here = columns[key];
      if (here !== undefined && here.knownAt === undefined && here.type === from.columns[key]?.type) continue;
      problems.push({
        path,
        received: `view ${spec.name} with entity ${key}`,
        allowed: `entities of columns that ${source} knows beforehand, of the same type`,
        action: `add ${key} to ${source}, or leave the view out`,
      });
    }
  });
  return problems;
}

/** What is wrong between the parts of a model definition that each look fine alone. An empty list means nothing. */
export function checkModel(label: string, model: ParsedModel, task: Task): Problem[] {
  const problems = [
    ...checkColumns(label, model),
    ...checkFeatures(label, model),
    ...checkGatePolicy(label, model, task),
    ...splitProblems(`${label}.split`, model.split),
    ...checkMonitoringPolicy(label, model, task),
    ...checkReleasePolicy(label, model),
    ...checkRetrainingPolicy(label, model),
    ...checkExperiment(label, model, task),
  ];
  const { fallback } = model.serving;
  const inOrder = Object.values(Fallback).filter((level) => fallback.includes(level));
  if (inOrder.join() !== fallback.join())
    problems.push({
      path: `${label}.serving.fallback`,
      received: show(fallback),
      allowed: `some of ${Object.values(Fallback).join(', ')}, each once and in this order`,
      action: 'put the better level first',
    });
  if (model.serving.fallback.includes('compact') && !model.features.some(({ spec }) => spec.kind === 'request'))
    problems.push({
      path: `${label}.serving.fallback`,
      received: 'compact without a request view',
      allowed: 'compact where at least one view is computed from the request itself',
      action: 'leave compact out, or select a request view',
    });
  const type = model.events.columns[model.label.column]?.type;
  if (model.serving.threshold !== undefined && (type === 'number' || type === 'integer')) {
    problems.push({
      path: `${label}.serving.threshold`,
      received: show(model.serving.threshold),
      allowed: 'nothing for a regression',
      action: 'remove it',
    });
  }
  return problems;
}
