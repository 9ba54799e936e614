import { InputError, show } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import type { TensorMetadata } from '@repo/contract/protocol';
import type { InferenceSession as Session } from 'onnxruntime-node';
import { datatypes } from './datatype.ts';
import { InferenceSession, Tensor } from './runtime.ts';

/** What a run of a model gives: name, tensor type of ONNX Runtime, shape, values in row-major order. */
export interface RawOutput {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly data: ArrayLike<number | bigint | boolean | string>;
}

/** A loaded ONNX model whose input and output are those of its contract. */
export interface OnnxSession {
  readonly inputs: readonly TensorMetadata[];
  /** Outputs that JSON can carry; a model may have others, which are not offered. */
  readonly outputs: readonly TensorMetadata[];
  /**
   * Runs row-major float32 values of shape [rows, features], NaN for missing, and returns the outputs named, in that order.
   * The run itself holds the thread: the runtime computes synchronously.
   */
  run(values: Float32Array, rows: number, outputs: readonly string[]): Promise<RawOutput[]>;
  /** Frees the native memory. Call it when no run is under way. */
  release(): Promise<void>;
}

/**
 * One thread for a run: replicas and requests are the parallelism, and without this the runtime takes all cores of the host, blind
 * to the share that a container has. Spinning off: idle threads would burn three times the work's CPU. Severity 3: errors only.
 */
const options: Session.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

function metadata(values: readonly Session.ValueMetadata[]): TensorMetadata[] {
  return values.flatMap((value) => {
    const datatype = value.isTensor ? datatypes[value.type] : undefined;
    if (!value.isTensor || datatype === undefined) return [];
    return [{ name: value.name, datatype, shape: value.shape.map((dim) => (typeof dim === 'number' ? dim : -1)) }];
  });
}

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

/** Loads an ONNX model. Throws InputError when it is not ONNX or has not the tensors of the contract. */
export async function createOnnxSession(model: Uint8Array, contract: ModelContract): Promise<OnnxSession> {
  let session: Session;
  try {
    session = await InferenceSession.create(model, options);
  } catch (error) {
    throw new InputError({
      path: 'model.onnx',
      received: `${model.length} bytes that do not load: ${(error as Error).message.slice(0, 200)}`,
      allowed: 'an ONNX model that this runtime supports',
      action: 'train or export the model again',
    });
  }
  const [inputs, outputs] = [metadata(session.inputMetadata), metadata(session.outputMetadata)];
  const columns = contract.features.length;
  try {
    checkTensor('model.onnx.input', inputs, contract.input.name, columns, true);
    checkTensor('model.onnx.output', outputs, contract.output.name, 1, false);
  } catch (error) {
    await session.release();
    throw error;
  }
  return {
    inputs,
    outputs,
    run: async (values, rows, names) => {
      const feeds = { [contract.input.name]: new Tensor('float32', values, [rows, columns]) };
      const results = await session.run(feeds, [...names]);
      return names.map((name) => {
        const { type, dims, data } = results[name] as InstanceType<typeof Tensor>;
        return { name, type, shape: dims, data: data as RawOutput['data'] };
      });
    },
    release: () => session.release(),
  };
}
