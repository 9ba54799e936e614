import type { ModelTable } from '@repo/serving/model-table';

/** Whether this process wants traffic. */
export interface Readiness {
  /** Why not, one phrase for each reason; empty when ready. */
  reasons(): string[];
  /** From now on never ready again. */
  leave(): void;
}

/**
 * Ready means that every model which this process must serve is. One damaged bundle keeps a new replica out of traffic, where the old
 * ones still answer; in a process that is reached all the same, the healthy models answer.
 */
export function createReadiness(table: ModelTable): Readiness {
  let leaving = false;
  return {
    reasons: () => {
      if (leaving) return ['the service is leaving'];
      const entries = table.entries();
      if (entries.length === 0) return ['no model is served'];
      return entries
        .filter((entry) => entry.state !== 'ready')
        .map((entry) => `model ${entry.name} is ${entry.state === 'loading' ? 'loading' : 'damaged'}`);
    },
    leave: () => {
      leaving = true;
    },
  };
}
