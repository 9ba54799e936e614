import type { MetricJudgement } from '@repo/contract/judgement';
import { plainText } from '@repo/contract/plain-text';
import type { ReleaseLook, SideState } from './read-release.ts';

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const inUnit = (value: number | null, unit: string): string =>
  value === null ? 'none' : /^(share|distance)/.test(unit) ? percent(value) : `${Number(value.toPrecision(3))}`;

function metricLine({ metric, outcome, effect, interval, unit, margin, samples }: MetricJudgement): string {
  const range = interval === null ? '' : `[${interval.map((end) => inUnit(end, unit)).join(', ')}]`;
  const limit = margin === null ? '' : `at most ${inUnit(margin, unit)}`;
  const cells = [
    metric.padEnd(13),
    outcome.padEnd(14),
    inUnit(effect, unit).padStart(9),
    range.padEnd(22),
    limit.padEnd(16),
  ];
  return `  ${cells.join(' ')} ${Math.round(samples.stable)} : ${Math.round(samples.canary)}`.trimEnd();
}

const named = ({ champion, podHash }: SideState): string =>
  `${champion === null ? 'no known version' : `version ${champion.version}`} (${podHash})`;
const pods = (side: SideState | null): string =>
  side === null ? '0 of 0' : `${side.readyPods} of ${side.wantedPods} pods ready`;

/** Which step a release is at, and the share of replicas there. */
function stepOf({ rollout }: ReleaseLook): { at: number; of: number; share: number } {
  const steps = rollout.spec.strategy?.canary?.steps ?? [];
  const index = Math.min(rollout.status?.currentStepIndex ?? 0, steps.length);
  const weights = (upTo: number) => steps.slice(0, upTo).filter(({ setWeight }) => setWeight !== undefined);
  const isDone = index >= steps.length;
  const share = isDone ? 100 : (weights(index + 1).at(-1)?.setWeight ?? 0);
  const of = weights(steps.length).length + 1;
  return { at: isDone ? of : weights(index + 1).length, of, share };
}

/** What is seen of a release, as lines for people, without control sequences out of what the cluster says. `tookS`: seconds since it has been watched. */
export function releaseView(model: string, look: ReleaseLook, what: string, tookS: number): string[] {
  const { from, to, judgement, judgeAway } = look;
  if (to === null) return [plainText(`${model}: ${what}`)];
  const { at, of, share } = stepOf(look);
  const minutes = `${Math.floor(tookS / 60)}:${String(Math.floor(tookS % 60)).padStart(2, '0')}`;
  const filled = Math.round(share / 5);
  const sides = from === null ? named(to) : `${named(to)} in place of ${named(from)}`;
  const texts = [
    `${model}: ${sides}`,
    `step ${at} of ${of} [${'#'.repeat(filled)}${'-'.repeat(20 - filled)}] ${share} % ${minutes}`,
    `new: ${pods(to)}, before: ${pods(from)}`,
    what,
    ...(judgeAway === null ? [] : [`the judge does not answer: ${judgeAway}`]),
    ...(judgement === null
      ? []
      : [`judge at ${judgement.at.slice(11, 19)}: ${judgement.verdict}. ${judgement.reason}`]),
  ];
  return [...texts.map((text) => plainText(text)), ...(judgement?.metrics ?? []).map(metricLine)];
}
