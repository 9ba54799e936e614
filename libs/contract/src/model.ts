import type { z } from 'zod';
import { definitionDigest } from './definition-digest.ts';
import { InputError } from './input-error.ts';
import { checkModel } from './model-check.ts';
import { modelSchema, type ParsedModel } from './model-schema.ts';
import { parseOrThrow } from './parse.ts';
import type { Split } from './split.ts';
import { Task } from './task.ts';
import type { View } from './view.ts';

export type ModelDefinition = z.input<typeof modelSchema>;

/** A checked model definition: the only place that knows the model. */
export interface Model extends ParsedModel {
  readonly task: Task;
  /** See {@link definitionDigest}. */
  readonly digest: string;
  /** The days that window.json puts in the place of the definition's split; null without one. */
  readonly window: Split | null;
  /** The split as the definition has it. */
  readonly declaredSplit: Split;
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
  return { ...parsed, task, digest: definitionDigest(parsed), window: null, declaredSplit: parsed.split };
}
