import type { ModelTable } from '@repo/serving/model-table';
import { whyNotOpen } from './why-not-open.ts';

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
        if (entry.state === 'loading') return [`model ${entry.name} is loading`];
        if (entry.state === 'failed') return [`model ${entry.name} ${whyNotOpen[entry.failure]}`];
        if (!entry.model.live()) return [`model ${entry.name} has a run that does not end`];
        return entry.model.ready() ? [] : [`model ${entry.name} has lost its threads`];
      });
    },
    leave: () => {
      leaving = true;
    },
  };
}
