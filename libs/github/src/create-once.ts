import { isLost } from './github-error.ts';

const mostAttempts = 3;

/**
 * Creates what there must be one of. A request that creates is never simply repeated: when its answer was lost or says 5xx, the thing
 * may be there all the same, so `find` looks again before the next of three attempts. `create` must switch the client's own retries off.
 */
export async function createOnce<T>(find: () => Promise<T | null>, create: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const found = await find();
    if (found !== null) return found;
    try {
      return await create();
    } catch (error) {
      if (!isLost(error) || attempt === mostAttempts) throw error;
    }
  }
}
