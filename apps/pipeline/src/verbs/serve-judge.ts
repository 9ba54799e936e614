import { join } from 'node:path';
import { createRegistry } from '@repo/registry/registry';
import type { Context } from '../context.ts';
import { createOpenRelease } from '../judge/open-release.ts';
import { runJudge } from '../judge/run-judge.ts';
import type { Outcome } from '../outcome.ts';
import { requireUrl } from '../require-url.ts';
import { loadModel } from '../workspace.ts';

export interface ServeJudgeOptions {
  /** URL of Prometheus. */
  readonly prometheus: string;
  readonly namespace: string;
  readonly port: number;
  readonly host: string;
}

/** `causeway judge --serve`: answers the web metric of Argo Rollouts until the process is told to stop; see runJudge. */
export async function serveJudge(context: Context, options: ServeJudgeOptions): Promise<Outcome> {
  const { workspace, stateUrl, environment, untilStopped } = context;
  const { root } = workspace;
  await runJudge({
    ...options,
    ...{ environment, stateUrl, root, untilStopped },
    prometheus: requireUrl(options.prometheus, '--prometheus'),
    openRelease: createOpenRelease(join(root, 'models'), createRegistry(stateUrl, root)),
    modelOf: (name) => loadModel(workspace, name),
  });
  return { text: 'stopped', json: { stopped: true }, exitCode: 0 };
}
