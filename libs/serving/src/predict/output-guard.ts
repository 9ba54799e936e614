import type { ModelContract } from '@repo/contract/model-contract';
import { ServiceError } from '@repo/contract/service-error';

/** What keeps an answer of a model from being given, or, for `constant`, makes it suspicious. */
export const OutputGuard = { notFinite: 'not_finite', outOfRange: 'out_of_range', constant: 'constant' } as const;
export type OutputGuard = (typeof OutputGuard)[keyof typeof OutputGuard];

/** An answer that no caller may see: ServiceError output_not_finite, or inference_failed for a probability that is none. */
export class RefusedOutput extends ServiceError {
  readonly guard: OutputGuard;

  constructor(guard: OutputGuard, output: string, value: number) {
    const at = { path: `outputs.${output}`, received: String(value) };
    if (guard === OutputGuard.notFinite) super('output_not_finite', at);
    else super('inference_failed', { ...at, allowed: 'a probability from 0 to 1' });
    this.guard = guard;
  }
}

/** Returns the value. Throws RefusedOutput for NaN and infinities, and for a probability outside [0, 1]. */
export function checkOutput({ task, output }: ModelContract, value: number): number {
  if (!Number.isFinite(value)) throw new RefusedOutput(OutputGuard.notFinite, output.name, value);
  if (task === 'binary' && (value < 0 || value > 1))
    throw new RefusedOutput(OutputGuard.outOfRange, output.name, value);
  return value;
}

/** So many equal answers to rows that differ are no accident. */
const constantRun = 200;

/** Watches the answers of one model: calls `onConstant` at every 200th equal answer running, each to another row than the one before it. */
export function createConstantGuard(onConstant: () => void): (row: readonly number[], value: number) => void {
  let run = 0;
  let last: { row: readonly number[]; value: number } | undefined;
  return (row, value) => {
    const sameRow = last?.row.every((code, i) => Object.is(code, row[i])) ?? false;
    const same = last?.value === value;
    if (same && sameRow) return;
    run = same ? run + 1 : 1;
    last = { row, value };
    if (run % constantRun === 0) onConstant();
  };
}
