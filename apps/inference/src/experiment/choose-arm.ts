import type { Response } from 'express';
import type { AppDeps } from '../app-deps.ts';
import type { PredictionHold } from '../hold-for-prediction.ts';
import { nameModel } from '../measure.ts';
import { type ServedArm, type ServedTrial, servedTrial } from './served-trial.ts';

/** Which model answers a prediction, and for which arm; no arm outside of an experiment. */
export interface Chosen extends Pick<PredictionHold, 'model' | 'role' | 'previous'> {
  readonly arm: ServedArm | null;
  readonly trial: ServedTrial | null;
}

function heldArm({ table }: Pick<AppDeps, 'table'>, response: Response, hold: PredictionHold, version: string) {
  // The lineup that the choice was made in is still the one that serves: this is the same turn of the event loop.
  const { model, release } = table.hold(hold.model.name, version);
  response.once('close', release);
  // The champion is warm and next to it: a better stand-in than the champion before.
  return { model: model as PredictionHold['model'], role: 'champion', previous: hold.model } as const;
}

/**
 * Chooses the arm of a request whose body is there. A path that names a version gets that version, and an experiment no unit: it tries nothing.
 */
export function chooseArm(
  { table, metrics }: Pick<AppDeps, 'table' | 'metrics'>,
  response: Response,
  hold: PredictionHold,
  { body, version }: { readonly body: unknown; readonly version: string | undefined },
): Chosen {
  const trial = version === undefined ? servedTrial(table, hold.model.name) : null;
  if (trial === null) return { ...hold, arm: null, trial };
  const { result, arm } = trial.choose(body);
  const labels = { model: hold.model.name, experiment: trial.name, arm: arm?.exposure.variant ?? '', result };
  metrics.increment('experiment_requests_total', labels);
  if (arm === null) return { ...hold, arm, trial };
  response.setHeader('x-experiment', arm.header);
  if (arm.version === null || arm.version === hold.model.version) return { ...hold, arm, trial };
  const held = heldArm({ table }, response, hold, arm.version);
  nameModel(response, held.model);
  return { ...held, arm, trial };
}
