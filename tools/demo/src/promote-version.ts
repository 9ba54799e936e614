import { setTimeout as pause } from 'node:timers/promises';
import { readMetrics } from './read-metrics.ts';
import { runCauseway } from './run-causeway.ts';
import type { Scene } from './scene.ts';

/** Longest wait for the service to notice. */
const mostSeconds = 300;

/** Promotes a version as merging its pull request would, and waits until the running service answers with it. Throws Error where it never does. */
export async function promoteVersion(
  { workspace, service, model, view }: Scene,
  version: number,
): Promise<{ version: number; swapSeconds: number }> {
  const { root, stateDir } = workspace;
  const { exitCode, lastWords } = await runCauseway({ root, stateDir }, [
    'promote',
    model.name,
    '--version',
    String(version),
  ]);
  if (exitCode !== 0) throw new Error(`causeway promote ended with ${exitCode}: ${lastWords}`);
  const begun = performance.now();
  const isServed = async () =>
    (await readMetrics(service.adminPort)).some(
      ({ name, labels, value }) =>
        name === 'model_ready' && labels.model === model.name && labels.version === String(version) && value === 1,
    );
  for (;;) {
    const swapSeconds = (performance.now() - begun) / 1000;
    if (await isServed()) {
      view.say(`version ${version} serves ${swapSeconds.toFixed(1)} s after the promotion`);
      return { version, swapSeconds };
    }
    if (swapSeconds > mostSeconds)
      throw new Error(`the service does not serve version ${version} after ${mostSeconds} s`);
    await pause(50);
  }
}
