import type { OutputTensor } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import type { Tensor } from './tensor.ts';

type Element = NonNullable<OutputTensor['data']>[number];

function elementOf({ name, datatype }: Tensor, value: number | bigint | boolean | string, i: number): Element {
  if (datatype === 'BOOL') return Boolean(value);
  if (typeof value === 'string') return value;
  const number = Number(value);
  const exact = typeof value === 'bigint' ? Number.isSafeInteger(number) : Number.isFinite(number);
  if (exact) return number;
  throw new ServiceError('output_not_finite', { path: `outputs.${name}[${i}]`, received: String(value) });
}

/** Outputs as the protocol's JSON has them: flat, row-major. Throws ServiceError output_not_finite for what JSON cannot hold. */
export function writeOutputs(outputs: readonly Tensor[]): OutputTensor[] {
  return outputs.map((output) => ({
    name: output.name,
    datatype: output.datatype,
    shape: [...output.shape],
    data: Array.from<number | bigint | string, Element>(output.data, (value, i) => elementOf(output, value, i)),
  }));
}
