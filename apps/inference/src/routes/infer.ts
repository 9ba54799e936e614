import { answerInference } from '@repo/serving/infer';
import type { Express } from 'express';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { jsonOf, readBody } from '../json-body.ts';
import { measure, metricsObserver } from '../measure.ts';
import { modelPath } from '../model-path.ts';
import { sendJson } from '../send-json.ts';
import { servedModelOf, withModel } from '../with-model.ts';

/** POST infer: the Open Inference Protocol on rows that the caller made. */
export function addInferRoutes(app: Express, { table, metrics, limits }: AppDeps): void {
  addRoute(app, `${modelPath}/infer`, {
    post: [
      measure(metrics),
      withModel(table),
      readBody(limits),
      async (request, response) => {
        const model = servedModelOf(response);
        const observer = metricsObserver(metrics, model);
        sendJson(response, 200, await answerInference(model, jsonOf(request), limits.maxJsonElements, observer));
      },
    ],
  });
}
