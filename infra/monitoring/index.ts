import { join } from 'node:path';
import * as kubernetes from '@pulumi/kubernetes';
import { ModelWatch } from '@repo/components/model-watch';
import { labelsOf } from '@repo/components/naming';
import { type Exports, outputsOf } from '@repo/components/outputs-of';
import { PartState, Platform } from '@repo/components/platform';
import { platformCharts, prometheusUrl } from '@repo/components/platform-charts';
import { readConfig } from '@repo/components/read-config';
import { servedModels } from '@repo/components/served-models';
import { ServiceWatch } from '@repo/components/service-watch';
import type { ClusterOutputs } from '@repo/infra-cluster/outputs';
import { monitoringConfig } from './config.ts';
import type { MonitoringOutputs } from './outputs.ts';

const config = readConfig(monitoringConfig);
const { kubeconfig } = outputsOf<ClusterOutputs>('cluster');
const provider = new kubernetes.Provider('cluster', { kubeconfig });
const namespace = new kubernetes.core.v1.Namespace(
  'monitoring',
  { metadata: { name: 'monitoring', labels: labelsOf('monitoring', 'namespace') } },
  { provider },
);

const { platform: parts, prometheusChartSha256, receivers, runbooksUrl: runbooks } = config;
const platform = new Platform(
  'platform',
  { parts, prometheusChartSha256, receivers },
  { providers: [provider], dependsOn: [namespace] },
);
const hasOperator = parts.prometheus !== PartState.absent;
const watch = { namespace: namespace.metadata.name, hasOperator };
const options = { providers: [provider], dependsOn: [platform] };
const places = { modelsNamespace: 'models', rolloutsNamespace: platformCharts.rollouts.namespace };
new ServiceWatch('service', { ...watch, ...places, receivers }, options);
for (const { model } of await servedModels(join(import.meta.dirname, '../../models'), false)) {
  new ModelWatch(model.name, { ...watch, model, runbooks }, options);
}

const ours = parts.prometheus === PartState.install ? prometheusUrl : null;
const outputs: Exports<MonitoringOutputs> = {
  namespace: namespace.metadata.name,
  prometheusNamespace: config.prometheusNamespace ?? namespace.metadata.name,
  prometheusUrl: config.prometheusUrl ?? ours,
};

export default outputs;
