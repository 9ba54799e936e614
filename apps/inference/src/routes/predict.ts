import { predict } from '@repo/serving/predict';
import type { Express } from 'express';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { jsonOf } from '../json-body.ts';
import { countFeatures, metricsObserver } from '../measure.ts';
import { modelPath } from '../model-path.ts';
import { modelRequest } from '../model-request.ts';
import { sendJson } from '../send-json.ts';
import { servedModelOf } from '../with-model.ts';

/** POST predict: an event in, its features looked up, the answer with all that it rests on out. */
export function addPredictRoutes(app: Express, deps: AppDeps): void {
  const { store, metrics } = deps;
  addRoute(app, `${modelPath}/predict`, {
    post: [
      ...modelRequest(deps),
      async (request, response) => {
        const model = servedModelOf(response);
        const prediction = await predict(model, jsonOf(request), store, metricsObserver(metrics, model));
        countFeatures(metrics, model, prediction.features);
        sendJson(response, 200, prediction);
      },
    ],
  });
}
