import type { ModelTable } from '@repo/serving/model-table';
import { whyNotReady } from './why-not-ready.ts';

/** Whether this process wants traffic. */
export interface Readiness {
  /** Why not, one phrase for each reason; empty when ready. */
  reasons(): string[];
  /** From now on never ready again. */
  leave(): void;
}

/**
 * Ready means that every model which this process must serve is, in its default version, and has a thread to run it. One damaged bundle keeps a new replica out of
 * traffic, where the old ones still answer; in a process that is reached all the same, the healthy models answer. `listing` says that the
 * table does not list all of them yet.
 */
export function createReadiness(table: ModelTable, listing: () => boolean = () => false): Readiness {
  let leaving = false;
  return {
    reasons: () => {
      if (leaving) return ['the service is leaving'];
      if (listing()) return ['the models are being looked up'];
      const entries = table.entries().filter((entry) => entry.isDefault);
      if (entries.length === 0) return ['no model is served'];
      return entries.flatMap((entry) => {
        const why = whyNotReady(entry);
        return why === null ? [] : [`model ${entry.name} ${why}`];
      });
    },
    leave: () => {
      leaving = true;
    },
  };
}
