import { z } from 'zod';
import { type Problem, show } from './input-error.ts';

const dayRange = z.tuple([z.iso.date(), z.iso.date()]);

/** Schema of the days that a model learns from, is tuned on and is tested on: half-open ranges in UTC, [from, to). */
export const splitSchema = z.strictObject({ train: dayRange, validate: dayRange, test: dayRange });
export type Split = z.output<typeof splitSchema>;

/** What is wrong with the order of a split's parts; `path` is where it stands. An empty list means nothing. */
export function splitProblems(path: string, split: Split): Problem[] {
  const problems: Problem[] = [];
  let end = '';
  for (const part of ['train', 'validate', 'test'] as const) {
    const [from, to] = split[part];
    if (from >= to)
      problems.push({
        path: `${path}.${part}`,
        received: show(split[part]),
        allowed: 'a first day before the last',
        action: 'swap or correct the days',
      });
    if (from < end)
      problems.push({
        path: `${path}.${part}[0]`,
        received: show(from),
        allowed: `${end} or later`,
        action: 'parts follow each other in time and do not overlap',
      });
    end = to;
  }
  return problems;
}
