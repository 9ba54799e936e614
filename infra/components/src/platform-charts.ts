/** A chart, pinned: its archive never changes under these numbers. */
export interface Chart {
  readonly version: string;
  readonly url: string;
  /** Of the archive. Null: not established here; whoever installs it looks at the archive and gives the digest. */
  readonly sha256: string | null;
  readonly namespace: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Parts of the platform that models stand on. */
export const PlatformPart = { rollouts: 'rollouts', prometheus: 'prometheus', keda: 'keda' } as const;
export type PlatformPart = (typeof PlatformPart)[keyof typeof PlatformPart];

const github = 'https://github.com';
const resources = (cpu: string, memory: string) => ({ requests: { cpu, memory }, limits: { memory } });

/**
 * The charts. Digests of rollouts and keda are those of their projects' own indexes (argo-helm's gh-pages, kedacore/charts); that of
 * prometheus could not be read here.
 */
export const platformCharts: Readonly<Record<PlatformPart, Chart>> = {
  rollouts: {
    version: '2.41.0',
    url: `${github}/argoproj/argo-helm/releases/download/argo-rollouts-2.41.0/argo-rollouts-2.41.0.tgz`,
    sha256: 'ff53d617efb369cd07acc595309e7fa73a602576375e0a52a78dab1e2d970df5',
    namespace: 'argo-rollouts',
    values: { controller: { replicas: 2, resources: resources('50m', '256Mi') }, dashboard: { enabled: false } },
  },
  prometheus: {
    version: '88.5.3',
    url: `${github}/prometheus-community/helm-charts/releases/download/kube-prometheus-stack-88.5.3/kube-prometheus-stack-88.5.3.tgz`,
    sha256: null,
    namespace: 'monitoring',
    values: {
      fullnameOverride: 'platform',
      // Rules and dashboards of every namespace that carry the labels below, whoever installed them.
      prometheus: {
        prometheusSpec: { ruleSelectorNilUsesHelmValues: false, podMonitorSelectorNilUsesHelmValues: false },
      },
      grafana: { sidecar: { dashboards: { enabled: true, label: 'grafana_dashboard' } } },
    },
  },
  keda: {
    version: '2.20.2',
    url: 'https://kedacore.github.io/charts/keda-2.20.2.tgz',
    sha256: 'db60b1fa60f0565fefa4ce2f87e855b6a8854363ee82962fbe28a12a70d64c4c',
    namespace: 'keda',
    values: { podDisruptionBudget: { operator: { maxUnavailable: 1 } } },
  },
};

/** Where a chart's archive lies once it was verified, below the folder of the program that installs it. */
export const archivePath = ({ url }: Chart): string => `.charts/${url.slice(url.lastIndexOf('/') + 1)}`;

/** Where the Prometheus of the chart answers inside the cluster. */
export const prometheusUrl = 'http://platform-prometheus.monitoring.svc.cluster.local:9090';
