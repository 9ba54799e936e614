import type { RunTimes } from '../job.ts';
import { mostLoggedValues } from '../prediction-log.ts';
import { secondsSince } from '../seconds-since.ts';
import type { ServedModel } from '../served-model.ts';
import type { Tensor } from '../tensor.ts';
import { type InferInput, readInferRequest } from './read-infer-request.ts';
import { recordTensor } from './record-tensor.ts';
import { type InferAnswer, writeInferResponse } from './write-infer-response.ts';

/** A request for inference as it came: bytes, and what the transport knows besides. */
export interface InferenceRequest {
  readonly body: Uint8Array;
  /** Announced length of the JSON part of the body; see {@link readInferRequest}. */
  readonly headerLength: string | undefined;
  /** Most elements that are taken as JSON or BYTES. */
  readonly maxElements: number;
  /** Moment of its arrival, as performance.now() reads it: the deadline counts from there. */
  readonly arrivedMs: number;
  /** Longest that an answer may take; the request may lower it. */
  readonly timeoutMs: number;
  /** Whether the prediction log remembers the answer: only then are the inputs kept for it. */
  readonly logged: boolean;
  /** See the signal of a job. */
  readonly signal: { readonly aborted: boolean };
}

/** An answer, what it took, and what the prediction log remembers of it. */
export interface Inference extends InferAnswer {
  readonly times: RunTimes;
  readonly decodedSeconds: number;
  readonly encodedSeconds: number;
  /** Values of all tensors, in and out. */
  readonly values: number;
  /** Inputs and outputs for the prediction log, made when it is called. */
  readonly record: () => unknown;
}

const countValues = (tensors: readonly Tensor[]): number => tensors.reduce((sum, { data }) => sum + data.length, 0);

/**
 * Answers an inference request of the protocol with a model. The model takes the job in the same turn of the event loop, so that a swap
 * cannot come between the lookup of the model and this. Throws ServiceError of {@link readInferRequest}, of the model's run, and
 * output_not_finite.
 */
export async function answerInference(model: ServedModel, call: InferenceRequest): Promise<Inference> {
  const began = performance.now();
  const input: InferInput = readInferRequest(model, call.body, call.headerLength, call.maxElements);
  const values = countValues(input.inputs);
  const recorded = call.logged && values <= mostLoggedValues ? input.inputs.map(recordTensor) : [];
  const decodedSeconds = secondsSince(began);
  const timeoutMs = Math.min(call.timeoutMs, input.timeoutMs ?? call.timeoutMs);
  const { inputs, outputs: wanted } = input;
  const deadlineMs = call.arrivedMs + timeoutMs;
  const { outputs, times } = await model.run({ inputs, outputs: wanted, deadlineMs, signal: call.signal });
  const ran = performance.now();
  const answer = writeInferResponse(model, input, outputs);
  return {
    json: answer.json,
    binary: answer.binary,
    times,
    decodedSeconds,
    encodedSeconds: secondsSince(ran),
    values: values + countValues(outputs),
    record: () => ({ inputs: recorded, outputs: outputs.map(recordTensor) }),
  };
}
