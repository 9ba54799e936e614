import { microseconds } from '@repo/contract/duration';
import { InputError } from '@repo/contract/input-error';
import { formatInstant, type InstantUs } from '@repo/contract/instant';
import { FeatureStatus, type ModelContract } from '@repo/contract/model-contract';
import type { PredictionRequest } from '@repo/contract/prediction-request';
import { ageUnitUs, type LookedUpViewSpec, type RequestViewSpec } from '@repo/contract/view';
import { encodeValue, type RawValue } from './encode-row.ts';
import { type EntityValues, type Found, type OnlineStore, storedFeatures, viewKey } from './online-store.ts';
import { clockReading } from './zone-clock.ts';

/** A feature as it goes into the model. */
export interface FeatureValue {
  name: string;
  /** Number or category; null when stale or missing. An unlisted category keeps its text. */
  value: RawValue;
  /** What the model sees: float32 number or category code, NaN for no value. */
  code: number;
  status: FeatureStatus;
}

export interface LookUpResult {
  /** In the order of the contract. */
  features: FeatureValue[];
  /** Why a feature is not ok or default: `missing:<feature>`, `stale:<feature>` or `unknown_category:<feature>`. */
  reasons: string[];
  /** The moment for which features were taken: the cut-off, or the latest materialization where that is later. */
  readAtUs: InstantUs;
}

interface Reading {
  value: RawValue;
  status: FeatureStatus;
}
type Readings = [name: string, reading: Reading][];
type ContractView = ModelContract['views'][number];
type LookedUpView = ContractView & { spec: LookedUpViewSpec };

const nothing = (status: FeatureStatus): Reading => ({ value: null, status });
const something = (value: RawValue | undefined): Reading =>
  value === null || value === undefined ? nothing('missing') : { value, status: 'ok' };

function requestReadings({ features }: RequestViewSpec, request: PredictionRequest): Readings {
  const read = (feature: RequestViewSpec['features'][string]): Reading => {
    const value = request[feature.column] ?? null;
    if (feature.from === 'clock') {
      return something(typeof value === 'number' ? clockReading(value, feature.part, feature.zone) : null);
    }
    if (feature.from === 'category') return something(value === null ? null : String(value));
    const number = value === null ? Number.NaN : Number(value);
    return something(Number.isFinite(number) ? number : null);
  };
  return Object.entries(features).map(([name, feature]) => [name, read(feature)]);
}

/** What a looked-up view says at `readAtUs`; `known` is false when a part of the entity is null. Mirrors the SQL of the offline join. */
function lookedUpReadings(spec: LookedUpViewSpec, found: Found, known: boolean, readAtUs: InstantUs): Readings {
  const names = storedFeatures(spec);
  if (!known || found.atUs === null) return names.map((name) => [name, nothing('missing')]);
  const ownUs = spec.kind === 'window' ? (found.row?.atUs ?? found.atUs) : found.row?.eventUs;
  if (typeof ownUs === 'number' && readAtUs - ownUs > microseconds(spec.ttl)) {
    return names.map((name) => [name, nothing('stale')]);
  }
  return names.map((name, i): [string, Reading] => {
    const feature = spec.features[name] as LookedUpViewSpec['features'][string];
    const value = found.row?.values[i] ?? null;
    if (feature.from === 'count') return [name, { value: value ?? 0, status: (value ?? 0) > 0 ? 'ok' : 'default' }];
    if (feature.from === 'age')
      return [name, something(value === null ? null : (readAtUs - value) / ageUnitUs[feature.unit])];
    return [name, something(value)];
  });
}

function cutoffOf({ cutoff, dataBeginsUs }: ModelContract, request: PredictionRequest): InstantUs {
  const at = request[cutoff.column];
  const us = typeof at === 'number' ? at - cutoff.leadUs : Number.NaN;
  if (us >= dataBeginsUs) return us;
  throw new InputError({
    path: `request.${cutoff.column}`,
    received: typeof at === 'number' ? formatInstant(at) : 'nothing',
    allowed: `${formatInstant(dataBeginsUs + cutoff.leadUs)} or later: there are no features before the data begins`,
    action: 'send a later time',
  });
}

function entityOf(spec: LookedUpViewSpec, request: PredictionRequest): EntityValues | null {
  const values = spec.entity.map((name) => request[name] ?? null);
  return values.every((value) => typeof value === 'string' || typeof value === 'number')
    ? (values as EntityValues)
    : null;
}

/** Reads every looked-up view of the contract in one round trip; a view whose entity is not given is not asked for its row. */
async function readStore(views: readonly LookedUpView[], request: PredictionRequest, store: OnlineStore) {
  const entities = views.map(({ spec }) => entityOf(spec, request));
  if (views.length === 0) return { entities, found: [] };
  const found = await store.get(views.map((view, i) => ({ view: viewKey(view), entity: entities[i] ?? [] })));
  return { entities, found };
}

/**
 * Features of one request, from the request itself and the online store, as they are known at the moment of the read. A row older than
 * its view's TTL then is stale, with the same meaning as in the offline join; what the store does not know is missing, not an error.
 * Throws InputError for a cut-off before the data begins.
 */
export async function lookUp(
  contract: ModelContract,
  request: PredictionRequest,
  store: OnlineStore,
): Promise<LookUpResult> {
  const cutoffUs = cutoffOf(contract, request);
  const views = contract.views.filter((view): view is LookedUpView => view.spec.kind !== 'request');
  const { entities, found } = await readStore(views, request, store);
  const readAtUs = found.reduce((latest, { atUs, row }) => Math.max(latest, row?.atUs ?? atUs ?? latest), cutoffUs);
  const readings = new Map(
    contract.views.flatMap((view) => {
      if (view.spec.kind === 'request') return requestReadings(view.spec, request);
      const i = views.indexOf(view as LookedUpView);
      return lookedUpReadings(view.spec, found[i] as Found, entities[i] !== null, readAtUs);
    }),
  );
  const reasons: string[] = [];
  const features = contract.features.map((feature): FeatureValue => {
    const { value, status } = readings.get(feature.name) as Reading;
    const code = encodeValue(feature, value);
    const unlisted = status === FeatureStatus.ok && Number.isNaN(code);
    if (unlisted) reasons.push(`unknown_category:${feature.name}`);
    else if (status === FeatureStatus.missing || status === FeatureStatus.stale)
      reasons.push(`${status}:${feature.name}`);
    return { name: feature.name, value, code, status: unlisted ? FeatureStatus.missing : status };
  });
  return { features, reasons, readAtUs };
}
