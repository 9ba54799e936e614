import type { Found, OnlineStore } from '@repo/features/online-store';
import { secondsSince } from '../seconds-since.ts';
import { createBreaker } from './breaker.ts';
import { withinBudget } from './within-budget.ts';

/** The online store gave no answer that can be used; `cause` says why. */
export class StoreUnavailable extends Error {
  constructor(cause: unknown) {
    super('the online store gave no answer that can be used', { cause });
    this.name = 'StoreUnavailable';
  }
}

const isNumberOrNull = (value: unknown): boolean => value === null || typeof value === 'number';

/** What is no object at all makes this throw, which fails the read as well. */
const isFound = ({ atUs, row }: Found): boolean =>
  isNumberOrNull(atUs) && (row === null || (isNumberOrNull(row.eventUs) && row.values.every(isNumberOrNull)));

type Keys = Parameters<OnlineStore['get']>[0];

async function readWell(store: OnlineStore, keys: Keys): Promise<Found[]> {
  const found = await store.get(keys);
  if (found.length === keys.length && found.every(isFound)) return found;
  throw new TypeError('the online store answered with something else than rows of numbers');
}

/** An online store that gives up in time. */
export interface GuardedStore {
  /** The store with reads that throw StoreUnavailable when they fail, are malformed, take longer than `budgetMs`, or while its breaker is open. */
  within(budgetMs: number): OnlineStore;
}

/** Hears how the store does. */
export interface StoreObserver {
  breakerChanged(open: boolean): void;
  /** A read ended after so many seconds; `failure` says why it gave no answer, null when it did. */
  read(seconds: number, failure: unknown): void;
}

/** Guards a store with a breaker, so that a dead one does not cost every prediction its budget. */
export function createGuardedStore(store: OnlineStore, observer: StoreObserver): GuardedStore {
  const breaker = createBreaker(observer.breakerChanged, () => true);
  const observed = async (budgetMs: number, keys: Keys): Promise<Found[]> => {
    const began = performance.now();
    try {
      const found = await withinBudget('online store', budgetMs, () => readWell(store, keys));
      observer.read(secondsSince(began), null);
      return found;
    } catch (failure) {
      observer.read(secondsSince(began), failure);
      throw failure;
    }
  };
  return {
    within: (budgetMs) => ({
      ...store,
      get: async (keys) => {
        try {
          return await breaker.run(() => observed(budgetMs, keys));
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
