import type { LoadFailure } from '@repo/serving/load-failure';
import type { ModelEntry } from '@repo/serving/model-table';

/** The true reason may name files of the host, and is in the log. */
const failures: Readonly<Record<LoadFailure, string>> = {
  damaged: 'is damaged',
  late: 'was not loaded, checked and warm within LOAD_TIMEOUT_MS',
  unavailable: 'could not be loaded',
};

/** What everyone may hear of why a version cannot answer now: what "model <name>" is followed by. Null when it can. */
export function whyNotReady(entry: ModelEntry): string | null {
  if (entry.state === 'loading') return 'is loading';
  if (entry.state === 'failed') return failures[entry.failure];
  if (!entry.model.live()) return 'has a run that does not end';
  return entry.model.ready() ? null : 'has lost its threads';
}
