import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { BoundRole, type BoundRoleArgs } from './bound-role.ts';
import { serviceCidr } from './cidr-schema.ts';
import { ClusterAccess, viewersGroup } from './cluster-access.ts';
import { type EksAddon, type EksVersion, eksAddons, eksVersions } from './eks-addons.ts';
import { clusterKeyPolicy } from './iam/cluster-key-policy.ts';
import { podIdentityTrust } from './iam/pod-identity-trust.ts';
import { serviceTrust } from './iam/service-trust.ts';
import { kubeconfigOf } from './kubeconfig.ts';
import { namedTags, physicalName } from './naming.ts';
import type { NodeGroup, NodeGroups } from './node-groups.ts';
import { isProtected } from './stack.ts';
import type { StackArgs } from './stack-args.ts';

export interface EksClusterArgs extends StackArgs {
  readonly account: string;
  readonly region: string;
  /** Of Kubernetes; add-ons and nodes follow it. */
  readonly version: EksVersion;
  /** Where nodes and the control plane's interfaces lie. */
  readonly privateSubnetIds: pulumi.Input<string[]>;
  /** Who may reach the endpoint over the internet. None: it answers within the network only. */
  readonly publicCidrs: readonly string[];
  readonly nodeGroups: NodeGroups;
  /** Who may do what in the cluster, by a name that says who. Nobody else may anything, not even who made the cluster. */
  readonly access: Readonly<Record<string, { readonly roleArn: pulumi.Input<string>; readonly level: ClusterAccess }>>;
  /** Encrypts Kubernetes secrets before they are stored, and the logs. */
  readonly keyArn: pulumi.Input<string>;
  readonly logDays: number;
  readonly boundaryArn: pulumi.Input<string>;
}

/** Everything that the control plane can tell. */
const logTypes = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
const diskGib = 50;

/** What the role of the control plane is for; the key of the cluster names that role. */
const controlPlane = 'control-plane';

/** A Kubernetes cluster of EKS: node groups from a table, identities for pods, access by entries, secrets encrypted by a key of ours. */
export class EksCluster extends pulumi.ComponentResource {
  readonly name: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  /** What nodes and pods wear; whoever lets it in lets the cluster in. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Group of machines behind the first node group. */
  readonly edgeGroupName: pulumi.Output<string>;
  readonly #args: EksClusterArgs;
  readonly #clusterName: string;

  constructor(name: string, args: EksClusterArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:EksCluster', name, {}, options);
    this.#args = args;
    this.#clusterName = physicalName(args.stack, 'cluster');
    const cluster = this.#cluster(this.#logs());
    const entries = this.#access(cluster);
    const early = this.#addons(cluster, 'before nodes', []);
    const groups = this.#nodeGroups(cluster, early);
    this.#addons(cluster, 'after nodes', groups);
    this.name = cluster.name;
    this.kubeconfig = this.#kubeconfig(cluster, entries);
    this.securityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
    this.edgeGroupName = pulumi.output(groups[0]?.resources).apply(groupNameOf);
    this.registerOutputs({ name: this.name });
  }

  #tags(what: string): Record<string, string> {
    return namedTags(this.#args.tags, physicalName(this.#args.stack, what));
  }

