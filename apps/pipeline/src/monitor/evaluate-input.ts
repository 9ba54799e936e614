import type { Model } from '@repo/contract/model';
import type { Finding } from '@repo/contract/monitor-findings';
import type { Profile } from '@repo/contract/profile';
import { type DriftLaw, measureDriftLaw } from '@repo/monitoring/drift-law';
import { evaluateAnomalies } from '@repo/monitoring/evaluate-anomalies';
import { evaluateData } from '@repo/monitoring/evaluate-data';
import { evaluateDrift } from '@repo/monitoring/evaluate-drift';
import type { Window } from '@repo/monitoring/window';

/** Days before the two that are judged from which it can be told how days differ; with fewer a drift warns, but pages nobody. */
const fewestDays = 14;

export interface InputEvidence {
  readonly model: Model;
  /** All windows, oldest first. */
  readonly windows: readonly Window[];
  readonly profiles: ReadonlyMap<string, Profile | null>;
}

/** The version that answered most in the newest window, which is what is judged. */
export function mainVersion(windows: readonly Window[]): string | null {
  const newest = windows.at(-1)?.fromUs;
  const last = windows.filter(({ fromUs }) => fromUs === newest).sort((a, b) => b.rows - a.rows);
  return last[0]?.version ?? null;
}

function driftFindings(profile: Profile, windows: readonly Window[]): Finding[] {
  const before = windows.slice(0, -2);
  const law: DriftLaw = measureDriftLaw(profile, before);
  const findings = evaluateDrift({ profile, law, windows, importances: null });
  if (before.length >= fewestDays) return findings;
  const held = `With ${before.length} days before it, days may differ as much anyway: it pages from ${fewestDays} on.`;
  return findings.map((finding) =>
    finding.outcome === 'page' ? { ...finding, outcome: 'warn', reason: `${finding.reason} ${held}` } : finding,
  );
}

/** Findings about what the model is fed and how much it is asked, from windows alone. */
export function evaluateInput({ model, windows, profiles }: InputEvidence): Finding[] {
  const version = mainVersion(windows);
  const own = windows.filter((window) => window.version === version);
  const profile = version === null ? null : (profiles.get(version) ?? null);
  const answerEdges = Object.fromEntries(
    [...profiles].flatMap(([name, one]) => (one === null ? [] : [[name, one.answers.edges]])),
  );
  return [
    ...(profile === null ? [] : driftFindings(profile, own)),
    ...(profile === null ? [] : evaluateData({ windows: own, objectives: model.monitoring.objectives })),
    ...evaluateAnomalies({ windows, answerEdges, binary: model.task === 'binary' }),
  ];
}
