import { InputError } from '@repo/contract/input-error';
import type { TensorMetadata } from '@repo/contract/protocol';
import type { Tensor as OnnxTensor, InferenceSession as Session } from 'onnxruntime-node';
import { datatypes, tensorTypes } from './datatype.ts';
import { InferenceSession, Tensor as RuntimeTensor } from './runtime.ts';
import type { Tensor, TensorData } from './tensor.ts';

/** A loaded ONNX model in the thread that loaded it. */
export interface OnnxSession {
  readonly inputs: readonly TensorMetadata[];
  /** Outputs that are tensors; sequences and maps are not offered. */
  readonly outputs: readonly TensorMetadata[];
  /**
   * Runs the model on all its inputs and returns the outputs named, in that order. The run holds the thread: the runtime computes
   * synchronously. Rejects with the runtime's own error, which is prose.
   */
  run(inputs: readonly Tensor[], outputs: readonly string[]): Promise<Tensor[]>;
  /** Frees the native memory. Call it when no run is under way. */
  release(): Promise<void>;
}

/**
 * One thread for a run: replicas and requests are the parallelism, and without this the runtime takes all cores of the host, blind
 * to the share that a container has. Spinning off: idle threads would burn three times the work's CPU. Severity 4: errors
 * are thrown, and callers could otherwise fill stderr with failing runs.
 */
const options: Session.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 4,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

function refuse(path: string, received: string, allowed: string): never {
  throw new InputError({ path, received, allowed, action: 'train or export the model again' });
}

/** Metadata of the tensors among `values`; throws InputError for a tensor of a type that does not work here. */
function metadata(values: readonly Session.ValueMetadata[], path: string): TensorMetadata[] {
  return values.flatMap((value) => {
    if (!value.isTensor) return [];
    const datatype = datatypes[value.type];
    if (datatype === undefined) {
      refuse(`${path}.${value.name}`, value.type, `${Object.keys(datatypes).join(', ')}: cast it to float32`);
    }
    return [{ name: value.name, datatype, shape: value.shape.map((dim) => (typeof dim === 'number' ? dim : -1)) }];
  });
}

function readMetadata({ inputMetadata, outputMetadata }: Session): Pick<OnnxSession, 'inputs' | 'outputs'> {
  const inputs = metadata(inputMetadata, 'model.onnx.inputs');
  const outputs = metadata(outputMetadata, 'model.onnx.outputs');
  if (inputs.length < inputMetadata.length) {
    const others = inputMetadata.filter((value) => !value.isTensor).map((value) => value.name);
    refuse('model.onnx.inputs', `${others.join(', ')}, not a tensor`, 'tensors only');
  }
  if (outputs.length === 0) refuse('model.onnx.outputs', 'no tensor', 'at least one tensor');
  return { inputs, outputs };
}

/** Loads an ONNX model. Throws InputError when it is not ONNX, or has tensors of a type that does not work here. */
export async function createOnnxSession(model: Uint8Array): Promise<OnnxSession> {
  const session = await InferenceSession.create(model, options).catch((error: Error) =>
    refuse(
      'model.onnx',
      `${model.length} bytes that do not load: ${error.message.slice(0, 200)}`,
      'an ONNX model that this runtime supports',
    ),
  );
  let read: ReturnType<typeof readMetadata>;
  try {
    read = readMetadata(session);
  } catch (error) {
    await session.release();
    throw error;
  }
  return {
    ...read,
    run: async (inputs, outputs) => {
      const feeds: Record<string, OnnxTensor> = {};
      for (const { name, datatype, data, shape } of inputs) {
        feeds[name] = new RuntimeTensor(tensorTypes[datatype] as 'float32', data as Float32Array, shape);
      }
      const results = await session.run(feeds, outputs);
      return outputs.map((name) => {
        const { type, dims, data } = results[name] as OnnxTensor;
        return { name, datatype: datatypes[type] as Tensor['datatype'], shape: dims, data: data as TensorData };
      });
    },
    release: () => session.release(),
  };
}
