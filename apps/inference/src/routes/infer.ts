import { answerInference } from '@repo/serving/infer';
import type { Express } from 'express';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { jsonOf } from '../json-body.ts';
import { metricsObserver } from '../measure.ts';
import { modelPath } from '../model-path.ts';
import { modelRequest } from '../model-request.ts';
import { sendJson } from '../send-json.ts';
import { servedModelOf } from '../with-model.ts';

/** POST infer: the Open Inference Protocol on rows that the caller made. */
export function addInferRoutes(app: Express, deps: AppDeps): void {
  addRoute(app, `${modelPath}/infer`, {
    post: [
      ...modelRequest(deps),
      async (request, response) => {
        const model = servedModelOf(response);
        const observer = metricsObserver(deps.metrics, model);
        const answer = await answerInference(model, jsonOf(request), deps.limits.maxJsonElements, observer);
        sendJson(response, 200, answer);
      },
    ],
  });
}
