import { z } from 'zod';
import { definitionDigest } from './definition-digest.ts';
import { InputError, type Problem, show } from './input-error.ts';
import type { Model } from './model.ts';
import { type Split, splitProblems, splitSchema } from './split.ts';

/**
 * window.json beside a model definition: the days that the champion learned from and was tested on, where a retrain moved them on from the
 * definition's split. Written by `causeway promote` from the champion's lineage, and part of the promotion.
 */
export const trainingWindowSchema = splitSchema.extend({ schemaVersion: z.literal(1) });

/**
 * The model as if its definition had this split; its digest says so. With null it is the model as declared. Throws InputError naming `path` for
 * days out of order, and for days that begin before those of the definition, which are none that a retrain chooses.
 */
export function withWindow(model: Model, window: Split | null, path: string): Model {
  const { task, digest: _d, window: _w, declaredSplit, ...parsed } = model;
  const split: Split =
    window === null
      ? declaredSplit
      : { train: [...window.train], validate: [...window.validate], test: [...window.test] };
  const problems: Problem[] = window === null ? [] : splitProblems(path, split);
  if (split.test[1] < declaredSplit.validate[1])
    problems.push({
      path: `${path}.test[1]`,
      received: show(split.test[1]),
      allowed: `${declaredSplit.validate[1]} or later, where the definition stops learning`,
      action: 'remove the file: a retrain only ever moves on',
    });
  if (problems.length > 0) throw new InputError(problems);
  const facts = { ...parsed, split };
  return { ...facts, task, digest: definitionDigest(facts), window: window === null ? null : split, declaredSplit };
}
