import type { Model } from '@repo/contract/model';
import { featureNames } from '@repo/contract/model-schema';
import type { Finding } from '@repo/contract/monitor-findings';
import type { Profile } from '@repo/contract/profile';
import type { View } from '@repo/contract/view';
import type { DriftBasis } from '@repo/monitoring/drift-basis';
import { evaluateAnomalies } from '@repo/monitoring/evaluate-anomalies';
import { evaluateData } from '@repo/monitoring/evaluate-data';
import { withSilentSpans } from '@repo/monitoring/silent-spans';
import { versionDrift } from '@repo/monitoring/version-drift';
import type { Window } from '@repo/monitoring/window';

export interface InputEvidence {
  readonly model: Pick<Model, 'monitoring' | 'task'> & { readonly features: readonly View[] };
  /** All windows, oldest first. */
  readonly windows: readonly Window[];
  readonly profiles: ReadonlyMap<string, Profile | null>;
  /** What training left behind of the version that answers most; null where it left nothing. */
  readonly basis: DriftBasis | null;
  /** End of the newest whole window, UTC microseconds, whether anything was answered in it or not. */
  readonly endUs: number;
}

/** The version that answered most in the newest window, which is what is judged. */
export function mainVersion(windows: readonly Window[]): string | null {
  const newest = windows.at(-1)?.fromUs;
  const last = windows.filter(({ fromUs }) => fromUs === newest).sort((a, b) => b.rows - a.rows);
  return last[0]?.version ?? null;
}

/** Findings about what the model is fed and how much it is asked, from windows alone. */
export function evaluateInput({ model, windows, profiles, basis, endUs }: InputEvidence): Finding[] {
  const version = mainVersion(windows);
  const ofVersion = windows.filter((window) => window.version === version);
  // Where nobody answers any more the newest windows are empty: what was found in the last that was not is no news of now.
  const untilNow = (some: readonly Window[]) => [...some, ...withSilentSpans(some.slice(-1), endUs).slice(1)];
  const own = untilNow(ofVersion);
  const profile = version === null ? null : (profiles.get(version) ?? null);
  const answerEdges = Object.fromEntries(
    [...profiles].flatMap(([name, one]) => (one === null ? [] : [[name, one.answers.edges]])),
  );
  const fromRequest = new Set(featureNames(model.features.filter(({ spec }) => spec.kind === 'request')));
  const { objectives } = model.monitoring;
  const ofData = evaluateData({ windows: own, all: untilNow(windows), objectives, fromRequest });
  return [
    ...(profile === null ? [] : versionDrift({ profile, basis, windows: own })),
    // Without bins nothing is known of features, but who answered is.
    ...ofData.filter(({ kind }) => profile !== null || kind === 'system'),
    ...evaluateAnomalies({ windows, answerEdges, endUs, binary: model.task === 'binary' }),
  ];
}
