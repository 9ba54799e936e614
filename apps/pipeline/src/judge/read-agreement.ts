import type { AgreementEvidence } from '@repo/experiments/canary-evidence';
import { scoreAgain } from '@repo/experiments/score-again';
import { sumAgreement } from '@repo/experiments/sum-agreement';
import type { Cluster } from '../cluster/cluster.ts';
import type { ReleasePod } from '../cluster/release-pods.ts';
import type { OpenRelease } from './open-release.ts';
import { type LoggedPrediction, readPredictions } from './read-predictions.ts';

export interface AgreementOptions {
  readonly cluster: Cluster;
  readonly openRelease: OpenRelease;
  readonly model: string;
  /** The admin token of the pods. */
  readonly token: string;
}

/** What was compared, and why it was no more. */
export interface ReadAgreement {
  readonly agreement: AgreementEvidence | null;
  /** For people; empty when every pod was asked and every prediction compared. */
  readonly problems: readonly string[];
}

/**
 * Asks each pod of a canary for the predictions that it keeps and scores them again with the bundle that each names. A pod that does not answer
 * and a bundle that is nowhere are problems; what the others say counts all the same.
 */
export async function readAgreement(options: AgreementOptions, pods: readonly ReleasePod[]): Promise<ReadAgreement> {
  const problems: string[] = [];
  const logged = await Promise.all(
    pods.map((pod) =>
      readPredictions(options.cluster, pod, options).catch(({ message }: Error): LoggedPrediction[] => {
        problems.push(message);
        return [];
      }),
    ),
  );
  const parts: AgreementEvidence[] = [];
  for (const [digest, predictions] of Map.groupBy(logged.flat(), (one) => one.digest)) {
    const bundle = await options.openRelease(options.model, digest);
    if (bundle === null) problems.push(`no release and no version of the registry has ${digest}`);
    else parts.push(await scoreAgain(bundle, predictions));
  }
  return { agreement: parts.length === 0 ? null : sumAgreement(parts), problems };
}
