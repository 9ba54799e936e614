import * as kubernetes from '@pulumi/kubernetes';
import { labelsOf } from '@repo/components/naming';
import { type Exports, outputsOf } from '@repo/components/outputs-of';
import { readConfig } from '@repo/components/read-config';
import type { ClusterOutputs } from '@repo/infra-cluster/outputs';
import { monitoringConfig } from './config.ts';
import type { MonitoringOutputs } from './outputs.ts';

readConfig(monitoringConfig);
const { kubeconfig } = outputsOf<ClusterOutputs>('cluster');
const provider = new kubernetes.Provider('cluster', { kubeconfig });
const namespace = new kubernetes.core.v1.Namespace(
  'monitoring',
  { metadata: { name: 'monitoring', labels: labelsOf('monitoring', 'namespace') } },
  { provider },
);

const outputs: Exports<MonitoringOutputs> = { namespace: namespace.metadata.name, prometheusUrl: null };

export default outputs;
