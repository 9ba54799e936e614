import { ServiceError } from '@repo/contract/service-error';
import type { Executor } from './executor.ts';
import { createOnnxSession } from './onnx-session.ts';

/** Loads a model on this thread, for models so small that the way to a thread and back would take longer than a run. */
export async function createInlineExecutor(name: string, model: Uint8Array): Promise<Executor> {
  const session = await createOnnxSession(model);
  return {
    kind: 'inline',
    slots: 1,
    ahead: 0,
    run: async (inputs, outputs) => {
      let began = performance.now();
      // The runtime computes in an immediate of its own: this one, queued before it, is when the run begins.
      setImmediate(() => {
        began = performance.now();
      });
      try {
        return { outputs: await session.run(inputs, outputs), seconds: (performance.now() - began) / 1000 };
      } catch (cause) {
        throw new ServiceError('inference_failed', { path: name, received: 'a run that failed' }, cause);
      }
    },
    // A run holds the thread that would ask.
    live: () => true,
    release: () => session.release(),
  };
}