  #role(purpose: string, more: Pick<BoundRoleArgs, 'trust' | 'managed' | 'policy'>): BoundRole {
    const { stack, tags, boundaryArn } = this.#args;
    return new BoundRole(purpose, { stack, tags, boundaryArn, purpose, ...more }, { parent: this });
  }

  /** Made before the cluster, which would otherwise make it unencrypted and keep it for ever. */
  #logs(): aws.cloudwatch.LogGroup {
    const { logDays, keyArn } = this.#args;
    const name = `/aws/eks/${this.#clusterName}/cluster`;
    const args = { name, retentionInDays: logDays, kmsKeyId: keyArn, tags: this.#tags('control-plane') };
    return new aws.cloudwatch.LogGroup('control-plane', args, { parent: this });
  }

  #cluster(logs: aws.cloudwatch.LogGroup): aws.eks.Cluster {
    const { stack, account, version, publicCidrs, privateSubnetIds, keyArn } = this.#args;
    const trust = serviceTrust('eks.amazonaws.com', account);
    const policy = pulumi.output(keyArn).apply(clusterKeyPolicy);
    const role = this.#role(controlPlane, { trust, managed: ['AmazonEKSClusterPolicy'], policy });
    const isPublic = publicCidrs.length > 0;
    const reach = { endpointPrivateAccess: true, endpointPublicAccess: isPublic };
    return new aws.eks.Cluster(
      'cluster',
      {
        name: this.#clusterName,
        version: minorOf(version),
        roleArn: role.arn,
        vpcConfig: {
          subnetIds: privateSubnetIds,
          ...reach,
          ...(isPublic ? { publicAccessCidrs: [...publicCidrs] } : {}),
        },
        kubernetesNetworkConfig: { serviceIpv4Cidr: serviceCidr },
        accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
        encryptionConfig: { provider: { keyArn }, resources: ['secrets'] },
        enabledClusterLogTypes: logTypes,
        // Those that come along by themselves would not be EKS's to update.
        bootstrapSelfManagedAddons: false,
        upgradePolicy: { supportType: 'STANDARD' },
        deletionProtection: isProtected(stack),
        tags: this.#tags('cluster'),
      },
      { parent: this, dependsOn: [logs, role], protect: isProtected(stack) },
    );
  }

  #access(cluster: aws.eks.Cluster): pulumi.Resource[] {
    return Object.entries(this.#args.access).map(([name, { roleArn, level }]) => {
      const who = { clusterName: cluster.name, principalArn: roleArn };
      const groups = level === 'view' ? { kubernetesGroups: [viewersGroup] } : {};
      const entry = new aws.eks.AccessEntry(name, { ...who, ...groups, tags: this.#tags(name) }, { parent: this });
      const policyArn = `arn:aws:eks::aws:cluster-access-policy/${ClusterAccess[level]}`;
      const may = { ...who, policyArn, accessScope: { type: 'cluster' } };
      return new aws.eks.AccessPolicyAssociation(name, may, { parent: this, dependsOn: entry });
    });
  }

  #addons(cluster: aws.eks.Cluster, when: EksAddon['when'], after: readonly pulumi.Resource[]): aws.eks.Addon[] {
    const rows = eksAddons.filter((row) => row.when === when);
    return rows.map(({ name, identity, settings }) => {
      const pods = identity === undefined ? undefined : [this.#identity(name, identity)];
      const args = {
        clusterName: cluster.name,
        addonName: name,
        addonVersion: eksVersions[this.#args.version][name],
        podIdentityAssociations: pods,
        configurationValues: settings === undefined ? undefined : JSON.stringify(settings),
        resolveConflictsOnCreate: 'OVERWRITE',
        resolveConflictsOnUpdate: 'OVERWRITE',
        tags: this.#tags(name),
      };
      return new aws.eks.Addon(name, args, { parent: this, dependsOn: [...after] });
    });
  }

  #identity(addon: string, { serviceAccount, policy }: NonNullable<EksAddon['identity']>) {
    const pods = { clusterName: this.#clusterName, namespace: 'kube-system', serviceAccount };
    const trust = podIdentityTrust(this.#args.account, pods);
    return { serviceAccount, roleArn: this.#role(addon, { trust, managed: [policy] }).arn };
  }

  #nodeGroups(cluster: aws.eks.Cluster, after: readonly pulumi.Resource[]): aws.eks.NodeGroup[] {
    const managed = ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'];
    const role = this.#role('node', { trust: serviceTrust('ec2.amazonaws.com'), managed });
    const template = this.#launchTemplate();
    return Object.entries(this.#args.nodeGroups).map(([name, group]) => {
      const launchTemplate = { id: template.id, version: template.latestVersion.apply(String) };
      const args = { ...rowArgs(name, group), clusterName: cluster.name, nodeRoleArn: role.arn, launchTemplate };
      return new aws.eks.NodeGroup(
        name,
        {
          ...args,
          version: minorOf(this.#args.version),
          subnetIds: this.#args.privateSubnetIds,
          tags: this.#tags(name),
        },
        // The number of nodes is the autoscaler's; an `up` must not take it back.
        { parent: this, dependsOn: [...after, role], ignoreChanges: ['scalingConfig.desiredSize'] },
      );
    });
  }

  #launchTemplate(): aws.ec2.LaunchTemplate {
    const disk = { volumeSize: diskGib, volumeType: 'gp3', encrypted: 'true', deleteOnTermination: 'true' };
    return new aws.ec2.LaunchTemplate(
      'node',
      {
        name: physicalName(this.#args.stack, 'node'),
        blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: disk }],
        // One hop reaches the node and not its pods, which would otherwise take the node's role.
        metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
        tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags: this.#tags('node') })),
        updateDefaultVersion: true,
        tags: this.#tags('node'),
      },
      { parent: this },
    );
  }

  /** Given out only once those whom it is for may enter. */
  #kubeconfig(cluster: aws.eks.Cluster, entries: readonly pulumi.Resource[]): pulumi.Output<string> {
    const { name, endpoint, certificateAuthority } = cluster;
    const ready = pulumi.all(entries.map(({ urn }) => urn));
    return pulumi.secret(
      pulumi
        .all([name, endpoint, certificateAuthority.data, ready])
        .apply(([known, url, authority]) =>
          kubeconfigOf({ name: known, endpoint: url, authority, region: this.#args.region }),
        ),
    );
  }
}

/** As EKS spells it. */
const minorOf = (version: EksVersion): string => version.slice(1);

const rowArgs = (name: string, { instanceTypes, minNodes, maxNodes, spot }: NodeGroup) => ({
  nodeGroupName: name,
  amiType: 'AL2023_x86_64_STANDARD',
  capacityType: spot ? 'SPOT' : 'ON_DEMAND',
  instanceTypes,
  scalingConfig: { minSize: minNodes, maxSize: maxNodes, desiredSize: minNodes },
  updateConfig: { maxUnavailable: 1 },
  nodeRepairConfig: { enabled: true },
});

type Resources = pulumi.UnwrappedObject<aws.types.output.eks.NodeGroupResource>[] | undefined;

/** Empty until EKS has made the group. */
const groupNameOf = (resources: Resources): string => resources?.[0]?.autoscalingGroups?.[0]?.name ?? '';
