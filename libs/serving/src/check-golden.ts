import { InputError } from '@repo/contract/input-error';
import type { Golden } from '@repo/contract/manifest';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Executor } from './executor.ts';

function refuse(path: string, received: string, allowed: string): never {
  const action =
    'the model does not compute here what it did when it was trained: train it again, or use the runtime it was made for';
  throw new InputError({ path: `golden.json.${path}`, received, allowed, action });
}

/** Runs the golden rows of a bundle and compares; throws InputError at the first output further off than the tolerance. */
export async function checkGolden(
  executor: Pick<Executor, 'run'>,
  contract: ModelContract,
  golden: Golden,
): Promise<void> {
  const [rows, columns] = [golden.features.length, contract.features.length];
  if (rows === 0) refuse('features', 'no rows', 'at least one row');
  golden.features.forEach((row, i) => {
    if (row.length !== columns) refuse(`features[${i}]`, `${row.length} values`, `${columns} values`);
  });
  if (golden.outputs.length !== rows) refuse('outputs', `${golden.outputs.length} outputs`, `${rows} outputs`);
  const data = Float32Array.from(golden.features.flat(), (value) => value ?? Number.NaN);
  const { outputs } = await executor.run([{ ...contract.input, shape: [rows, columns], data }], [contract.output.name]);
  golden.outputs.forEach((expected, i) => {
    const received = Number(outputs[0]?.data[i]);
    if (Math.abs(received - expected) <= golden.tolerance) return;
    refuse(`outputs[${i}]`, `${received}`, `${expected} within ${golden.tolerance}`);
  });
}
