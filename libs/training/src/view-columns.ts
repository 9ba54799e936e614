import type { ModelContract } from '@repo/contract/model-contract';

/** Where a model's features come from, as places in its input. */
export interface ViewColumns {
  /** Computed from the request itself: there whatever else is away. */
  request: number[];
  /** Columns of each view whose values are looked up, by its name, in the order of the contract. */
  lookedUp: ReadonlyMap<string, readonly number[]>;
}

/** Groups the features of a contract by the view that they come from. */
export function viewColumns(contract: ModelContract): ViewColumns {
  const ofRequest = new Set(contract.views.flatMap(({ spec }) => (spec.kind === 'request' ? [spec.name] : [])));
  const request: number[] = [];
  const lookedUp = new Map<string, number[]>();
  contract.features.forEach(({ view }, column) => {
    if (ofRequest.has(view)) request.push(column);
    else lookedUp.set(view, [...(lookedUp.get(view) ?? []), column]);
  });
  return { request, lookedUp };
}

/** The contract of a model on the features at the given places alone. */
export function narrowContract(contract: ModelContract, places: readonly number[]): ModelContract {
  return { ...contract, features: contract.features.filter((_, place) => places.includes(place)) };
}
