import type { z } from 'zod';
import { digestOf } from './canonical-json.ts';
import { InputError } from './input-error.ts';
import { checkModel } from './model-check.ts';
import { modelSchema, type ParsedModel } from './model-schema.ts';
import { parseOrThrow } from './parse.ts';
import { Task } from './task.ts';
import type { View } from './view.ts';

export type ModelDefinition = z.input<typeof modelSchema>;

/** A checked model definition: the only place that knows the model. */
export interface Model extends ParsedModel {
  readonly task: Task;
  /** Digest of all that can change a trained bundle: everything but `release`, `resources`, `monitoring`, `experiment` and what `gates` decides by. */
  readonly digest: string;
}

/** Lists the views of a model in input order. Each is pinned by its digest. */
export function select(...chosen: View[]): View[] {
  return chosen;
}

/** Declares a model; throws InputError listing every problem with its path, what was received, what is allowed and what to do. */
export function defineModel(definition: ModelDefinition): Model {
  const label = typeof definition?.name === 'string' ? definition.name : 'model';
  const parsed = parseOrThrow(modelSchema as unknown as z.ZodType<ParsedModel>, definition, label);
  const task = parsed.events.columns[parsed.label.column]?.type === 'boolean' ? Task.binary : Task.regression;
  const problems = checkModel(label, parsed, task);
  if (problems.length > 0) throw new InputError(problems);
  const { release: _r, resources: _s, monitoring: _m, experiment: _e, gates, events, features, ...facts } = parsed;
  const digest = digestOf({
    ...facts,
    gates: { slices: gates.slices },
    events: {
      name: events.name,
      key: events.key,
      eventTime: events.eventTime,
      sql: events.sql,
      columns: events.columns,
    },
    // Canonical JSON sorts the features of a spec, yet their order is that of the model's input.
    features: features.map(({ digest, spec }) => ({ digest, spec, order: Object.keys(spec.features) })),
  });
  return { ...parsed, task, digest };
}
