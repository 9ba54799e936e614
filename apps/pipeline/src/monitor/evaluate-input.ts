import type { Model } from '@repo/contract/model';
import type { Finding } from '@repo/contract/monitor-findings';
import type { Profile } from '@repo/contract/profile';
import type { DriftBasis } from '@repo/monitoring/drift-basis';
import { evaluateAnomalies } from '@repo/monitoring/evaluate-anomalies';
import { evaluateData } from '@repo/monitoring/evaluate-data';
import { versionDrift } from '@repo/monitoring/version-drift';
import type { Window } from '@repo/monitoring/window';

export interface InputEvidence {
  readonly model: Pick<Model, 'monitoring' | 'task'>;
  /** All windows, oldest first. */
  readonly windows: readonly Window[];
  readonly profiles: ReadonlyMap<string, Profile | null>;
  /** What training left behind of the version that answers most; null where it left nothing. */
  readonly basis: DriftBasis | null;
  /** End of the newest whole window, UTC microseconds: nothing older is told as if it were news. */
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
  const isNew = (windows.at(-1)?.toUs ?? 0) >= endUs;
  const own = isNew ? windows.filter((window) => window.version === version) : [];
  const profile = version === null ? null : (profiles.get(version) ?? null);
  const answerEdges = Object.fromEntries(
    [...profiles].flatMap(([name, one]) => (one === null ? [] : [[name, one.answers.edges]])),
  );
  return [
    ...(profile === null ? [] : versionDrift({ profile, basis, windows: own })),
    ...(profile === null ? [] : evaluateData({ windows: own, objectives: model.monitoring.objectives })),
    ...evaluateAnomalies({ windows, answerEdges, binary: model.task === 'binary' }),
  ];
}
