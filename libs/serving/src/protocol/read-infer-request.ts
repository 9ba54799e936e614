import { show } from '@repo/contract/input-error';
import type { InferRequest, TensorMetadata } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import type { Tensor } from '../tensor.ts';
import { readBinaryData } from './binary-data.ts';
import { checkInferRequest } from './check-infer-request.ts';
import { readJsonData } from './json-data.ts';
import { parseJson } from './parse-json.ts';
import { readRawTensor } from './read-raw-tensor.ts';
import { readWanted } from './read-wanted.ts';
import { splitBody } from './split-body.ts';
import { countElements } from './tensor-shape.ts';

/** What a codec needs to know of a model. */
export interface ModelTensors {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/** A checked inference request. */
export interface InferInput {
  readonly id: string | undefined;
  /** In the order of the model's inputs; each has memory of its own. */
  readonly inputs: readonly Tensor[];
  /** Names of the outputs wanted, in the order wanted. */
  readonly outputs: readonly string[];
  /** Those of `outputs` that are to be answered as binary data. */
  readonly binaryOutputs: ReadonlySet<string>;
  /** Longest that the caller wants to wait, when it says so. */
  readonly timeoutMs: number | undefined;
}

type RequestInput = InferRequest['inputs'][number];

function refuse(path: string, received: string, allowed: string, action?: string): never {
  throw new ServiceError('invalid_tensor', {
    path,
    received,
    allowed,
    ...(action === undefined ? {} : { action }),
  });
}

function checkElements(count: number, maxElements: number, path: string): void {
  if (count <= maxElements) return;
  const [received, allowed] = [`${count} elements`, `at most ${maxElements} elements in JSON and of BYTES`];
  throw new ServiceError('too_many_elements', { path, received, allowed });
}

/** Announced size of an input's binary data; undefined when it comes in JSON. */
function binarySize({ parameters, data }: RequestInput, path: string): number | undefined {
  const size = parameters?.binary_data_size;
  if (parameters?.shared_memory_region !== undefined) {
    throw new ServiceError('unsupported_extension', {
      path: `${path}.parameters.shared_memory_region`,
      received: show(parameters.shared_memory_region),
    });
  }
  if (size === undefined) {
    if (data !== undefined) return undefined;
    throw new ServiceError('invalid_request', {
      path: `${path}.data`,
      received: 'nothing',
      allowed: 'an array, or parameters.binary_data_size',
      action: 'add it',
    });
  }
  if (data !== undefined) refuse(path, 'data and binary_data_size', 'one of them');
  if (Number.isSafeInteger(size) && (size as number) >= 0) return size as number;
  refuse(`${path}.parameters.binary_data_size`, show(size), 'the number of bytes');
}

function checkDatatype(datatype: string, wanted: TensorMetadata, path: string): void {
  if (datatype === wanted.datatype) return;
  const half = datatype === 'FP16' || datatype === 'BF16';
  const action = half ? `convert the values to ${wanted.datatype}: 16-bit floats are not served here` : undefined;
  refuse(`${path}.datatype`, show(datatype), wanted.datatype, action);
}

/** Reads the tensors in the order in which they are described, which is that of their binary data. */
function readInputs(
  { inputs: wanted }: ModelTensors,
  described: readonly RequestInput[],
  binary: Uint8Array,
  maxElements: number,
): Tensor[] {
  const tensors = new Array<Tensor | undefined>(wanted.length);
  let offset = 0;
  let elements = 0;
  for (let i = 0; i < described.length; i++) {
    const input = described[i] as RequestInput;
    const path = `request.inputs[${i}]`;
    const at = wanted.findIndex(({ name }) => name === input.name);
    const metadata = wanted[at] as TensorMetadata;
    if (at < 0) refuse(`${path}.name`, show(input.name), wanted.map(({ name }) => name).join(', '));
    if (tensors[at] !== undefined) refuse(`${path}.name`, `${show(input.name)} again`, 'each input once');
    const { name, datatype } = metadata;
    checkDatatype(input.datatype, metadata, path);
    const count = countElements(input.shape, metadata, `${path}.shape`);
    const size = binarySize(input, path);
    if (size === undefined || datatype === 'BYTES') {
      elements += count;
      checkElements(elements, maxElements, `${path}.shape`);
    }
    if (size !== undefined && offset + size > binary.length) {
      const received = `${binary.length - offset} bytes left for binary data of ${size}`;
      throw new ServiceError('invalid_header', { path, received });
    }
    const data =
      size === undefined
        ? readJsonData(datatype, input.shape, count, input.data as unknown[], `${path}.data`)
        : readBinaryData(datatype, count, binary.subarray(offset, offset + size), path);
    offset += size ?? 0;
    tensors[at] = { name, datatype, shape: input.shape, data };
  }
  if (offset < binary.length) {
    const received = `${binary.length - offset} bytes after the last tensor`;
    throw new ServiceError('invalid_header', { path: 'body', received, allowed: 'none' });
  }
  const missing = wanted.find((_input, i) => tensors[i] === undefined);
  if (missing === undefined) return tensors as Tensor[];
  const names = wanted.map(({ name }) => name).join(', ');
  const received = show(described.map(({ name }) => name));
  refuse('request.inputs', received, `each once: ${names}`, `add ${missing.name}`);
}

/**
 * Turns the body of an inference request into the inputs of a job. `headerLength` is the announced length of the JSON part: none means
 * that all is JSON, 0 that all is binary. `maxElements` bounds the elements that come as JSON or as BYTES.
 * Throws ServiceError malformed_json, too_many_elements, invalid_header, invalid_request, invalid_tensor, unknown_output or unsupported_extension.
 */
export function readInferRequest(
  model: ModelTensors,
  body: Uint8Array,
  headerLength: string | undefined,
  maxElements: number,
): InferInput {
  const { json, binary } = splitBody(body, headerLength);
  if (json === null) {
    const outputs = model.outputs.map(({ name }) => name);
    const inputs = [readRawTensor(model.inputs, binary)];
    return { id: undefined, inputs, outputs, binaryOutputs: new Set(outputs), timeoutMs: undefined };
  }
  const request = checkInferRequest(parseJson(json, maxElements));
  const wanted = readWanted(model, request);
  const inputs = readInputs(model, request.inputs, binary, maxElements);
  return { id: request.id ?? undefined, inputs, ...wanted };
}
