import { taskMetrics } from '@repo/contract/gate-policy';
import type { Finding } from '@repo/contract/monitor-findings';
import type { Task } from '@repo/contract/task';
import type { Outcome } from '../outcome.ts';

/**
 * 1 when something pages; 3 when no realised metric has a verdict, so that labels say nothing of the model; else 0. What is told without labels, or
 * of the window alone, is no quality: an estimate, answers that drift, a loss that broke at once.
 */
export function exitCodeOf(findings: readonly Finding[], task: Task): Outcome['exitCode'] {
  if (findings.some(({ outcome }) => outcome === 'page')) return 1;
  const realised: readonly string[] = taskMetrics[task];
  const isJudged = ({ kind, name, outcome }: Finding): boolean =>
    kind === 'model' && realised.includes(name) && outcome !== 'no-verdict';
  return findings.some(isJudged) ? 0 : 3;
}
