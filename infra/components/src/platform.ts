import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { type Chart, PlatformPart, platformCharts } from './platform-charts.ts';
import { verifyChart } from './verify-chart.ts';
import { alertRouting, type Receivers } from './watch/alert-routing.ts';

/** What becomes of a part: `install` it; leave it alone, the cluster has it (`present`); or do without (`absent`). */
export const PartState = { install: 'install', present: 'present', absent: 'absent' } as const;
export type PartState = (typeof PartState)[keyof typeof PartState];

export interface PlatformArgs {
  readonly parts: Readonly<Record<PlatformPart, PartState>>;
  /** SHA-256 of the Prometheus chart's archive. Default: none, and installing it is refused. */
  readonly prometheusChartSha256?: string | undefined;
  /** Who hears of alerts. Default: nobody, loudly; see alert-routing.ts. */
  readonly receivers?: Receivers | undefined;
  /** Looks at what lies at a chart's URL before it is installed. Default: downloads it and compares its digest. */
  readonly verify?: (chart: Chart) => Promise<void>;
}

/**
 * What models need of a cluster besides Kubernetes: Argo Rollouts to release them, Prometheus to watch them, KEDA to scale them. Each from
 * a chart that is pinned by version and digest, each left out where the cluster has it.
 */
export class Platform extends pulumi.ComponentResource {
  readonly releases: Readonly<Partial<Record<PlatformPart, kubernetes.helm.v3.Release>>>;

  constructor(name: string, args: PlatformArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:Platform', name, {}, options);
    const { parts, prometheusChartSha256 } = args;
    const setting = 'monitoring:prometheusChartSha256';
    const { verify = (chart) => verifyChart(chart, prometheusChartSha256, setting) } = args;
    const installed = Object.values(PlatformPart).filter((part) => parts[part] === PartState.install);
    const chartOf = (part: PlatformPart): Chart => {
      const chart = platformCharts[part];
      if (part !== PlatformPart.prometheus) return chart;
      return { ...chart, values: { ...chart.values, alertmanager: { config: alertRouting(args.receivers) } } };
    };
    const release = (part: PlatformPart) => createRelease(`${name}-${part}`, chartOf(part), verify, this);
    this.releases = Object.fromEntries(installed.map((part) => [part, release(part)]));
    this.registerOutputs();
  }
}

/** A preview installs nothing, so it downloads nothing. */
function createRelease(name: string, chart: Chart, verify: (chart: Chart) => Promise<void>, parent: Platform) {
  const { url, version, namespace, values } = chart;
  const verified = pulumi.runtime.isDryRun() ? url : pulumi.output(verify(chart).then(() => url));
  return new kubernetes.helm.v3.Release(
    name,
    { name, chart: verified, version, namespace, createNamespace: true, values, atomic: true, timeout: 600 },
    { parent },
  );
}
