import { longestReleaseMinutes } from '../release-alerts.ts';
import type { WatchedModel } from '../watched-model.ts';
import { type AlertCase, always, type InputSeries, onceAfterFive } from './alert-case.ts';

/** Cases of whether the model is there, and of how its releases go. */
export function releaseCases(model: WatchedModel): AlertCase[] {
  const { name } = model;
  const stuckMinutes = longestReleaseMinutes(model) + 10;
  const ready = (pod: string, value: number) => ({
    [`model_ready{model="${name}",version="1",pod="${pod}"}`]: always(value),
  });
  const reloads = (result: string) => ({
    [`model_reloads_total{model="${name}",result="${result}",pod="a"}`]: onceAfterFive,
  });
  const inPhase = (phase: string, minutes = stuckMinutes): InputSeries => ({
    [`rollout_info{name="${name}",namespace="models",phase="${phase}"}`]: `1+0x${minutes}`,
  });
  const of = (alert: string, afterMinutes: number, fires: InputSeries[], quiet: InputSeries[]): AlertCase => ({
    ...{ alert, afterMinutes, fires, quiet },
  });
  return [
    of('ModelNotReady', 10, [ready('a', 0), {}], [ready('a', 1), { ...ready('a', 1), ...ready('b', 0) }]),
    of('ReplicaNotReady', 30, [{ ...ready('a', 1), ...ready('b', 0) }], [{ ...ready('a', 1), ...ready('b', 1) }]),
    of('ReloadFails', 10, [reloads('failed')], [reloads('swapped')]),
    of('ReleaseRolledBack', 10, [inPhase('Abort')], [inPhase('Completed'), inPhase('Progressing')]),
    of('ReleaseUndecided', 60, [inPhase('Paused')], [inPhase('Paused', 20), inPhase('Completed')]),
    of(
      'ReleaseStuck',
      stuckMinutes,
      [inPhase('Progressing'), inPhase('Timeout')],
      [inPhase('Completed'), inPhase('Paused')],
    ),
    of('ReleaseUnwatched', 30, [{}], [inPhase('Completed')]),
  ];
}
