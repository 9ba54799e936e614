import { joinTensors, rowsFrom, sameRow } from './batch.ts';
import type { Executor, RunOutput } from './executor.ts';
import type { Job } from './job.ts';
import type { Tensor } from './tensor.ts';

/** Whether outputs are those of so many rows, and go with the outputs of the piece before. */
const goWith = (outputs: readonly Tensor[], rows: number, before: readonly Tensor[] | undefined): boolean =>
  outputs.every(
    ({ shape }, i) => shape[0] === rows && (before === undefined || sameRow(shape, before[i]?.shape ?? [])),
  );

/**
 * Runs a job of many rows in pieces of `pieceRows`, for a model whose rows stand on their own and which holds the event loop while it
 * runs: between the pieces everything else has its turn. `isWanted` is asked there too; undefined once it says no. Where the inputs or
 * the outputs do not come apart in rows, all of it is one run.
 */
export async function runInPieces(
  executor: Executor,
  { inputs, outputs }: Pick<Job, 'inputs' | 'outputs'>,
  pieceRows: number,
  isWanted: () => boolean,
): Promise<RunOutput | undefined> {
  const rows = inputs[0]?.shape[0] ?? 1;
  if (inputs.some(({ shape }) => shape[0] !== rows)) return executor.run(inputs, outputs);
  const pieces: (readonly Tensor[])[] = [];
  let seconds = 0;
  for (let at = 0; at < rows; at += pieceRows) {
    if (!isWanted()) return undefined;
    const size = Math.min(pieceRows, rows - at);
    const piece = await executor.run(rowsFrom(inputs, at, size), outputs);
    if (!goWith(piece.outputs, size, pieces[0])) return executor.run(inputs, outputs);
    pieces.push(piece.outputs);
    seconds += piece.seconds;
  }
  return { outputs: joinTensors(pieces, rows), seconds };
}
