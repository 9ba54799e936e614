import { InputError } from '@repo/contract/input-error';
import { formatInstant } from '@repo/contract/instant';
import type { PredictionRequest } from '@repo/contract/prediction-request';
import { ServiceError } from '@repo/contract/service-error';
import { type FeatureValue, lookUp } from '@repo/features/look-up';
import type { OnlineStore } from '@repo/features/online-store';
import type { PredictiveModel } from '../served-model.ts';
import { emptyStore, type GuardedStore, StoreUnavailable } from './guarded-store.ts';

/** What a model is asked: the features of one request, in the order of its contract. */
export interface Row {
  readonly features: readonly FeatureValue[];
  /** Why a value is not what it could be; see LookUpResult. */
  readonly reasons: readonly string[];
  readonly cutoff: string;
  readonly featuresAsOf: string;
  /** False when the looked-up features are missing because the store gave no answer in time. */
  readonly storeAnswered: boolean;
}

/** Feature names of the row's categories that the model was not trained on. */
export const unknownCategories = ({ reasons }: Row): string[] =>
  reasons.flatMap((reason) => (reason.startsWith('unknown_category:') ? reason.slice(reason.indexOf(':') + 1) : []));

/** Checks a body against the model's contract; throws ServiceError invalid_request. */
export function parseRequest({ bundle }: PredictiveModel, body: unknown): PredictionRequest {
  try {
    return bundle.parseRequest(body);
  } catch (error) {
    throw error instanceof InputError ? new ServiceError('invalid_request', error.problems) : error;
  }
}

/** What a lookup refuses in a request that fits the contract is a cut-off before the data begins. */
async function lookUpRow(
  { contract }: PredictiveModel,
  request: PredictionRequest,
  store: OnlineStore,
): Promise<Omit<Row, 'storeAnswered'>> {
  try {
    const { features, reasons, readAtUs } = await lookUp(contract, request, store);
    const { column, leadUs } = contract.cutoff;
    return {
      features,
      reasons,
      cutoff: formatInstant(Number(request[column]) - leadUs),
      featuresAsOf: formatInstant(readAtUs),
    };
  } catch (error) {
    throw error instanceof InputError ? new ServiceError('cutoff_before_data', error.problems) : error;
  }
}

/**
 * Looks the features of a request up within `budgetMs`. When the store gives no answer in time, all that it would have said is missing,
 * as it was in some rows of training. Throws ServiceError cutoff_before_data.
 */
export async function readRow(
  model: PredictiveModel,
  request: PredictionRequest,
  store: OnlineStore,
  guarded: GuardedStore,
  budgetMs: number,
): Promise<Row> {
  try {
    return { ...(await lookUpRow(model, request, guarded.within(budgetMs))), storeAnswered: true };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    const row = await lookUpRow(model, request, emptyStore(store));
    return { ...row, reasons: ['online_store_unavailable', ...row.reasons], storeAnswered: false };
  }
}
