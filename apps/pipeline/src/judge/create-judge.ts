import { InputError, show } from '@repo/contract/input-error';
import type { Judgement } from '@repo/contract/judgement';
import type { AgreementEvidence, CanaryEvidence } from '@repo/experiments/canary-evidence';
import { type JudgedModel, judgeCanary } from '@repo/experiments/judge-canary';
import { PrometheusError, type PrometheusQuery } from '@repo/experiments/prometheus-client';
import { type ReadArm, readCanaryEvidence } from '@repo/experiments/read-canary-evidence';
import type { Cluster } from '../cluster/cluster.ts';
import { type ReleasePod, releasePods } from '../cluster/release-pods.ts';
import type { OpenRelease } from './open-release.ts';
import { readAgreement } from './read-agreement.ts';

/** Which canary is to be judged. */
export interface JudgeRequest {
  readonly model: string;
  /** Hashes of the pods' templates. */
  readonly stable: string;
  readonly canary: string;
  /** Since when is counted. Default: 15 s after the newest pod of the canary was made, which is when it has reached its share and is warm. */
  readonly sinceMs?: number | undefined;
}

/** Where a judge looks. */
export interface JudgeSources {
  readonly query: PrometheusQuery;
  /** Null: pods are not looked at, and the time since the canary began has to be given. */
  readonly cluster: Cluster | null;
  readonly namespace: string;
  /** The admin token of the pods; null: their predictions are not scored again. */
  readonly adminToken: string | null;
  readonly openRelease: OpenRelease;
  /** Throws InputError for a model that is unknown. */
  readonly modelOf: (name: string) => Promise<JudgedModel>;
  readonly nowMs: () => number;
  /** Longest that a look may take before it is inconclusive. Default: 15,000. */
  readonly timeoutMs?: number;
}

/** A judgement with all that it rests on, so that it can be judged again. */
export interface Judged {
  readonly judgement: Judgement;
  /** Null when there was none to be had. */
  readonly evidence: CanaryEvidence | null;
  readonly judged: JudgedModel;
}

/** What was seen of a canary at one look. */
interface Look {
  readonly sinceMs: number;
  readonly evidence: CanaryEvidence | null;
  readonly versions: { readonly stable: string[]; readonly canary: string[] };
  /** Why something is missing. */
  readonly problems: readonly string[];
}

/** How long a pod may be ready without its metrics having been read, and a clock ahead of this one. */
const [scrapeGraceMs, skewMs] = [60_000, 5_000];

/** A new process is slow at first, as its code is not compiled yet, and a model is not to be judged by that. */
const warmUpMs = 15_000;

function requireHashes({ stable, canary }: JudgeRequest): void {
  for (const [path, hash] of Object.entries({ stable, canary })) {
    if (!/^[a-z0-9]{1,63}$/.test(hash))
      throw new InputError({
        path,
        received: show(hash),
        allowed: 'a pod template hash of lower-case letters and digits',
        action: 'copy it from the label rollouts-pod-template-hash of a pod',
      });
  }
  if (stable === canary)
    throw new InputError({
      path: 'canary',
      received: `${canary}, the stable side itself`,
      allowed: 'two sides',
      action: 'there is nothing to judge: no canary is under way',
    });
}

/** An arm whose pods were not all read is no evidence. */
function wholeArm(arm: ReadArm, pods: readonly ReleasePod[] | null, nowMs: number): ReadArm | string {
  const expected = (pods ?? []).filter((pod) => pod.readySinceMs !== null && nowMs - pod.readySinceMs > scrapeGraceMs);
  if (arm.scrapedPods >= Math.max(1, expected.length)) return arm;
  const of = pods === null ? 'at least 1' : String(Math.max(1, expected.length));
  return `Prometheus reads ${arm.scrapedPods} of ${of} pods`;
}

/** Requests that a process took with it when it ended are counted nowhere, so a canary that does so may not pass by its counts. */
function restartProblem(pods: readonly ReleasePod[] | null): string[] {
  const restarts = (pods ?? []).reduce((all, pod) => all + pod.restarts, 0);
  return restarts === 0 ? [] : [`what its containers lost when they ended by themselves, ${restarts} times in all`];
}

const absent = {
  ...{ requests: null, errors: null, refusals: null, latency: null, scores: null },
  ...{ predictions: null, fallbacks: null, replicas: null },
};

/** The evidence of an arm and nothing else, as it is kept. */
const evidenceOf = ({ scrapedPods: _, bundles: __, ...arm }: ReadArm) => arm;

