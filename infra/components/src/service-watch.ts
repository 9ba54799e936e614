import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { podLabels } from '@repo/contract/target-label';
import { configText } from './config-text.ts';
import { labelsOf } from './naming.ts';
import { alertRouting, type Receivers } from './watch/alert-routing.ts';
import { commonDashboards } from './watch/dashboards/dashboards.ts';

export interface ServiceWatchArgs {
  readonly namespace: pulumi.Input<string>;
  /** Where the pods of models run. */
  readonly modelsNamespace: string;
  /** Where the controller of Argo Rollouts runs. */
  readonly rolloutsNamespace: string;
  /** Whether a Prometheus operator reads monitors of this cluster. */
  readonly hasOperator: boolean;
  /** Who hears of alerts. Default: nobody, loudly; see alert-routing.ts. */
  readonly receivers?: Receivers | undefined;
}

/** What is watched whatever the models: where metrics are read, who hears of alerts, and the dashboards over all of them. */
export class ServiceWatch extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceWatchArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ServiceWatch', name, {}, options);
    const own = { parent: this };
    const metadata = (objectName: string, more: Record<string, string> = {}) => ({
      name: objectName,
      namespace: args.namespace,
      labels: { ...labelsOf('service', 'monitoring'), ...more },
    });
    const dashboards = {
      metadata: metadata('dashboards', { grafana_dashboard: '1' }),
      data: Object.fromEntries(commonDashboards().map((one) => [`${one.uid}.json`, configText(one)])),
    };
    new kubernetes.core.v1.ConfigMap(`${name}-dashboards`, dashboards, own);
    const routing = {
      metadata: metadata('alert-routing'),
      data: { 'alertmanager.yaml': configText(alertRouting(args.receivers)) },
    };
    new kubernetes.core.v1.ConfigMap(`${name}-alert-routing`, routing, own);
    if (args.hasOperator) {
      createPodMonitor(`${name}-PodMonitor`, metadata('service'), serviceMonitorSpec(args.modelsNamespace), own);
      createPodMonitor(`${name}-rollouts`, metadata('rollouts'), rolloutsMonitorSpec(args.rolloutsNamespace), own);
    }
    this.registerOutputs();
  }
}

const createPodMonitor = (
  name: string,
  metadata: kubernetes.types.input.meta.v1.ObjectMeta,
  spec: object,
  options: pulumi.CustomResourceOptions,
) =>
  new kubernetes.apiextensions.CustomResource(
    name,
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'PodMonitor', metadata, spec },
    options,
  );

const serviceMonitorSpec = (namespace: string) => ({
  namespaceSelector: { matchNames: [namespace] },
  selector: { matchLabels: { 'app.kubernetes.io/component': 'inference' } },
  podTargetLabels: Object.values(podLabels),
  podMetricsEndpoints: [{ port: 'metrics', interval: '15s' }],
});

/** `honorLabels`: the namespace of a series is that of the Rollout, and not that of the controller. Labels and port are those of its chart. */
const rolloutsMonitorSpec = (namespace: string) => ({
  namespaceSelector: { matchNames: [namespace] },
  selector: { matchLabels: { 'app.kubernetes.io/component': 'rollouts-controller' } },
  podMetricsEndpoints: [{ port: 'metrics', interval: '15s', honorLabels: true }],
});
