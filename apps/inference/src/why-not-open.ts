import type { LoadFailure } from '@repo/serving/load-failure';

/** What everyone may hear of a version that is not open; the true reason may name files of the host, and is in the log. */
export const whyNotOpen: Readonly<Record<LoadFailure, string>> = {
  damaged: 'is damaged',
  late: 'was not loaded, checked and warm within LOAD_TIMEOUT_MS',
  unavailable: 'could not be loaded',
};
