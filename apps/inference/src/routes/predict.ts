import type { Prediction } from '@repo/contract/protocol';
import { CallerLeft } from '@repo/serving/caller-left';
import type { LevelFailure } from '@repo/serving/predict/level-failure';
import type { Express, RequestHandler, Response } from 'express';
import { requireAccess } from '../access/require-access.ts';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { countPrediction } from '../count-prediction.ts';
import { type Chosen, chooseArm } from '../experiment/choose-arm.ts';
import { offerShadow } from '../experiment/offer-shadow.ts';
import { servedTrial } from '../experiment/served-trial.ts';
import { holdForPrediction, type PredictionHold } from '../hold-for-prediction.ts';
import { jsonOf, takeBody } from '../json-body.ts';
import { exchangeOf, measure, nameModel } from '../measure.ts';
import { modelOf, modelPath } from '../model-path.ts';
import { createPredictors } from '../predictors.ts';
import { refusals, refusing } from '../refusals.ts';
import { requestIdOf } from '../request-id.ts';
import { sendJson } from '../send-json.ts';

const holdOf = (response: Response): PredictionHold => response.locals.hold;

/** Finds and holds the model of the path before the body is read; lets go of it when the response closes. */
function holdModel({ table, shadow }: AppDeps): RequestHandler {
  const handler: RequestHandler = (request, response, next) => {
    const [name, version] = modelOf(request);
    nameModel(response, table.entry(name, version));
    const hold = holdForPrediction(table, name, version);
    response.once('close', hold.release);
    nameModel(response, hold.model);
    response.locals.hold = hold;
    if (servedTrial(table, name)?.shadow != null) response.once('close', shadow.begin());
    next();
  };
  // A model without a contract has no such path.
  return refusing(handler, refusals.model, ['unknown_path']);
}

/** What the prediction log gets to know of an answer; resolves when the answer may go out. */
function remember(
  { predictionLog }: AppDeps,
  response: Response,
  { arm }: Chosen,
  body: unknown,
  prediction: Prediction,
) {
  return predictionLog.append({
    requestId: requestIdOf(response),
    model: prediction.model_name,
    version: prediction.model_version,
    digest: prediction.model_digest,
    level: prediction.fallback_level,
    kind: 'predict',
    exposure: arm?.exposure,
    traceparent: exchangeOf(response)?.trace.traceparent,
    data: () => ({ request: body, answer: prediction }),
  });
}

/** No news for the log: a breaker says when it opens, a model when it does not load, and a category is the caller's. */
const known: readonly string[] = ['breaker_open', 'not_loaded', 'unknown_category'];

/** Logs why better levels did not answer. */
function logFailures(
  { logger }: AppDeps,
  response: Response,
  prediction: Prediction,
  failures: readonly LevelFailure[],
): void {
  const news = failures.filter(({ why }) => !known.includes(why));
  if (news.length === 0) return;
  const { model_name, model_version, fallback_level } = prediction;
  const facts = { request_id: requestIdOf(response), model: model_name, version: model_version, fallback_level };
  logger.warn({ ...facts, failures: news.map(({ level, why, error }) => ({ level, why, err: error })) }, 'degraded');
}

/** POST predict: an event in, its features looked up, the answer with all that it rests on out, from the best level that has one. */
export function addPredictRoutes(app: Express, deps: AppDeps): void {
  const predictorOf = createPredictors(deps);
  const answer: RequestHandler = async (request, response) => {
    const body = jsonOf(request);
    const [, version] = modelOf(request);
    const chosen = chooseArm(deps, response, holdOf(response), { body, version });
    const { model, role, previous, trial } = chosen;
    const signal = exchangeOf(response);
    try {
      const { prediction, failures, tookMs } = await predictorOf(model, role).predict(body, { previous, signal });
      countPrediction(deps.metrics, prediction);
      logFailures(deps, response, prediction, failures);
      await remember(deps, response, chosen, body, prediction);
      response.setHeader('x-fallback-level', prediction.fallback_level);
      response.setHeader('server-timing', `predict;dur=${tookMs.toFixed(3)}`);
      if (trial?.shadow != null) offerShadow(deps, response, trial.name, trial.shadow, { body, served: prediction });
      sendJson(response, 200, prediction);
    } catch (error) {
      if (!(error instanceof CallerLeft)) throw error;
    }
  };
  const { json, run, answer: ofAnswer } = refusals;
  const predicting = refusing(answer, json, ['cutoff_before_data', 'rejected_input'], run, ofAnswer);
  addRoute(app, `${modelPath}/predict`, {
    post: [measure(deps, 'predict'), requireAccess(deps), holdModel(deps), takeBody(deps.limits), predicting],
  });
}
