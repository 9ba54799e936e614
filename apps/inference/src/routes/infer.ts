import type { Express } from 'express';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { createEndOfTurn } from '../infer-path/end-of-turn.ts';
import { createInferHandler } from '../infer-path/infer-handler.ts';
import { createTurnedAway } from '../infer-path/turned-away.ts';
import { modelPath } from '../model-path.ts';
import { refusals, refusing } from '../refusals.ts';

/**
 * POST infer for the few requests that reach the frame, such as those with an absolute URL; the rest is answered before it, see
 * createInferListener. Other methods are refused here.
 */
export function addInferRoutes(app: Express, deps: AppDeps): void {
  const endOfTurn = createEndOfTurn();
  const answer = createInferHandler(deps, endOfTurn, createTurnedAway(deps.metrics, endOfTurn));
  addRoute(app, `${modelPath}/infer`, {
    post: [
      refusing(
        (request, response) => {
          const { model, version } = request.params as { model: string; version?: string };
          const encode = encodeURIComponent;
          return answer(request, response, encode(model), version === undefined ? undefined : encode(version));
        },
        ...Object.values(refusals),
        ['invalid_tensor', 'invalid_header', 'unknown_output', 'unsupported_extension'],
      ),
    ],
  });
}
