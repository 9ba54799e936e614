import { ReleaseOutcome } from '@repo/contract/release-result';
import { isPassedStep, isStep, isTerminated, judgedSteps } from './judged-steps.ts';
import type { ReleaseLook } from './read-release.ts';
import type { AnalysisRunObject } from './release-objects.ts';

/** How far a release is. */
export interface ReleaseProgress {
  /** Null while it goes on. */
  readonly outcome: ReleaseOutcome | null;
  /** Why, once it has ended; what it is at before. */
  readonly reason: string;
  /** What somebody did to it by hand, as far as this look shows. */
  readonly byHand: readonly string[];
}

const hasPhase = (run: AnalysisRunObject, ...phases: string[]): boolean => phases.includes(run.status?.phase ?? '');

/** Whether the judge was at work when the release ended. */
const wasJudging = (run: AnalysisRunObject): boolean =>
  isStep(run) && (hasPhase(run, 'Running', 'Pending') || isTerminated(run));

function promoted(look: ReleaseLook): ReleaseProgress {
  const outcome = ReleaseOutcome.promoted;
  if (look.isBack) return { outcome, reason: servesAgain(look), byHand: [] };
  const [passed, judged] = [look.analyses.filter(isPassedStep).length, judgedSteps(look.rollout)];
  const isJudged = look.from === null || passed >= judged;
  const reason = look.judgement?.verdict === 'pass' ? look.judgement.reason : 'It serves all requests.';
  return {
    outcome,
    reason,
    byHand: isJudged ? [] : [`promoted by hand: the judge let ${passed} of ${judged} steps pass`],
  };
}

/** What a revert leads to; a canary of what serves already would compare it with itself. */
const servesAgain = ({ from }: ReleaseLook): string =>
  `It served before ${from?.podHash}, which the judge never let take its place, and serves all requests: going back takes no canary.`;

/** The controller says the same of every abort: who it was shows in what the judge was doing. */
function rolledBack(look: ReleaseLook): ReleaseProgress {
  const { message = 'aborted' } = look.rollout.status ?? {};
  const outcome = ReleaseOutcome.rolledBack;
  if (look.analyses.some((run) => hasPhase(run, 'Failed', 'Error'))) {
    const reason = look.judgement?.verdict === 'fail' ? look.judgement.reason : message;
    return { outcome, reason, byHand: [] };
  }
  if (look.analyses.some(wasJudging)) return { outcome, reason: message, byHand: [`aborted by hand: ${message}`] };
  return {
    outcome,
    reason: `Its pods did not become ready in time, or somebody aborted it while nobody judged. ${message}`,
    byHand: [],
  };
}

/**
 * How far the release of the pods `podHash` is, at a look and after the look before (null: this is the first). Steps and replicas that changed in
 * between without the judge or the controller are told. Whoever asks for other pods in the middle ends it undecided.
 */
export function releaseProgress(podHash: string, look: ReleaseLook, before: ReleaseLook | null): ReleaseProgress {
  const { status = {}, spec } = look.rollout;
  const { phase = 'Progressing', stableRS = '', currentPodHash = '', message = '' } = status;
  const goesOn = (reason: string, byHand: string[] = []): ReleaseProgress => ({ outcome: null, reason, byHand });
  if (look.to === null) return goesOn('the controller has not looked at it yet');
  if (currentPodHash !== podHash) {
    const isBack = currentPodHash === stableRS;
    const now = isBack ? `back to ${stableRS}, which served before` : `${currentPodHash} in place of it`;
    return {
      outcome: isBack ? ReleaseOutcome.rolledBack : ReleaseOutcome.undecided,
      reason: `Somebody has asked for other pods: ${now}.`,
      byHand: [`asked for ${now}`],
    };
  }
  if (phase === 'Healthy' && stableRS === currentPodHash) return promoted(look);
  if (status.abort === true || phase === 'Degraded') return rolledBack(look);
  const pause = (status.pauseConditions ?? []).map(({ reason }) => reason).join(', ');
  if (pause.includes('Inconclusive')) {
    const last = look.judgeAway === null ? look.judgement?.reason : `The judge is away: ${look.judgeAway}`;
    const reason = `Nobody has decided by its deadline; it is paused. ${last ?? ''}`.trim();
    return { outcome: ReleaseOutcome.undecided, reason, byHand: [] };
  }
  const byHand: string[] = [];
  if (spec.paused === true) byHand.push('paused by hand');
  const replicas = before?.rollout.spec.replicas;
  if (replicas !== undefined && spec.replicas !== undefined && replicas !== spec.replicas)
    byHand.push(`replicas changed from ${replicas} to ${spec.replicas}`);
  return goesOn([phase, message, pause].filter((part) => part !== '').join(': '), byHand);
}
