import type { Finding } from '@repo/contract/monitor-findings';
import type { Profile } from '@repo/contract/profile';
import type { Window } from '../window.ts';
import type { DriftBasis } from './drift-basis.ts';
import { measureDriftLaw } from './drift-law.ts';
import { evaluateDrift } from './evaluate-drift.ts';
import { wholeDays } from './whole-days.ts';

/** The newest days, which do not say how days differ: a drift that lasts would teach itself to them, and its alert would clear. */
const newestDays = 14;
/** Days before those from which it can be told how days differ; with fewer a drift warns, but pages nobody. */
const fewestDays = 14;
const dayUs = 86_400e6;

export interface VersionDriftEvidence {
  readonly profile: Profile;
  /** What the version's training left behind; null for one that was trained before there was such a file. */
  readonly basis: DriftBasis | null;
  /** Windows of the version that answers, oldest first. */
  readonly windows: readonly Window[];
}

/** By the days of traffic, which are all there is where training left nothing behind. Importances are not known. */
function byTraffic(profile: Profile, windows: readonly Window[]): Finding[] {
  const untilUs = (windows.at(-1)?.toUs ?? 0) - newestDays * dayUs;
  const older = windows.filter(({ toUs }) => toUs <= untilUs);
  const isKnown = older.length >= fewestDays;
  // Until then all days but those judged are better than the law of rows: what only warns may teach itself.
  const law = measureDriftLaw(profile, isKnown ? older : windows.slice(0, -2));
  const findings = evaluateDrift({ profile, law, windows, importances: null });
  if (isKnown) return findings;
  const held = `With ${older.length} days before the newest ${newestDays}, days may differ as much anyway: it pages from ${fewestDays} on.`;
  return findings.map((finding) =>
    finding.outcome === 'page' ? { ...finding, outcome: 'warn', reason: `${finding.reason} ${held}` } : finding,
  );
}

/**
 * Drift of the newest window of a version, or its newest whole day where windows are shorter: by the law of its training days and the importances of its features, which are frozen, so that it pages
 * from the second window on and no drift teaches itself to it.
 */
export function versionDrift({ profile, basis, windows }: VersionDriftEvidence): Finding[] {
  const days = wholeDays(windows);
  if (basis === null) return byTraffic(profile, days);
  return evaluateDrift({ profile, law: basis.law, windows: days, importances: basis.importances });
}
