import { randomBytes } from 'node:crypto';
import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { namedTags, physicalName } from './naming.ts';
import { isProtected } from './stack.ts';
import type { StackArgs } from './stack-args.ts';

export interface OnlineStoreArgs extends StackArgs {
  readonly vpcId: pulumi.Input<string>;
  readonly privateSubnetIds: pulumi.Input<string[]>;
  /** Who may connect: whatever wears it, and nobody else. */
  readonly clusterSecurityGroupId: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
  /** Size of each machine: `cache.t4g.small`. All features of all entities must fit. */
  readonly nodeType: string;
  /** 1: a failure empties it until features are materialized again. 2 or more: another zone takes over within a minute. */
  readonly nodes: number;
  /** Raise it to get another password: the one before goes on until the next raise, so that pods can follow. */
  readonly passwordGeneration: number;
}

const port = 6379;

/** Online features in ElastiCache for Valkey: TLS and a password, reached by the cluster's pods only. */
export class OnlineStore extends pulumi.ComponentResource {
  /** ONLINE_STORE of pods; a secret, since it holds the password. */
  readonly url: pulumi.Output<string>;
  readonly #args: OnlineStoreArgs;
  readonly #name: string;

  constructor(name: string, args: OnlineStoreArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:OnlineStore', name, {}, options);
    this.#args = args;
    this.#name = physicalName(args.stack, 'online-store', 40);
    const password = this.#password();
    const store = this.#store(password, this.#group());
    this.url = pulumi.secret(pulumi.interpolate`rediss://:${password}@${store.primaryEndpointAddress}:${port}`);
    this.registerOutputs({ url: this.url });
  }

  get #tags(): Record<string, string> {
    return namedTags(this.#args.tags, this.#name);
  }

  /** Made here once and kept in Secrets Manager: each run makes another, which is ignored unless the generation has been raised. */
  #password(): pulumi.Output<string> {
    const { stack, keyArn, passwordGeneration } = this.#args;
    const secret = new aws.secretsmanager.Secret(
      'password',
      {
        name: this.#name,
        description: 'Password of the online store',
        kmsKeyId: keyArn,
        recoveryWindowInDays: isProtected(stack) ? 30 : 0,
        tags: this.#tags,
      },
      { parent: this },
    );
    const secretString = pulumi.secret(randomBytes(32).toString('hex'));
    const value = new aws.secretsmanager.SecretVersion(
      `password-${passwordGeneration}`,
      { secretId: secret.id, secretString },
      { parent: this, ignoreChanges: ['secretString'], retainOnDelete: true },
    );
    return value.secretString.apply((text) => text ?? '');
  }

  #group(): aws.ec2.SecurityGroup {
    const { vpcId, clusterSecurityGroupId } = this.#args;
    const args = { name: this.#name, vpcId, description: 'Online store', tags: this.#tags };
    const group = new aws.ec2.SecurityGroup('online-store', args, { parent: this });
    const from = { referencedSecurityGroupId: clusterSecurityGroupId, description: 'Pods of the cluster' };
    const what = { ipProtocol: 'tcp', fromPort: port, toPort: port, tags: this.#tags };
    const rule = { securityGroupId: group.id, ...from, ...what };
    new aws.vpc.SecurityGroupIngressRule('online-store', rule, { parent: this });
    return group;
  }

  #store(authToken: pulumi.Output<string>, group: aws.ec2.SecurityGroup): aws.elasticache.ReplicationGroup {
    const { stack, privateSubnetIds, keyArn, nodeType, nodes } = this.#args;
    const parent = { parent: this };
    const common = { name: this.#name, tags: this.#tags };
    const subnets = new aws.elasticache.SubnetGroup('online-store', { ...common, subnetIds: privateSubnetIds }, parent);
    // A store that drops what it likes when it is full would serve features as missing, and nobody would hear of it.
    const parameters = [{ name: 'maxmemory-policy', value: 'noeviction' }];
    const group8 = { ...common, family: 'valkey8', parameters };
    const tuned = new aws.elasticache.ParameterGroup('online-store', group8, parent);
    return new aws.elasticache.ReplicationGroup(
      'online-store',
      {
        replicationGroupId: this.#name,
        description: 'Online features',
        engine: 'valkey',
        engineVersion: '8.0',
        nodeType,
        numCacheClusters: nodes,
        automaticFailoverEnabled: nodes > 1,
        multiAzEnabled: nodes > 1,
        port,
        subnetGroupName: subnets.name,
        securityGroupIds: [group.id],
        parameterGroupName: tuned.name,
        transitEncryptionEnabled: true,
        transitEncryptionMode: 'required',
        authToken,
        authTokenUpdateStrategy: 'ROTATE',
        atRestEncryptionEnabled: true,
        kmsKeyId: keyArn,
        snapshotRetentionLimit: isProtected(stack) ? 7 : 0,
        applyImmediately: !isProtected(stack),
        tags: this.#tags,
      },
      { parent: this, protect: isProtected(stack) },
    );
  }
}
