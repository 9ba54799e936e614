import { show } from '@repo/contract/input-error';
import type { InferRequest } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';

/**
 * The checks of inferRequestSchema, written out: on the hot path the schema would cost more than the parsing of the body. A test holds
 * the two together.
 */

const maxIdLength = 256;

function refuse(path: string, value: unknown, allowed: string): never {
  const action = value === undefined ? 'add it' : 'change it';
  throw new ServiceError('invalid_request', { path, received: show(value), allowed, action });
}

type Fields = Readonly<Record<string, unknown>>;

function checkObject(path: string, value: unknown): asserts value is Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, value, 'an object');
}

/** Absent and null are the same: some clients write every field that they know. */
function checkParameters(path: string, value: unknown): void {
  if (value !== undefined && value !== null) checkObject(path, value);
}

function checkInput(value: unknown, i: number): void {
  const path = `request.inputs[${i}]`;
  checkObject(path, value);
  const { name, shape, datatype, parameters, data } = value;
  if (typeof name !== 'string') refuse(`${path}.name`, name, 'a string');
  if (!Array.isArray(shape)) refuse(`${path}.shape`, shape, 'an array');
  for (let d = 0; d < shape.length; d++) {
    if (!Number.isSafeInteger(shape[d])) refuse(`${path}.shape[${d}]`, shape[d], 'a whole number');
  }
  if (typeof datatype !== 'string') refuse(`${path}.datatype`, datatype, 'a string');
  checkParameters(`${path}.parameters`, parameters);
  if (data !== undefined && !Array.isArray(data)) refuse(`${path}.data`, data, 'an array');
}

function checkOutput(value: unknown, i: number): void {
  const path = `request.outputs[${i}]`;
  checkObject(path, value);
  if (typeof value.name !== 'string') refuse(`${path}.name`, value.name, 'a string');
  checkParameters(`${path}.parameters`, value.parameters);
}

/** Checks that a parsed body has the form of an inference request. Throws ServiceError invalid_request at the first field that has not. */
export function checkInferRequest(body: unknown): InferRequest {
  checkObject('request', body);
  const { id, parameters, inputs, outputs } = body;
  if (id !== undefined && id !== null) {
    if (typeof id !== 'string') refuse('request.id', id, 'a string');
    if (id.length > maxIdLength) refuse('request.id', id, `a string of length at most ${maxIdLength}`);
  }
  checkParameters('request.parameters', parameters);
  if (!Array.isArray(inputs)) refuse('request.inputs', inputs, 'an array');
  for (let i = 0; i < inputs.length; i++) checkInput(inputs[i], i);
  if (outputs !== undefined && outputs !== null) {
    if (!Array.isArray(outputs)) refuse('request.outputs', outputs, 'an array');
    for (let i = 0; i < outputs.length; i++) checkOutput(outputs[i], i);
  }
  return body as unknown as InferRequest;
}
