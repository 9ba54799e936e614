import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { fetchChart } from './fetch-chart.ts';
import { archivePath, type Chart, PlatformPart, platformCharts } from './platform-charts.ts';
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
  /** Answers where a chart lies that may be installed. Default: fetches its archive and compares the digest. */
  readonly fetch?: (chart: Chart) => Promise<string>;
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
    const { fetch = isRendered() ? place : (chart) => fetchChart(chart, { given: prometheusChartSha256, setting }) } =
      args;
    const installed = Object.values(PlatformPart).filter((part) => parts[part] === PartState.install);
    const chartOf = (part: PlatformPart): Chart => {
      const chart = platformCharts[part];
      if (part !== PlatformPart.prometheus) return chart;
      return { ...chart, values: { ...chart.values, alertmanager: { config: alertRouting(args.receivers) } } };
    };
    const release = (part: PlatformPart) => createRelease(`${name}-${part}`, chartOf(part), fetch, this);
    this.releases = Object.fromEntries(installed.map((part) => [part, release(part)]));
    this.registerOutputs();
  }
}

/** Without an engine that installs anything, as in tests and on pull requests, nothing is downloaded. */
const isRendered = (): boolean => process.env.CAUSEWAY_RENDER !== undefined;
const place = async (chart: Chart): Promise<string> => archivePath(chart);

/** A preview of the real engine reads the archive as well, to know what is in it. */
function createRelease(name: string, chart: Chart, fetch: (chart: Chart) => Promise<string>, parent: Platform) {
  const { version, namespace, values } = chart;
  return new kubernetes.helm.v3.Release(
    name,
    { name, chart: fetch(chart), version, namespace, createNamespace: true, values, atomic: true, timeout: 600 },
    { parent },
  );
}
