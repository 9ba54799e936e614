import { parentPort } from 'node:worker_threads';
import { InputError } from '@repo/contract/input-error';
import { createOnnxSession, type OnnxSession } from './onnx-session.ts';
import { type FromWorker, ownBuffers, type ToWorker } from './worker-message.ts';

/**
 * The program of a thread that holds one model. It ends by itself when told to; what it does not expect ends it as well, and whoever
 * started it replaces it.
 */
if (parentPort === null) throw new Error('worker-thread.ts runs in a worker thread only');
const port = parentPort;
let session: OnnxSession | undefined;

async function load(model: Uint8Array): Promise<FromWorker> {
  try {
    session = await createOnnxSession(model);
    return { kind: 'loaded', inputs: session.inputs, outputs: session.outputs };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { kind: 'refused', problems: error.problems };
  }
}

async function run(session: OnnxSession, message: ToWorker & { kind: 'run' }): Promise<FromWorker> {
  const began = performance.now();
  try {
    const outputs = await session.run(message.inputs, message.outputs);
    return { kind: 'ran', outputs, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    return { kind: 'failed', message: (error as Error).message };
  }
}

port.on('message', async (message: ToWorker) => {
  if (message.kind === 'end') {
    await session?.release();
    port.close();
    return;
  }
  if (message.kind === 'load') return port.postMessage(await load(message.model));
  if (session === undefined) throw new Error('a run before the model');
  const answer = await run(session, message);
  port.postMessage(answer, answer.kind === 'ran' ? ownBuffers(answer.outputs) : []);
});
