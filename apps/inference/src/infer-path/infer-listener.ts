import type { RequestListener } from 'node:http';
import type { AppDeps } from '../app-deps.ts';
import { pauseSeconds, tooManyRequests } from '../turn-budget.ts';
import { createEndOfTurn } from './end-of-turn.ts';
import { createInferHandler } from './infer-handler.ts';
import { createCrowdRefusal } from './refuse-crowd.ts';
import { createTurnedAway } from './turned-away.ts';

/** Name and version, still percent-encoded, of a path that the protocol runs models at. */
const inferPath = /^\/v2\/models\/([^/?#]+)(?:\/versions\/([^/?#]+))?\/infer\/?(?:\?|$)/;

/**
 * Answers POST infer itself, at once where there is no time for it, and hands every other request to `others`: what the frame does for each request takes longer than a small
 * model. Other methods on the same path are among the others, and are refused there.
 */
export function createInferListener(deps: AppDeps, others: RequestListener): RequestListener {
  const endOfTurn = createEndOfTurn();
  const turnedAway = createTurnedAway(deps.metrics, endOfTurn);
  const answer = createInferHandler(deps, endOfTurn, turnedAway);
  const error = tooManyRequests();
  const refuse = createCrowdRefusal(deps.metrics, endOfTurn, { error, model: null, retryAfterSeconds: pauseSeconds });
  return (request, response) => {
    const url = request.url as string;
    const path = request.method === 'POST' ? inferPath.exec(url) : null;
    if (path === null) others(request, response);
    else if (deps.turnBudget.isSpent(performance.now())) refuse(request, response);
    else {
      const refuseToo = turnedAway.at(url);
      if (refuseToo !== undefined) refuseToo(request, response);
      else void answer(request, response, path[1] as string, path[2]);
    }
  };
}
