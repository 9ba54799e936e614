import { ServiceError } from '@repo/contract/service-error';
import type { ModelTable } from '@repo/serving/model-table';
import { isPredictive, type PredictiveModel, type ServedModel } from '@repo/serving/served-model';

/** The versions that a prediction may need; they stay open until released. */
export interface PredictionHold {
  readonly model: PredictiveModel;
  /** As what `model` answers: as previous when the champion could not be loaded. */
  readonly role: 'champion' | 'previous';
  readonly previous: PredictiveModel | null;
  release(): void;
}

const predictive = (model: ServedModel | null): PredictiveModel | null =>
  model !== null && isPredictive(model) ? model : null;

/** The version before a champion that could not be loaded, for requests to the champion; undefined when there is none. */
function standIn(table: ModelTable, name: string, version: string | undefined): string | undefined {
  const lineup = table.lineup(name);
  if (lineup === null || lineup.previous === null) return undefined;
  return version === undefined || version === lineup.current ? lineup.previous : undefined;
}

/**
 * Holds the model of a request and its stand-in. Throws ServiceError unknown_model, unknown_version or model_not_ready, and unknown_path
 * for a model that has no contract and hence answers no predictions.
 */
export function holdForPrediction(table: ModelTable, name: string, version?: string): PredictionHold {
  const failed = table.entry(name, version).state === 'failed';
  const instead = failed ? standIn(table, name, version) : undefined;
  const { model, previous, release } = table.hold(name, instead ?? version);
  if (isPredictive(model)) {
    const role = instead === undefined ? 'champion' : 'previous';
    return { model, role, previous: predictive(previous), release };
  }
  release();
  throw new ServiceError('unknown_path', {
    path: name,
    received: 'predict',
    allowed: 'infer: the model has no contract',
  });
}
