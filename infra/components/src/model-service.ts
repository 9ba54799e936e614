import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { sha256 } from '@repo/contract/canonical-json';
import { deadlineAnalysis, type JudgeReference, judgeAnalysis } from './canary-analysis.ts';
import { analysisNames } from './canary-strategy.ts';
import { inflightScaling } from './inflight-scaling.ts';
import type { ModelFacts } from './model-facts.ts';
import { modelNetworkPolicy } from './model-network-policy.ts';
import { serviceSpec, serviceUrl } from './model-service-spec.ts';
import { labelsOf } from './naming.ts';
import { podSelector } from './pod-template.ts';
import type { DeclaredRollout } from './rollout-progress.ts';
import { rolloutSpec } from './rollout-spec.ts';

/** A model and where it is to serve. */
export interface ModelServiceArgs {
  /** Its definition: timeout, steps of a release, resources and replicas come from there alone. */
  readonly model: ModelFacts;
  /** Content of its champion.json. Changed, it rolls the pods. */
  readonly champion: string;
  /** Content of its experiment.json, which rolls the pods as well. Default and null: none. */
  readonly experiment?: string | null;
  /** By digest, but on the stack local. */
  readonly image: pulumi.Input<string>;
  /** Whether nodes may ask a registry for it. Default: true. */
  readonly pull?: boolean;
  readonly namespace: pulumi.Input<string>;
  /** CAUSEWAY_STATE. */
  readonly stateUrl: pulumi.Input<string>;
  /** ONLINE_STORE; a secret. Default and null: each pod has its own store. */
  readonly onlineStoreUrl?: pulumi.Input<string | null>;
  /** Content of the file of keys: digests only. */
  readonly keys: pulumi.Input<string>;
  /** Where metrics are read from: pods of this namespace alone may. */
  readonly monitoringNamespace: pulumi.Input<string>;
  /** Prometheus that KEDA asks for `inference_inflight`. Default: no KEDA, and the smallest number of replicas, always. */
  readonly scaleBy?: pulumi.Input<string> | undefined;
  /** Port of every node at which the model answers. Default: none, it answers inside the cluster. */
  readonly nodePort?: number | undefined;
  /** Address ranges that may ask, beside labelled namespaces. Default: none. */
  readonly callerCidrs?: readonly string[];
  /** Who judges its canaries. */
  readonly judge: pulumi.Input<JudgeReference>;
  /** SHA-256 of the token that the newest predictions are read with, hexadecimal; a secret. Default: nobody reads them. */
  readonly adminTokenSha256?: pulumi.Input<string>;
  /** Seconds without a further pod that is ready, after which a change is rolled back. Default: 600. */
  readonly patienceS?: number;
  /** What has to be there before pods are changed, such as the end of a release that is under way. Default: nothing. */
  readonly after?: (declared: pulumi.Output<DeclaredRollout>) => pulumi.Input<unknown>;
  /** Part of the model's processors that is reserved for each pod. Default: 1, all of them. */
  readonly cpuRequestShare?: number;
}

/** One model, served: pods that roll out as a canary, the services that lead to them, and what guards them. */
export class ModelService extends pulumi.ComponentResource {
  /** Where callers reach it: on a port of this machine's node or, inside the cluster, by name. */
  readonly url: pulumi.Output<string>;
  readonly rollout: kubernetes.apiextensions.CustomResource;
  /** What of it was declared, to be told from what others make of it. */
  readonly declared: pulumi.Output<DeclaredRollout>;

  constructor(name: string, args: ModelServiceArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ModelService', name, {}, options);
    const { model, namespace, nodePort } = args;
    const own = { parent: this };
    const metadata = metadataOf(args);
    const identity = new kubernetes.core.v1.ServiceAccount(
      name,
      { metadata, automountServiceAccountToken: false },
      own,
    );
    const champion = createChampion(name, args, own);
    const secret = createSecret(name, args, own);
    const service = createRootService(name, args, own);
    const variants = createVariants(name, args, own);
    const spec = { maxUnavailable: 1, selector: { matchLabels: podSelector(model.name) } };
    const budget = new kubernetes.policy.v1.PodDisruptionBudget(name, { metadata, spec }, own);
    const traffic = createNetworkPolicy(name, args, own);
    const analyses = createAnalyses(name, args, own);
    const before = { ...own, dependsOn: [service, ...variants, budget, traffic, ...analyses] };
    const minReplicas = model.resources.replicas.min;
    this.declared = pulumi.output({ image: args.image, champion: champion.metadata.name, minReplicas });
    const after = pulumi.output(args.after?.(this.declared));
    this.rollout = createRollout(name, args, { identity, champion, secret, after }, before);
    if (args.scaleBy !== undefined) createScaling(name, args, { ...own, dependsOn: [this.rollout] });
    this.url = pulumi.output(namespace).apply((space) => serviceUrl(model.name, space, nodePort));
    this.registerOutputs({ url: this.url });
  }
}

/** A Service is there before its pods are: waiting for them would only cost 10 s, the Rollout is followed anyway. */
const unawaited = { 'pulumi.com/skipAwait': 'true' };

const metadataOf = ({ model, namespace }: ModelServiceArgs, name = model.name) => ({
  name,
  namespace,
  labels: labelsOf(model.name, 'inference'),
});

/**
 * Named by its content, and never deleted: `up` ends while the pods of the champion before still serve, and a rollback makes more of them. Each
 * promotion leaves a hundred bytes, which go with the namespace.
 */
