import { targetLabels } from '@repo/contract/target-label';
import type { ArmEvidence, BucketCounts } from './canary-evidence.ts';
import { type CanaryQuery, type CanaryWindow, canaryQueries } from './canary-queries.ts';
import type { PrometheusQuery, Sample } from './prometheus-client.ts';

/** What Prometheus knows of one side. */
export interface ReadArm extends ArmEvidence {
  /** Pods whose metrics were read at the last scrape. */
  readonly scrapedPods: number;
  /** Bundles that these serve: version, and SHA-256 in hexadecimal. */
  readonly bundles: readonly { readonly version: string; readonly sha256: string }[];
}

/** What Prometheus knows of both sides. */
export interface ReadEvidence {
  readonly stable: ReadArm;
  readonly canary: ReadArm;
}

type Answers = Readonly<Record<CanaryQuery, readonly Sample[]>>;

const ofHash = (samples: readonly Sample[], podHash: string): readonly Sample[] =>
  samples.filter(({ labels }) => labels[targetLabels.templateHash] === podHash);

/** The one number of a side; null when it is not there or no number. */
function numberOf(samples: readonly Sample[], podHash: string): number | null {
  const [sample] = ofHash(samples, podHash);
  return sample === undefined || !Number.isFinite(sample.value) ? null : Math.max(0, sample.value);
}

/** A cumulative histogram as counts between bounds; null when it is not there or a bucket of it is no number. */
function bucketsOf(samples: readonly Sample[], podHash: string): BucketCounts | null {
  const rising = ofHash(samples, podHash)
    .map(({ labels, value }) => ({ bound: labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le), value }))
    .sort((a, b) => a.bound - b.bound);
  const isWhole =
    rising.at(-1)?.bound === Number.POSITIVE_INFINITY && rising.every(({ value }) => Number.isFinite(value));
  if (!isWhole) return null;
  return {
    bounds: rising.slice(0, -1).map(({ bound }) => bound),
    counts: rising.map(({ value }, i) => Math.max(0, value - (rising[i - 1]?.value ?? 0))),
  };
}

/** What a counter by label says while nothing of that label has happened: 0 as soon as the counter beside it is there. */
const orNone = (some: number | null, all: number | null): number | null => some ?? (all === null ? null : 0);

function armOf(answers: Answers, podHash: string): ReadArm {
  const requests = numberOf(answers.requests, podHash);
  const predictions = numberOf(answers.predictions, podHash);
  const isBroken = (samples: readonly Sample[]) =>
    ofHash(samples, podHash).some(({ value }) => !Number.isFinite(value));
  return {
    requests,
    errors: isBroken(answers.errors) ? null : orNone(numberOf(answers.errors, podHash), requests),
    refusals: isBroken(answers.refusals) ? null : orNone(numberOf(answers.refusals, podHash), requests),
    latency: bucketsOf(answers.latency, podHash),
    scores: bucketsOf(answers.scores, podHash),
    predictions,
    fallbacks: isBroken(answers.fallbacks) ? null : orNone(numberOf(answers.fallbacks, podHash), predictions),
    replicas: numberOf(answers.podSeconds, podHash),
    scrapedPods: numberOf(answers.pods, podHash) ?? 0,
    bundles: ofHash(answers.versions, podHash).map(({ labels }) => ({
      version: labels.version ?? '',
      sha256: labels.sha256 ?? '',
    })),
  };
}

/**
 * Counts of both sides since the canary began. What Prometheus lacks is null: the judge takes it for evidence that is not there. Rejects with
 * PrometheusError when one of the queries has no answer, as half of them would be no look at one moment.
 */
export async function readCanaryEvidence(query: PrometheusQuery, window: CanaryWindow): Promise<ReadEvidence> {
  const asked = Object.entries(canaryQueries(window)).map(
    async ([name, text]) => [name, await query(text, window.atS)] as const,
  );
  const answers = Object.fromEntries(await Promise.all(asked)) as unknown as Answers;
  return { stable: armOf(answers, window.stable), canary: armOf(answers, window.canary) };
}
