import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { sha256 } from '@repo/contract/canonical-json';
import { judgeDeployment, judgeSelector } from './canary-judge-spec.ts';
import { judgeNetworkPolicy } from './judge-network-policy.ts';
import { judgeSecret } from './judge-tokens.ts';
import type { ModelFacts } from './model-facts.ts';

export interface CanaryJudgeArgs {
  /** Of the service: the judge is a second program in it. By digest. */
  readonly image: pulumi.Input<string>;
  /** Whether nodes may ask a registry for it. Default: true. */
  readonly pull?: boolean;
  /** Where it runs, beside the models. */
  readonly namespace: pulumi.Input<string>;
  /** Those whose canaries it judges. */
  readonly models: readonly ModelFacts[];
  readonly prometheusUrl: pulumi.Input<string>;
  /** Where the pods of that Prometheus run. */
  readonly monitoringNamespace: pulumi.Input<string>;
  /** CAUSEWAY_STATE: where versions lie that the image does not have. */
  readonly stateUrl: pulumi.Input<string>;
  /** SHA-256 of the token that Argo Rollouts sends; a secret. */
  readonly askJudgeSha256: pulumi.Input<string>;
}

/** The judge of all canaries of a namespace: one small pod that may list pods there, and nothing else in the cluster. */
export class CanaryJudge extends pulumi.ComponentResource {
  constructor(name: string, args: CanaryJudgeArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:CanaryJudge', name, {}, options);
    const own = { parent: this };
    const metadata = { name: judgeSecret.name, namespace: args.namespace, labels: judgeSelector };
    const account = new kubernetes.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, own);
    createRights(name, metadata, own);
    const spec = pulumi.output(args.monitoringNamespace).apply(judgeNetworkPolicy);
    const traffic = new kubernetes.networking.v1.NetworkPolicy(name, { metadata, spec }, own);
    const ports = [{ name: 'http', port: 80, targetPort: 'http' }];
    const service = { type: 'ClusterIP', selector: judgeSelector, ports };
    new kubernetes.core.v1.Service(name, { metadata, spec: service }, own);
    const policies = createPolicies(name, args, own);
    createDeployment(name, args, policies, { ...own, dependsOn: [account, traffic] });
    this.registerOutputs();
  }
}

type Metadata = kubernetes.types.input.meta.v1.ObjectMeta;

function createRights(name: string, metadata: Metadata, options: pulumi.CustomResourceOptions) {
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['list'] }];
  new kubernetes.rbac.v1.Role(name, { metadata, rules }, options);
  const subjects = [{ kind: 'ServiceAccount', name: judgeSecret.name, ...namespaceOf(metadata) }];
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: judgeSecret.name };
  new kubernetes.rbac.v1.RoleBinding(name, { metadata, subjects, roleRef }, options);
}

const namespaceOf = ({ namespace }: Metadata) => (namespace === undefined ? {} : { namespace });

/** What each definition says of its releases, named by content, so that a change of it restarts the judge. */
function createPolicies(name: string, args: CanaryJudgeArgs, options: pulumi.CustomResourceOptions) {
  const data = Object.fromEntries(
    args.models.map(({ name: model, release, task }) => [`${model}.json`, JSON.stringify({ release, task })]),
  );
  const metadata = {
    name: `judge-policies-${sha256(JSON.stringify(data)).slice(0, 8)}`,
    namespace: args.namespace,
    labels: judgeSelector,
  };
  return new kubernetes.core.v1.ConfigMap(`${name}-policies`, { metadata, data, immutable: true }, options);
}

function createDeployment(
  name: string,
  args: CanaryJudgeArgs,
  policies: kubernetes.core.v1.ConfigMap,
  options: pulumi.CustomResourceOptions,
) {
  const { pull = true, image, prometheusUrl, namespace, stateUrl, askJudgeSha256 } = args;
  const given = { image, prometheusUrl, namespace, stateUrl, askJudgeSha256, policies: policies.metadata.name };
  const spec = pulumi.output(given).apply((settings) => judgeDeployment({ ...settings, pull }));
  const metadata = { name: judgeSecret.name, namespace, labels: judgeSelector };
  return new kubernetes.apps.v1.Deployment(name, { metadata, spec }, options);
}
