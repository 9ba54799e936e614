import type { Found, OnlineStore } from '@repo/features/online-store';
import { type Breaker, createBreaker } from './breaker.ts';
import { withinBudget } from './within-budget.ts';

/** The online store gave no answer that can be used; `cause` says why. */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('the online store gave no answer that can be used', { cause });
    this.name = 'StoreUnavailable';
  }
}

const isNumberOrNull = (value: unknown): boolean => value === null || typeof value === 'number';

function isFound(found: Found | undefined): boolean {
  if (typeof found !== 'object' || found === null || !isNumberOrNull(found.atUs)) return false;
  const { row } = found;
  if (row === null) return true;
  return isNumberOrNull(row?.eventUs) && Array.isArray(row.values) && row.values.every(isNumberOrNull);
}

async function readWell(store: OnlineStore, keys: Parameters<OnlineStore['get']>[0]): Promise<Found[]> {
  const found = await store.get(keys);
  if (Array.isArray(found) && found.length === keys.length && found.every(isFound)) return found;
  throw new TypeError('the online store answered with something else than rows of numbers');
}

/** An online store that gives up in time. */
export interface GuardedStore {
  /** The store with reads that throw StoreUnavailable when they fail, are malformed, take longer than `budgetMs`, or while its breaker is open. */
  within(budgetMs: number): OnlineStore;
}

/** Guards a store with a breaker, so that a dead one does not cost every prediction its budget. `onChange` hears when the breaker opens and closes. */
export function createGuardedStore(store: OnlineStore, onChange: (open: boolean) => void): GuardedStore {
  const breaker: Breaker = createBreaker(onChange, () => true);
  return {
    within: (budgetMs) => ({
      ...store,
      get: async (keys) => {
        try {
          return await breaker.run(() => withinBudget('online store', budgetMs, () => readWell(store, keys)));
        } catch (cause) {
          throw new StoreUnavailable(cause);
        }
      },
    }),
  };
}

/** A store that knows nothing. */
export const emptyStore = (store: OnlineStore): OnlineStore => ({
  ...store,
  get: async (keys) => keys.map(() => ({ atUs: null, row: null })),
});
