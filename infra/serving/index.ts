import { join } from 'node:path';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { CanaryJudge } from '@repo/components/canary-judge';
import { JudgeTokens, judgeSecret } from '@repo/components/judge-tokens';
import { judgeUrl } from '@repo/components/judge-url';
import { ModelService } from '@repo/components/model-service';
import { labelsOf } from '@repo/components/naming';
import { type Exports, outputsOf } from '@repo/components/outputs-of';
import { readConfig } from '@repo/components/read-config';
import { requiredOutput } from '@repo/components/required-output';
import { servedModels } from '@repo/components/served-models';
import { Stack, toStack } from '@repo/components/stack';
import type { ClusterOutputs } from '@repo/infra-cluster/outputs';
import type { MonitoringOutputs } from '@repo/infra-monitoring/outputs';
import type { StorageOutputs } from '@repo/infra-storage/outputs';
import { afterRelease } from './after-release.ts';
import { awsModels } from './aws-model.ts';
import { servingConfig } from './config.ts';
import { imageOf } from './image-of.ts';
import { modelJobs } from './model-jobs.ts';
import { nodePorts } from './node-ports.ts';
import type { ServingOutputs } from './outputs.ts';
import { releaseInStack } from './release-in-stack.ts';
import { servedAt } from './served-at.ts';

const config = readConfig(servingConfig);
const stack = toStack(pulumi.getStack());
const isLocal = stack === Stack.local;
const [cluster, storage] = [outputsOf<ClusterOutputs>('cluster'), outputsOf<StorageOutputs>('storage')];
const monitoring = outputsOf<MonitoringOutputs>('monitoring');
const models = await servedModels(join(import.meta.dirname, '../../models'), isLocal);
const scaleBy = config.autoscale ? requiredOutput(monitoring.prometheusUrl, 'monitoring.prometheusUrl') : undefined;

const provider = new kubernetes.Provider('cluster', { kubeconfig: cluster.kubeconfig });
const labels = { ...labelsOf('models', 'namespace'), 'pod-security.kubernetes.io/enforce': 'restricted' };
const { metadata } = new kubernetes.core.v1.Namespace('models', { metadata: { name: 'models', labels } }, { provider });
const tokens = new JudgeTokens('judge', { namespace: metadata.name }, { providers: [provider] });
const judge = pulumi.output({
  url: config.judgeUrl ?? metadata.name.apply(judgeUrl),
  tokenSecret: { name: judgeSecret.name, key: judgeSecret.askJudge },
  clusterUrl: config.clusterUrl,
});
const common = {
  ...config,
  judge,
  adminTokenSha256: tokens.readPredictionsSha256,
  namespace: metadata.name,
  image: storage.imageRepositoryUrl.apply((repository) => imageOf('inference', repository, config.imageDigest)),
  pull: !isLocal,
  stateUrl: storage.stateUrl,
  onlineStoreUrl: storage.onlineStoreUrl,
  keys: JSON.stringify({ schemaVersion: 1, keys: config.apiKeys }),
  monitoringNamespace: monitoring.prometheusNamespace,
  scaleBy,
};
const jobs = config.jobs ? modelJobs(config.jobs, { config, storage, provider, pull: !isLocal }) : null;
const onAws = isLocal ? null : awsModels(stack, cluster, storage, jobs?.namespace);

if (config.judgeUrl === undefined) {
  const prometheusUrl = requiredOutput(monitoring.prometheusUrl, 'monitoring.prometheusUrl');
  const judged = models.map(({ model }) => releaseInStack(model, config.release));
  const { askJudgeSha256 } = tokens;
  new CanaryJudge('judge', { ...common, models: judged, prometheusUrl, askJudgeSha256 }, { providers: [provider] });
}
const names = models.map(({ model }) => model.name);
const ports = nodePorts(names, config.nodePorts);
const urls = models.map(({ model: defined, champion }) => {
  const { name } = defined;
  const model = releaseInStack(defined, config.release);
  const nodePort = ports.get(name) as number;
  const after = afterRelease({ model, namespace: metadata.name, kubeconfig: cluster.kubeconfig });
  const service = new ModelService(name, { ...common, model, champion, nodePort, after }, { providers: [provider] });
  jobs?.declare(name);
  const inside = servedAt(service, cluster.kubeconfig, config.patienceS);
  return [name, onAws?.({ name, namespace: metadata.name, nodePort }) ?? inside] as const;
});

const outputs: Exports<ServingOutputs> = { namespace: metadata.name, urls: pulumi.output(Object.fromEntries(urls)) };
export default outputs;
