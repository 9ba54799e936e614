import { FindingKind } from '@repo/contract/monitor-findings';
import type { WatchedModel } from '../watched-model.ts';
import { type AlertCase, always } from './alert-case.ts';

const alerts: Readonly<Record<FindingKind, string>> = {
  model: 'ModelQualityFalls',
  system: 'ServiceUnlikeItself',
  data: 'DataDrifts',
  business: 'DecisionsCostTooMuch',
};

/** Two days in seconds, and a little: promtool's clock begins at 0. */
const longAgoS = -2 * 86_400 - 60;

const newestOf = (model: string, pod: string): string => `monitor_run_timestamp_seconds{model="${model}",pod="${pod}"}`;

/** Cases of what the monitor finds: each kind fires its own alert, and those of the others are the worlds beside it. */
export function monitorCases({ name }: WatchedModel): AlertCase[] {
  const finding = (kind: FindingKind, level: number) => ({
    [`monitor_finding{model="${name}",kind="${kind}",name="psi",subject="heat",pod="a"}`]: always(level),
  });
  const kinds = Object.values(FindingKind);
  const run = (seconds: number) => ({ [newestOf(name, 'a')]: always(seconds) });
  return [
    ...kinds.map((kind) => ({
      alert: alerts[kind],
      afterMinutes: 5,
      fires: [finding(kind, 2)],
      quiet: [
        finding(kind, 1),
        finding(kind, -1),
        ...kinds.filter((other) => other !== kind).map((other) => finding(other, 2)),
      ],
    })),
    {
      alert: 'MonitorSilent',
      afterMinutes: 60,
      // The second world: replicas that no longer see any findings.
      fires: [run(longAgoS), { [newestOf(name, 'a')]: `${longAgoS}+0x5 stale` }],
      quiet: [
        run(0),
        { ...run(longAgoS), [newestOf(name, 'b')]: always(0) },
        { [newestOf(name, 'a')]: '0+0x5 stale' },
        // A model that has no monitor, beside one whose monitor is silent.
        { [newestOf('another', 'a')]: always(longAgoS) },
      ],
    },
  ];
}
