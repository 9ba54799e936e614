import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { configText } from './config-text.ts';
import { labelsOf } from './naming.ts';
import { modelDashboards } from './watch/dashboards/dashboards.ts';
import { modelRules } from './watch/model-rules.ts';
import type { WatchedModel } from './watch/watched-model.ts';

export interface ModelWatchArgs {
  /** Its definition: alerts and the lines of dashboards come from its objectives alone. */
  readonly model: WatchedModel;
  readonly namespace: pulumi.Input<string>;
  /** Whether a Prometheus operator reads rules of this cluster. */
  readonly hasOperator: boolean;
  /** Address on the web of the folder of runbooks. Default: its path in the repository. */
  readonly runbooks?: string | undefined;
}

/** Alert rules and dashboards of one model, as ConfigMaps and, where there is an operator, as what it reads. */
export class ModelWatch extends pulumi.ComponentResource {
  constructor(name: string, args: ModelWatchArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ModelWatch', name, {}, options);
    const { model, namespace, hasOperator, runbooks } = args;
    const own = { parent: this };
    const metadata = (objectName: string, more: Record<string, string> = {}) => ({
      name: objectName,
      namespace,
      labels: { ...labelsOf(model.name, 'monitoring'), ...more },
    });
    const rules = modelRules(model, runbooks);
    const rulesData = { [`${model.name}.rules.yaml`]: configText(rules) };
    new kubernetes.core.v1.ConfigMap(
      `${name}-rules`,
      { metadata: metadata(`rules-${model.name}`), data: rulesData },
      own,
    );
    const dashboards = {
      metadata: metadata(`dashboards-${model.name}`, { grafana_dashboard: '1' }),
      data: Object.fromEntries(modelDashboards(model).map((one) => [`${one.uid}.json`, configText(one)])),
    };
    new kubernetes.core.v1.ConfigMap(`${name}-dashboards`, dashboards, own);
    if (hasOperator) {
      const rule = { apiVersion: 'monitoring.coreos.com/v1', kind: 'PrometheusRule', metadata: metadata(model.name) };
      new kubernetes.apiextensions.CustomResource(`${name}-PrometheusRule`, { ...rule, spec: rules }, own);
    }
    this.registerOutputs();
  }
}
