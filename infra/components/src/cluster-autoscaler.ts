import * as aws from '@pulumi/aws';
import * as kubernetes from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { autoscalerRules } from './autoscaler-rules.ts';
import { BoundRole } from './bound-role.ts';
import { autoscalerPolicy } from './iam/autoscaler-policy.ts';
import { podIdentityTrust } from './iam/pod-identity-trust.ts';
import { labelsOf, namedTags, physicalName } from './naming.ts';
import type { StackArgs } from './stack-args.ts';

export interface ClusterAutoscalerArgs extends StackArgs {
  readonly account: string;
  readonly region: string;
  readonly clusterName: pulumi.Input<string>;
  /** By digest, of the same minor version as the cluster: it simulates that version's scheduler. */
  readonly image: string;
  readonly boundaryArn: pulumi.Input<string>;
  /** Reaches the cluster. */
  readonly kubernetes: kubernetes.Provider;
}

const namespace = 'kube-system';
const serviceAccount = 'cluster-autoscaler';
const port = 8085;

/**
 * Gives pods that fit nowhere another node and takes away nodes that nobody needs, within the bounds of the node groups. It finds the
 * groups by the tags that EKS puts on them. Why this and neither Karpenter nor Auto Mode: docs/decisions/009-nodes-are-rows.md.
 */
export class ClusterAutoscaler extends pulumi.ComponentResource {
  constructor(name: string, args: ClusterAutoscalerArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:ClusterAutoscaler', name, {}, options);
    const inCluster = { parent: this, provider: args.kubernetes };
    const metadata = { name: serviceAccount, namespace, labels: labelsOf(serviceAccount, 'autoscaler') };
    const identity = this.#identity(args);
    const account = new kubernetes.core.v1.ServiceAccount(name, { metadata }, inCluster);
    const bindings = this.#rules(metadata, inCluster);
    const spec = deploymentSpec(metadata.labels, args);
    const after = [identity, account, ...bindings];
    new kubernetes.apps.v1.Deployment(name, { metadata, spec }, { ...inCluster, dependsOn: after });
    this.registerOutputs();
  }

  #identity(args: ClusterAutoscalerArgs): aws.eks.PodIdentityAssociation {
    const { stack, tags, account, region, boundaryArn, clusterName } = args;
    const cluster = physicalName(stack, 'cluster');
    const trust = podIdentityTrust(account, { clusterName: cluster, namespace, serviceAccount });
    const policy = autoscalerPolicy(account, region, cluster);
    const role = { stack, tags, boundaryArn, purpose: 'autoscaler', trust, policy };
    const { arn } = new BoundRole('autoscaler', role, { parent: this });
    const who = { clusterName, namespace, serviceAccount, roleArn: arn };
    const named = namedTags(tags, physicalName(stack, 'autoscaler'));
    return new aws.eks.PodIdentityAssociation('autoscaler', { ...who, tags: named }, { parent: this });
  }

  #rules(metadata: Metadata, options: pulumi.CustomResourceOptions): pulumi.Resource[] {
    const { ClusterRole, ClusterRoleBinding, Role, RoleBinding } = kubernetes.rbac.v1;
    const { name, labels } = metadata;
    const subjects = [{ kind: 'ServiceAccount', name, namespace }];
    const refer = (kind: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
    const wide = { metadata: { name, labels } };
    return [
      new ClusterRole(name, { ...wide, rules: autoscalerRules.cluster }, options),
      new ClusterRoleBinding(name, { ...wide, subjects, roleRef: refer('ClusterRole') }, options),
      new Role(name, { metadata, rules: autoscalerRules.own }, options),
      new RoleBinding(name, { metadata, subjects, roleRef: refer('Role') }, options),
    ];
  }
}

interface Metadata {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
}

function deploymentSpec(labels: Record<string, string>, { stack, region, image }: ClusterAutoscalerArgs) {
  const cluster = physicalName(stack, 'cluster');
  const tags = ['enabled', cluster].map((tag) => `k8s.io/cluster-autoscaler/${tag}`).join(',');
  const probe = { httpGet: { path: '/health-check', port }, timeoutSeconds: 5, periodSeconds: 10 };
  const container = {
    name: serviceAccount,
    image,
    command: ['./cluster-autoscaler'],
    args: [
      '--cloud-provider=aws',
      `--node-group-auto-discovery=asg:tag=${tags}`,
      '--balance-similar-node-groups',
      '--expander=least-waste',
      // A model's pods write to an emptyDir, which would otherwise keep every node that holds one.
      '--skip-nodes-with-local-storage=false',
    ],
    env: [{ name: 'AWS_REGION', value: region }],
    resources: { requests: { cpu: '100m', memory: '600Mi' }, limits: { cpu: '500m', memory: '600Mi' } },
    livenessProbe: probe,
    readinessProbe: probe,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    },
  };
  const securityContext = { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: 'RuntimeDefault' } };
  const pod = { serviceAccountName: serviceAccount, priorityClassName: 'system-cluster-critical', securityContext };
  return {
    replicas: 1,
    selector: { matchLabels: { 'app.kubernetes.io/name': serviceAccount } },
    template: { metadata: { labels }, spec: { ...pod, containers: [container] } },
  };
}
