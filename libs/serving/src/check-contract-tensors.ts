import { InputError, show } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import type { TensorMetadata } from '@repo/contract/protocol';

function checkTensor(
  path: string,
  found: readonly TensorMetadata[],
  name: string,
  columns: number,
  alone: boolean,
): void {
  const tensor = found.find((t) => t.name === name);
  const last = tensor?.shape[1] ?? -1;
  const fits = tensor?.datatype === 'FP32' && tensor.shape.length === 2 && (last === -1 || last === columns);
  if (fits && (!alone || found.length === 1)) return;
  throw new InputError({
    path,
    received: found.map((t) => `${t.name} ${t.datatype} ${show(t.shape)}`).join(', ') || 'no tensor',
    allowed: `${alone ? 'only ' : ''}${name} FP32 [-1,${columns}], as contract.json says`,
    action: 'export the model again with the tensors of its contract',
  });
}

/** Throws InputError unless the model's only input and one of its outputs are those of its contract. */
export function checkContractTensors(
  inputs: readonly TensorMetadata[],
  outputs: readonly TensorMetadata[],
  contract: ModelContract,
): void {
  checkTensor('model.onnx.input', inputs, contract.input.name, contract.features.length, true);
  checkTensor('model.onnx.output', outputs, contract.output.name, 1, false);
}
