import type { TensorMetadata } from '@repo/contract/protocol';
import { ExecutorKind } from './executor.ts';
import { quickMs, type WarmUp } from './warm-up.ts';

/** Loading holds the thread too: 4 MiB take some 50 ms. */
const inlineBytes = 4 * 2 ** 20;

/** Whether no request makes a run longer than warm-up saw: only the rows are free, and jobs of many rows come apart; see runInPieces. */
function isBounded(inputs: readonly TensorMetadata[], { noBatches }: WarmUp): boolean {
  return inputs.every(({ shape }) => shape.every((dim, i) => dim !== -1 || (i === 0 && noBatches === undefined)));
}

/**
 * Where a model of so many bytes runs best: on the event loop when one row, the largest batch and loading hold it no longer than
 * the way to a thread and back is worth, and no request holds it longer; else in threads.
 */
export function chooseExecutor(bytes: number, inputs: readonly TensorMetadata[], warm: WarmUp): ExecutorKind {
  const isQuick = warm.oneRowMs <= quickMs.oneRow && warm.fullBatchMs <= quickMs.fullBatch;
  return isQuick && bytes <= inlineBytes && isBounded(inputs, warm) ? ExecutorKind.inline : ExecutorKind.worker;
}
