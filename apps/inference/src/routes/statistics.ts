import type { ModelStatisticsAnswer } from '@repo/contract/protocol-extensions';
import type { BatchStatistics } from '@repo/serving/model-statistics';
import type { ServedModel } from '@repo/serving/served-model';
import type { Express } from 'express';
import { requireAccess, requireKey } from '../access/require-access.ts';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { modelOf, modelPath } from '../model-path.ts';
import { refusals, refusing } from '../refusals.ts';
import { sendJson } from '../send-json.ts';

type ModelStats = ModelStatisticsAnswer['model_stats'][number];

const computedOf = ({ input, infer, output }: Pick<BatchStatistics, 'input' | 'infer' | 'output'>) => ({
  compute_input: input,
  compute_infer: infer,
  compute_output: output,
});

function statsOf(model: ServedModel): ModelStats {
  const statistics = model.statistics();
  const { success, fail, queue } = statistics;
  return {
    name: model.name,
    version: model.version,
    last_inference: statistics.lastInferenceMs,
    inference_count: statistics.inferences,
    execution_count: statistics.executions,
    inference_stats: { success, fail, queue, ...computedOf(statistics) },
    batch_stats: statistics.batches.map((batch) => ({ batch_size: batch.rows, ...computedOf(batch) })),
  };
}

/**
 * The extension statistics: of all models, of the versions of one, or of one version. A model called "stats" would lose its metadata
 * without a version to the first of these paths.
 */
export function addStatisticsRoutes(app: Express, deps: AppDeps): void {
  const { table } = deps;
  const all = (name?: string): ModelStats[] =>
    table
      .entries()
      .flatMap((entry) =>
        entry.state === 'ready' && (name === undefined || entry.name === name) ? [statsOf(entry.model)] : [],
      );
  addRoute(app, '/v2/models/stats', {
    get: [requireKey(deps), (_request, response) => sendJson(response, 200, { model_stats: all() })],
  });
  addRoute(app, `${modelPath}/stats`, {
    get: [
      requireAccess(deps),
      refusing((request, response) => {
        const [name, version] = modelOf(request);
        const model = table.find(name, version);
        sendJson(response, 200, { model_stats: version === undefined ? all(name) : [statsOf(model)] });
      }, refusals.model),
    ],
  });
}
