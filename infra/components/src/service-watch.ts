import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { podLabels } from '@repo/contract/target-label';
import { labelsOf } from './naming.ts';
import { serviceDashboard } from './service-dashboard.ts';
import { serviceRules } from './service-rules.ts';

export interface ServiceWatchArgs {
  readonly namespace: pulumi.Input<string>;
  /** Where the pods of models run. */
  readonly modelsNamespace: string;
  /** Whether a Prometheus operator reads rules and monitors of this cluster. */
  readonly hasOperator: boolean;
}

/** Rules and dashboards over the service as ConfigMaps and, where there is an operator, as what it reads. */
export class ServiceWatch extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceWatchArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ServiceWatch', name, {}, options);
    const own = { parent: this };
    const metadata = (objectName: string, more: Record<string, string> = {}) => ({
      name: objectName,
      namespace: args.namespace,
      labels: { ...labelsOf('service', 'monitoring'), ...more },
    });
    const rules = { metadata: metadata('service-rules'), data: { 'rules.yaml': textOf(serviceRules()) } };
    new kubernetes.core.v1.ConfigMap(`${name}-rules`, rules, own);
    const dashboard = {
      metadata: metadata('service-dashboard', { grafana_dashboard: '1' }),
      data: { 'service.json': textOf(serviceDashboard()) },
    };
    new kubernetes.core.v1.ConfigMap(`${name}-dashboard`, dashboard, own);
    if (args.hasOperator) createForOperator(name, args.modelsNamespace, metadata('service'), own);
    this.registerOutputs();
  }
}

/** JSON is YAML, and needs no writer. */
const textOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function createForOperator(
  name: string,
  modelsNamespace: string,
  metadata: kubernetes.types.input.meta.v1.ObjectMeta,
  options: pulumi.CustomResourceOptions,
) {
  const object = (kind: string, spec: object) =>
    new kubernetes.apiextensions.CustomResource(
      `${name}-${kind}`,
      { apiVersion: 'monitoring.coreos.com/v1', kind, metadata, spec },
      options,
    );
  object('PrometheusRule', serviceRules());
  object('PodMonitor', {
    namespaceSelector: { matchNames: [modelsNamespace] },
    selector: { matchLabels: { 'app.kubernetes.io/component': 'inference' } },
    podTargetLabels: Object.values(podLabels),
    podMetricsEndpoints: [{ port: 'metrics', interval: '15s' }],
  });
}
