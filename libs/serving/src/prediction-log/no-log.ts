import type { PredictionLog } from '../prediction-log.ts';

/** A log that remembers nothing. */
export const createNoLog = (): PredictionLog => ({
  isOff: true,
  append: () => undefined,
  close: async () => undefined,
});
