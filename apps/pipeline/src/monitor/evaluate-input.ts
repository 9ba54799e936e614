import type { Model } from '@repo/contract/model';
import { featureNames } from '@repo/contract/model-schema';
import type { Finding } from '@repo/contract/monitor-findings';
import type { Profile } from '@repo/contract/profile';
import { type DriftLaw, measureDriftLaw } from '@repo/monitoring/drift-law';
import { evaluateAnomalies } from '@repo/monitoring/evaluate-anomalies';
import { evaluateData } from '@repo/monitoring/evaluate-data';
import { evaluateDrift } from '@repo/monitoring/evaluate-drift';
import { withSilentSpans } from '@repo/monitoring/silent-spans';
import type { Window } from '@repo/monitoring/window';

/** The newest days, which do not say how days differ: a drift that lasts would teach itself to them, and its alert would clear. */
const newestDays = 14;
/** Days before those from which it can be told how days differ; with fewer a drift warns, but pages nobody. */
const fewestDays = 14;
const dayUs = 86_400e6;

export interface InputEvidence {
  readonly model: Pick<Model, 'monitoring' | 'task' | 'features'>;
  /** All windows, oldest first. */
  readonly windows: readonly Window[];
  readonly profiles: ReadonlyMap<string, Profile | null>;
  /** End of the newest whole window, UTC microseconds, whether anything was answered in it or not. */
  readonly endUs: number;
}

/** The version that answered most in the newest window, which is what is judged. */
export function mainVersion(windows: readonly Window[]): string | null {
  const newest = windows.at(-1)?.fromUs;
  const last = windows.filter(({ fromUs }) => fromUs === newest).sort((a, b) => b.rows - a.rows);
  return last[0]?.version ?? null;
}

function driftFindings(profile: Profile, windows: readonly Window[]): Finding[] {
  const untilUs = (windows.at(-1)?.toUs ?? 0) - newestDays * dayUs;
  const older = windows.filter(({ toUs }) => toUs <= untilUs);
  const isKnown = older.length >= fewestDays;
  // Until then all days but those judged are better than the law of rows: what only warns may teach itself.
  const law: DriftLaw = measureDriftLaw(profile, isKnown ? older : windows.slice(0, -2));
  const findings = evaluateDrift({ profile, law, windows, importances: null });
  if (isKnown) return findings;
  const held = `With ${older.length} days before the newest ${newestDays}, days may differ as much anyway: it pages from ${fewestDays} on.`;
  return findings.map((finding) =>
    finding.outcome === 'page' ? { ...finding, outcome: 'warn', reason: `${finding.reason} ${held}` } : finding,
  );
}

/** Findings about what the model is fed and how much it is asked, from windows alone. */
export function evaluateInput({ model, windows, profiles, endUs }: InputEvidence): Finding[] {
  const version = mainVersion(windows);
  const ofVersion = windows.filter((window) => window.version === version);
  // Where nobody answers any more the newest windows are empty: what was found in the last that was not is no news of now.
  const own = [...ofVersion, ...withSilentSpans(ofVersion.slice(-1), endUs).slice(1)];
  const profile = version === null ? null : (profiles.get(version) ?? null);
  const answerEdges = Object.fromEntries(
    [...profiles].flatMap(([name, one]) => (one === null ? [] : [[name, one.answers.edges]])),
  );
  const fromRequest = new Set(featureNames(model.features.filter(({ spec }) => spec.kind === 'request')));
  return [
    ...(profile === null ? [] : driftFindings(profile, own)),
    ...(profile === null ? [] : evaluateData({ windows: own, objectives: model.monitoring.objectives, fromRequest })),
    ...evaluateAnomalies({ windows, answerEdges, endUs, binary: model.task === 'binary' }),
  ];
}
