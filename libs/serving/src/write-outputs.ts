import type { OutputTensor } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import { datatypes } from './datatype.ts';
import type { RawOutput } from './onnx-session.ts';

type Element = NonNullable<OutputTensor['data']>[number];

function elementOf({ name, type }: RawOutput, value: number | bigint | boolean | string, i: number): Element {
  if (type === 'bool') return Boolean(value);
  if (typeof value === 'string') return value;
  const number = Number(value);
  const exact = typeof value === 'bigint' ? Number.isSafeInteger(number) : Number.isFinite(number);
  if (exact) return number;
  throw new ServiceError('output_not_finite', { path: `outputs.${name}[${i}]`, received: String(value) });
}

/** Outputs as the protocol's JSON has them: flat, row-major. Throws ServiceError output_not_finite for what JSON cannot hold. */
export function writeOutputs(outputs: readonly RawOutput[]): OutputTensor[] {
  return outputs.map((output) => ({
    name: output.name,
    datatype: datatypes[output.type] as OutputTensor['datatype'],
    shape: [...output.shape],
    data: Array.from(output.data, (value, i) => elementOf(output, value, i)),
  }));
}
