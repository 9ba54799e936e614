import type { FeatureStatus, ModelContract } from '@repo/contract/model-contract';
import type { PredictionRequest } from '@repo/contract/prediction-request';

/** Text columns of the request that a category feature reads, by feature. */
function categoryColumns(contract: ModelContract): Map<string, string> {
  const pairs = contract.views.flatMap(({ spec }) =>
    spec.kind === 'request'
      ? Object.entries(spec.features).flatMap(([name, how]) =>
          how.from === 'category' ? [[name, how.column] as const] : [],
        )
      : [],
  );
  return new Map(pairs);
}

/**
 * Why an answer is worse than it could be, one `reason:feature` for each feature that had no fresh value:
 * `unknown_category` (the request named a category that the model never saw), `missing`, `stale`; and first `online_store` alone
 * when there is no store at all. A view's own default is no reason.
 */
export function degradedReasons(
  contract: ModelContract,
  request: PredictionRequest,
  statuses: readonly FeatureStatus[],
  hasStore: boolean,
): string[] {
  const columns = categoryColumns(contract);
  const looksUp = contract.views.some(({ spec }) => spec.kind !== 'request');
  const reasons = looksUp && !hasStore ? ['online_store'] : [];
  contract.features.forEach(({ name }, i) => {
    const status = statuses[i];
    if (status !== 'missing' && status !== 'stale') return;
    const column = columns.get(name);
    const unknown = column !== undefined && request[column] !== null;
    reasons.push(`${unknown ? 'unknown_category' : status}:${name}`);
  });
  return reasons;
}
