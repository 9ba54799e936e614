import { ExecutorKind } from './executor.ts';
import { quickMs, type WarmUp } from './warm-up.ts';

/** Loading holds the thread too: 4 MiB take some 50 ms. */
const inlineBytes = 4 * 2 ** 20;

/**
 * Where a model of so many bytes runs best: on the event loop when one row, the largest batch and loading hold it no longer than
 * the way to a thread and back is worth, else in threads.
 */
export function chooseExecutor(bytes: number, { oneRowMs, fullBatchMs }: WarmUp): ExecutorKind {
  const isQuick = oneRowMs <= quickMs.oneRow && fullBatchMs <= quickMs.fullBatch;
  return isQuick && bytes <= inlineBytes ? ExecutorKind.inline : ExecutorKind.worker;
}
