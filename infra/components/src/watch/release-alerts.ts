import { microseconds } from '@repo/contract/duration';
import { rolloutMetric } from './rollout-metric.ts';
import { type Alert, Severity } from './rule.ts';
import type { WatchedModel } from './watched-model.ts';

/** Longest that a release may go on, in minutes: the judge's deadline, which is one for all steps, and half an hour for the pods. */
export const longestReleaseMinutes = ({ release }: WatchedModel): number =>
  Math.ceil(microseconds(release.deadline) / 60e6) + 30;

/** How a release goes, as the controller of Argo Rollouts tells it. A Rollout is called like its model. */
export function releaseAlerts(model: WatchedModel): Alert[] {
  const { name } = model;
  const inPhase = (phase: string | RegExp) => `max by (name) (${rolloutMetric('rollout_info', { name, phase })}) == 1`;
  return [
    {
      name: 'ReleaseRolledBack',
      expr: inPhase('Abort'),
      holds: '0m',
      severity: Severity.ticket,
      summary: `The release of ${name} was rolled back; its stable pods serve on.`,
      runbook: 'release-rolled-back',
    },
    {
      name: 'ReleaseUndecided',
      // No step of a release is held for so long: what is paused now waits for a person.
      expr: inPhase('Paused'),
      holds: '30m',
      severity: Severity.ticket,
      summary: `The release of ${name} has been paused for half an hour: the judge could not decide, or did not answer.`,
      runbook: 'release-undecided',
    },
    {
      name: 'ReleaseStuck',
      expr: inPhase(/Progressing|Timeout|Error/),
      holds: `${longestReleaseMinutes(model)}m`,
      severity: Severity.ticket,
      summary: `The release of ${name} goes on for longer than the judge has time, and comes to no end.`,
      runbook: 'release-stuck',
    },
    {
      name: 'ReleaseUnwatched',
      expr: `absent(${rolloutMetric('rollout_info', { name })})`,
      holds: '15m',
      severity: Severity.ticket,
      summary: `The controller of Argo Rollouts says nothing about ${name}: no release of it would begin, end or be rolled back.`,
      runbook: 'release-unwatched',
    },
  ];
}