async function look(sources: JudgeSources, request: JudgeRequest, nowMs: number): Promise<Look> {
  const { cluster, namespace } = sources;
  const { model, stable, canary } = request;
  const none = { evidence: null, versions: { stable: [], canary: [] } };
  const pods = cluster === null ? null : await releasePods(cluster, { namespace, model, hashes: [stable, canary] });
  const ofSide = (hash: string) => pods?.filter(({ podHash }) => podHash === hash) ?? null;
  const canaryPods = ofSide(canary);
  // Each step makes more pods: what was counted at the share before would compare times of day as well as sides.
  const newestMs = Math.max(...(canaryPods ?? []).map(({ createdMs }) => createdMs));
  const sinceMs = request.sinceMs ?? newestMs + warmUpMs;
  if (!Number.isFinite(sinceMs)) return { ...none, sinceMs: nowMs, problems: [`no pod of ${canary} is there`] };
  const aheadS = Math.ceil((sinceMs - nowMs) / 1000);
  if (newestMs > nowMs + skewMs || (request.sinceMs ?? 0) > nowMs + skewMs)
    return { ...none, sinceMs: nowMs, problems: [`the canary began ${aheadS} s from now: the clocks disagree`] };
  if (aheadS > 0) return { ...none, sinceMs: nowMs, problems: [`its pods are new; counting begins in ${aheadS} s`] };
  const window = {
    ...{ model, namespace, stable, canary },
    sinceS: sinceMs / 1000,
    atS: Math.max(nowMs, sinceMs + 1000) / 1000,
  };
  const token = sources.adminToken;
  const [read, agreed] = await Promise.all([
    readCanaryEvidence(sources.query, window),
    cluster === null || token === null
      ? { agreement: null, problems: [] }
      : readAgreement(
          { ...sources, cluster, model, token },
          (canaryPods ?? []).filter((pod) => pod.readySinceMs !== null),
        ),
  ]);
  return { sinceMs, ...weighable(read, agreed, { stable: ofSide(stable), canary: canaryPods }, nowMs) };
}

function weighable(
  read: Awaited<ReturnType<typeof readCanaryEvidence>>,
  { agreement, problems }: { agreement: AgreementEvidence | null; problems: readonly string[] },
  pods: Readonly<Record<'stable' | 'canary', ReleasePod[] | null>>,
  nowMs: number,
): Omit<Look, 'sinceMs'> {
  const missing = [...problems, ...restartProblem(pods.canary)];
  const arm = (side: 'stable' | 'canary') => {
    const whole = wholeArm(read[side], pods[side], nowMs);
    if (typeof whole !== 'string') return evidenceOf(whole);
    missing.push(`${side}: ${whole}`);
    return absent;
  };
  const versionsOf = ({ bundles }: ReadArm) => [...new Set(bundles.map(({ version }) => version))].slice(0, 20);
  return {
    evidence: { stable: arm('stable'), canary: arm('canary'), agreement },
    versions: { stable: versionsOf(read.stable), canary: versionsOf(read.canary) },
    problems: missing,
  };
}

/** What a look that failed or lasted too long has seen. */
async function lookInTime(sources: JudgeSources, request: JudgeRequest, nowMs: number): Promise<Look> {
  const { timeoutMs = 15_000 } = sources;
  const nothing = (why: string): Look => ({
    ...{ sinceMs: Math.min(request.sinceMs ?? nowMs, nowMs), evidence: null },
    ...{ versions: { stable: [], canary: [] }, problems: [why] },
  });
  const late = Promise.withResolvers<Look>();
  const timer = setTimeout(() => late.resolve(nothing(`the evidence was not there within ${timeoutMs} ms`)), timeoutMs);
  const looked = look(sources, request, nowMs).catch((error: unknown) => {
    if (error instanceof InputError) throw error;
    const { message } = error as Error;
    return nothing(error instanceof PrometheusError ? `Prometheus ${message}` : message);
  });
  try {
    return await Promise.race([looked, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

const clip = (text: string): string => (text.length <= 2000 ? text : `${text.slice(0, 1999)}…`);

/**
 * Makes a judge: each call is one look, from what Prometheus has counted since the canary reached its share, and what its pods remember; it keeps nothing. Evidence that is
 * missing, late or contradictory makes it inconclusive. Rejects with InputError for a request that no look could answer.
 */
export function createJudge(sources: JudgeSources): (request: JudgeRequest) => Promise<Judged> {
  return async (request) => {
    requireHashes(request);
    const judged = await sources.modelOf(request.model);
    const nowMs = sources.nowMs();
    const { sinceMs, evidence, versions, problems } = await lookInTime(sources, request, nowMs);
    const found =
      evidence === null
        ? { verdict: 'inconclusive' as const, reason: 'Nothing could be weighed.', metrics: [] }
        : judgeCanary(judged, evidence);
    // What fails on part of the evidence fails; it may not pass on part of it.
    const verdict = found.verdict === 'pass' && problems.length > 0 ? 'inconclusive' : found.verdict;
    const judgement: Judgement = {
      schemaVersion: 1,
      model: request.model,
      stable: { podHash: request.stable, versions: versions.stable },
      canary: { podHash: request.canary, versions: versions.canary },
      since: new Date(sinceMs).toISOString(),
      at: new Date(Math.max(nowMs, sinceMs)).toISOString(),
      verdict,
      reason: clip(
        [found.reason, ...problems.map((problem) => `Missing: ${problem.replace(/\s+/g, ' ').trim()}.`)].join(' '),
      ),
      metrics: found.metrics,
    };
    return { judgement, evidence, judged: { release: judged.release, task: judged.task } };
  };
}