function createChampion(name: string, args: ModelServiceArgs, options: pulumi.CustomResourceOptions) {
  const { champion, experiment = null } = args;
  const data = { 'champion.json': champion, ...(experiment === null ? {} : { 'experiment.json': experiment }) };
  const content = Object.values(data).join('\n');
  const metadata = metadataOf(args, `${args.model.name}-champion-${sha256(content).slice(0, 8)}`);
  const kept = { ...options, retainOnDelete: true };
  return new kubernetes.core.v1.ConfigMap(`${name}-champion`, { metadata, data, immutable: true }, kept);
}

/** The service reads its keys again every 10 s, so the name stays: withdrawing a key restarts nothing. */
function createSecret(name: string, args: ModelServiceArgs, options: pulumi.CustomResourceOptions) {
  const parts = pulumi.all([args.keys, args.onlineStoreUrl ?? null, args.adminTokenSha256 ?? null]);
  const stringData = parts.apply(([keys, url, admin]) => ({
    'keys.json': keys,
    ...(url === null ? {} : { 'online-store': url }),
    ...(admin === null ? {} : { 'admin-token-sha256': admin }),
  }));
  return new kubernetes.core.v1.Secret(name, { metadata: metadataOf(args), stringData }, options);
}

function createRootService(name: string, args: ModelServiceArgs, options: pulumi.CustomResourceOptions) {
  const metadata = { ...metadataOf(args), annotations: unawaited };
  return new kubernetes.core.v1.Service(name, { metadata, spec: serviceSpec(args.model.name, args.nodePort) }, options);
}

/** Argo Rollouts narrows each of the two to the pods of its variant, which no `up` may undo. */
function createVariants(name: string, args: ModelServiceArgs, options: pulumi.CustomResourceOptions) {
  return ['stable', 'canary'].map((variant) => {
    const metadata = { ...metadataOf(args, `${args.model.name}-${variant}`), annotations: unawaited };
    const given = { ...options, ignoreChanges: ['spec.selector'] };
    return new kubernetes.core.v1.Service(
      `${name}-${variant}`,
      { metadata, spec: serviceSpec(args.model.name, undefined) },
      given,
    );
  });
}

function createNetworkPolicy(name: string, args: ModelServiceArgs, options: pulumi.CustomResourceOptions) {
  const { model, callerCidrs = [] } = args;
  const spec = pulumi
    .all([args.monitoringNamespace, args.stateUrl, args.onlineStoreUrl ?? null])
    .apply(([monitoringNamespace, stateUrl, onlineStoreUrl]) =>
      modelNetworkPolicy(model.name, {
        callerCidrs,
        monitoringNamespace,
        stateUrl,
        hasOnlineStore: onlineStoreUrl !== null,
      }),
    );
  return new kubernetes.networking.v1.NetworkPolicy(
    name,
    { metadata: metadataOf(args), spec: pulumi.unsecret(spec) },
    options,
  );
}

/** How Argo Rollouts decides about a canary: by the judge, and by the clock where nobody does. */
function createAnalyses(name: string, args: ModelServiceArgs, options: pulumi.CustomResourceOptions) {
  const names = analysisNames(args.model.name);
  const specs = { judge: judgeAnalysis, deadline: deadlineAnalysis };
  return (['judge', 'deadline'] as const).map((kind) => {
    const spec = pulumi.output(args.judge).apply((judge) => specs[kind](args.model, judge));
    return new kubernetes.apiextensions.CustomResource(
      `${name}-${kind}`,
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'AnalysisTemplate', metadata: metadataOf(args, names[kind]), spec },
      options,
    );
  });
}

/** What a Rollout's pods name. */
interface Named {
  readonly identity: kubernetes.core.v1.ServiceAccount;
  readonly champion: kubernetes.core.v1.ConfigMap;
  readonly secret: kubernetes.core.v1.Secret;
  /** What it waits for. */
  readonly after: pulumi.Output<unknown>;
}

function createRollout(name: string, args: ModelServiceArgs, named: Named, options: pulumi.CustomResourceOptions) {
  const { model, pull = true, cpuRequestShare = 1, patienceS = 600 } = args;
  const onlineStoreMark = pulumi.unsecret(pulumi.output(args.onlineStoreUrl ?? null).apply(markOf));
  const spec = pulumi
    .all([
      named.identity.metadata.name,
      named.champion.metadata.name,
      named.secret.metadata.name,
      args.stateUrl,
      args.image,
      onlineStoreMark,
      named.after,
    ])
    .apply(([serviceAccount, championConfigMap, secret, stateUrl, image, mark]) =>
      rolloutSpec(model, {
        ...{ image, pull, cpuRequestShare, patienceS, scaled: args.scaleBy !== undefined },
        ...{ serviceAccount, championConfigMap, secret, stateUrl, onlineStoreMark: mark },
      }),
    );
  // A replica count set by hand and what the controller has normalised give way to what is declared.
  const metadata = { ...metadataOf(args), annotations: { 'pulumi.com/patchForce': 'true' } };
  return new kubernetes.apiextensions.CustomResource(
    name,
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata, spec },
    options,
  );
}

const markOf = (url: string | null): string => (url === null ? 'none' : sha256(url).slice(0, 8));

function createScaling(name: string, args: ModelServiceArgs, options: pulumi.CustomResourceOptions) {
  const spec = pulumi
    .all([args.namespace, args.scaleBy ?? ''])
    .apply(([namespace, prometheusUrl]) => inflightScaling(args.model, namespace, prometheusUrl));
  return new kubernetes.apiextensions.CustomResource(
    name,
    { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: metadataOf(args), spec },
    options,
  );
}
