import { InputError, show } from '@repo/contract/input-error';
import { parseInstant } from '@repo/contract/instant';
import { createPrometheusClient } from '@repo/experiments/prometheus-client';
import { judgementLines } from '@repo/experiments/render-judgement';
import { createRegistry } from '@repo/registry/registry';
import type { Cluster } from '../cluster/cluster.ts';
import { openCluster } from '../cluster/open-cluster.ts';
import type { Context } from '../context.ts';
import { createJudge } from '../judge/create-judge.ts';
import { createOpenRelease } from '../judge/open-release.ts';
import type { Outcome } from '../outcome.ts';
import { loadModel } from '../workspace.ts';

export interface JudgeWhere {
  /** URL of Prometheus. */
  readonly prometheus: string;
  readonly namespace: string;
}

export interface JudgeOptions extends JudgeWhere {
  /** Hashes of the pods' templates. */
  readonly stable: string;
  readonly canary: string;
  /** When the canary began; null: when the first of its pods was made, which needs a cluster. */
  readonly since: string | null;
}

const exitCodes = { pass: 0, fail: 1, inconclusive: 3 } as const;

function requireUrl(text: string): string {
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) return text;
  throw new InputError({
    path: '--prometheus',
    received: show(text),
    allowed: 'the URL of a Prometheus, such as http://127.0.0.1:9091',
    action: 'correct it',
  });
}

/** A judge over this checkout and a cluster. */
export function judgeOf(context: Context, { prometheus, namespace }: JudgeWhere, cluster: Cluster | null) {
  const { workspace, stateUrl, environment } = context;
  const registry = createRegistry(stateUrl, workspace.root);
  return createJudge({
    query: createPrometheusClient(requireUrl(prometheus)),
    cluster,
    namespace,
    adminToken: environment.ADMIN_TOKEN ?? null,
    openRelease: createOpenRelease(`${workspace.root}/models`, registry),
    modelOf: (name) => loadModel(workspace, name),
    nowMs: Date.now,
  });
}

/** `causeway judge <model>`: one look at a canary. Exit 0 pass, 1 fail, 3 inconclusive. Throws InputError for hashes that no canary has. */
export async function judgeVerb(context: Context, model: string, options: JudgeOptions): Promise<Outcome> {
  const { since, stable, canary } = options;
  const sinceMs = since === null ? undefined : parseInstant(since, '--since') / 1000;
  // Given the time, a Prometheus is enough; with a token the pods are asked too.
  const needsCluster = since === null || context.environment.ADMIN_TOKEN !== undefined;
  const cluster = needsCluster ? openCluster(context.environment) : null;
  try {
    const { judgement } = await judgeOf(context, options, cluster)({ model, stable, canary, sinceMs });
    return { text: judgementLines(judgement).join('\n'), json: judgement, exitCode: exitCodes[judgement.verdict] };
  } finally {
    cluster?.close();
  }
}
