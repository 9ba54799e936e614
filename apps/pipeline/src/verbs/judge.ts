import { join } from 'node:path';
import { parseInstant } from '@repo/contract/instant';
import { createPrometheusClient } from '@repo/experiments/prometheus-client';
import { judgementLines } from '@repo/experiments/render-judgement';
import { createRegistry } from '@repo/registry/registry';
import { openCluster } from '../cluster/open-cluster.ts';
import type { Context } from '../context.ts';
import { createJudge } from '../judge/create-judge.ts';
import { createOpenRelease } from '../judge/open-release.ts';
import type { Outcome } from '../outcome.ts';
import { requireUrl } from '../require-url.ts';
import { loadModel } from '../workspace.ts';

export interface JudgeOptions {
  /** URL of Prometheus. */
  readonly prometheus: string;
  readonly namespace: string;
  /** Hashes of the pods' templates. */
  readonly stable: string;
  readonly canary: string;
  /** When the canary reached its share; null: when the newest of its pods was made, which needs a cluster. */
  readonly since: string | null;
}

const exitCodes = { pass: 0, fail: 1, inconclusive: 3 } as const;

/** `causeway judge <model>`: one look at a canary. Exit 0 pass, 1 fail, 3 inconclusive. Throws InputError for hashes that no canary has. */
export async function judgeVerb(context: Context, model: string, options: JudgeOptions): Promise<Outcome> {
  const { workspace, stateUrl, environment } = context;
  const { since, stable, canary, namespace } = options;
  const sinceMs = since === null ? undefined : parseInstant(since, '--since') / 1000;
  // Given the time, a Prometheus is enough; with a token the pods are asked too.
  const needsCluster = since === null || environment.ADMIN_TOKEN !== undefined;
  const query = createPrometheusClient(requireUrl(options.prometheus, '--prometheus'));
  const cluster = needsCluster ? openCluster(environment) : null;
  try {
    const judge = createJudge({
      ...{ query, cluster, namespace, nowMs: Date.now },
      adminToken: environment.ADMIN_TOKEN ?? null,
      openRelease: createOpenRelease(join(workspace.root, 'models'), createRegistry(stateUrl, workspace.root)),
      modelOf: (name) => loadModel(workspace, name),
    });
    const { judgement } = await judge({ model, stable, canary, sinceMs });
    return { text: judgementLines(judgement).join('\n'), json: judgement, exitCode: exitCodes[judgement.verdict] };
  } finally {
    cluster?.close();
  }
}
