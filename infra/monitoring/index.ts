import * as kubernetes from '@pulumi/kubernetes';
import { labelsOf } from '@repo/components/naming';
import { type Exports, outputsOf } from '@repo/components/outputs-of';
import { PartState, Platform } from '@repo/components/platform';
import { prometheusUrl } from '@repo/components/platform-charts';
import { readConfig } from '@repo/components/read-config';
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

const { platform: parts, prometheusChartSha256 } = config;
const platform = new Platform(
  'platform',
  { parts, prometheusChartSha256 },
  { providers: [provider], dependsOn: [namespace] },
);
const hasOperator = parts.prometheus !== PartState.absent;
new ServiceWatch(
  'service',
  { namespace: namespace.metadata.name, modelsNamespace: 'models', hasOperator },
  { providers: [provider], dependsOn: [platform] },
);

const ours = parts.prometheus === PartState.install ? prometheusUrl : null;
const outputs: Exports<MonitoringOutputs> = {
  namespace: namespace.metadata.name,
  prometheusNamespace: config.prometheusNamespace ?? namespace.metadata.name,
  prometheusUrl: config.prometheusUrl ?? ours,
};

export default outputs;
