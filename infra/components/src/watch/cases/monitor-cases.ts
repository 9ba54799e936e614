import { FindingKind } from '@repo/contract/monitor-findings';
import type { WatchedModel } from '../watched-model.ts';
import { type AlertCase, always } from './alert-case.ts';

const alerts: Readonly<Record<FindingKind, string>> = {
  model: 'ModelQualityFalls',
  system: 'ServiceUnlikeItself',
  data: 'DataDrifts',
  business: 'DecisionsCostTooMuch',
};

/** Two days and three hours after promtool's clock began at 0, and what is then three hours old. */
const lateMinutes = 2 * 1440 + 180;
const justNowS = 2 * 86_400;

const newestOf = (model: string, pod: string): string => `monitor_run_timestamp_seconds{model="${model}",pod="${pod}"}`;

const readyOf = (model: string): string => `model_ready{model="${model}",version="1",pod="a"}`;

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
      afterMinutes: lateMinutes,
      everyMinutes: 60,
      // The second world: replicas that no longer see any findings. The third: a model that was served for two days, and no monitor ever ran.
      fires: [run(0), { [newestOf(name, 'a')]: '0+0x5 stale' }, { [readyOf(name)]: always(1) }],
      quiet: [
        { ...run(justNowS), [readyOf(name)]: always(1) },
        { ...run(0), [newestOf(name, 'b')]: always(justNowS) },
        { [newestOf(name, 'a')]: `${justNowS}+0x5 stale` },
        // A model that is not served or only since an hour, beside one whose monitor is silent.
        { [newestOf('another', 'a')]: always(0), [readyOf('another')]: always(1), [readyOf(name)]: always(0) },
        { [readyOf(name)]: '_x48 1+0x9' },
      ],
    },
  ];
}
