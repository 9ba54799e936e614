import { InputError, show } from '@repo/contract/input-error';
import { parseOrThrow } from '@repo/contract/parse';
import { type InferRequest, inferRequestSchema } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import { readTensorData } from './read-tensor.ts';
import type { ServedModel } from './served-model.ts';

/** A checked inference request. */
export interface InferInput {
  readonly id: string | undefined;
  /** Row-major [rows, features], NaN for missing. */
  readonly values: Float32Array;
  readonly rows: number;
  /** Names of the outputs wanted, in the order wanted. */
  readonly outputs: readonly string[];
}

function parseBody(body: unknown): InferRequest {
  try {
    return parseOrThrow(inferRequestSchema, body, 'request');
  } catch (error) {
    throw error instanceof InputError ? new ServiceError('invalid_request', error.problems) : error;
  }
}

/** Rows of a shape that must be [rows, columns] with at most `maxElements` elements. */
function readShape(shape: readonly number[], columns: number, maxElements: number, path: string): number {
  const [rows = 0, width] = shape;
  if (shape.length !== 2 || rows < 1 || width !== columns) {
    throw new ServiceError('invalid_tensor', {
      path,
      received: show(shape),
      allowed: `[n,${columns}] with n at least 1`,
    });
  }
  if (rows * columns > maxElements) {
    const [received, allowed] = [`${rows * columns} elements`, `at most ${maxElements} elements in JSON`];
    throw new ServiceError('too_many_elements', { path, received, allowed });
  }
  return rows;
}

function readOutputs(model: ServedModel, wanted: InferRequest['outputs']): string[] {
  const names = model.outputs.map((output) => output.name);
  if (wanted === undefined || wanted.length === 0) return names;
  return wanted.map(({ name }, i) => {
    if (names.includes(name)) return name;
    const path = `request.outputs[${i}].name`;
    throw new ServiceError('unknown_output', { path, received: show(name), allowed: names.join(', ') });
  });
}

/**
 * Turns a JSON body of the protocol into rows of the model. `maxElements` bounds the input tensor.
 * Throws ServiceError invalid_request, invalid_tensor, too_many_elements or unknown_output.
 */
export function readInferRequest(model: ServedModel, body: unknown, maxElements: number): InferInput {
  const request = parseBody(body);
  const { name = '', datatype, shape: wanted } = model.inputs[0] ?? {};
  const columns = model.contract?.features.length ?? wanted?.at(-1) ?? -1;
  const [input] = request.inputs;
  if (input === undefined || request.inputs.length > 1) {
    const received = show(request.inputs.map((i) => i.name));
    throw new ServiceError('invalid_tensor', { path: 'request.inputs', received, allowed: `exactly one, ${name}` });
  }
  const path = 'request.inputs[0]';
  if (input.name !== name) {
    throw new ServiceError('invalid_tensor', { path: `${path}.name`, received: show(input.name), allowed: name });
  }
  if (input.datatype !== datatype) {
    throw new ServiceError('invalid_tensor', {
      path: `${path}.datatype`,
      received: show(input.datatype),
      allowed: String(datatype),
    });
  }
  const rows = readShape(input.shape, columns, maxElements, `${path}.shape`);
  const values = readTensorData(input.data as unknown[], rows, columns, `${path}.data`);
  return { id: request.id, values, rows, outputs: readOutputs(model, request.outputs) };
}
