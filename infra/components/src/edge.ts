import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { LogBucket } from './log-bucket.ts';
import { namedTags, physicalName } from './naming.ts';
import { isProtected } from './stack.ts';
import type { StackArgs } from './stack-args.ts';

export interface EdgeArgs extends StackArgs {
  readonly account: string;
  readonly vpcId: pulumi.Input<string>;
  readonly publicSubnetIds: pulumi.Input<string[]>;
  readonly clusterSecurityGroupId: pulumi.Input<string>;
  /** Name that callers use, `models.example.com`, in the zone below. */
  readonly domain: string;
  /** Zone of Route 53 that holds the domain; it exists already. */
  readonly zoneId: string;
  /** Who may call. Everybody: `0.0.0.0/0`; a key is asked of them all the same. */
  readonly callerCidrs: readonly string[];
  /** Days for which it is known who asked what. */
  readonly logDays: number;
}

/** Ports by which Kubernetes offers services on every node. */
const nodePorts = { fromPort: 30_000, toPort: 32_767 } as const;

/**
 * The way in: a load balancer with a certificate and a name. It speaks TLS 1.2 or later and nothing else: there is no port 80, since a redirect
 * comes after a key has been sent in the clear. A path that no model has is answered with 404.
 */
export class Edge extends pulumi.ComponentResource {
  readonly listenerArn: pulumi.Output<string>;
  readonly url: string;
  readonly #args: EdgeArgs;

  constructor(name: string, args: EdgeArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:Edge', name, {}, options);
    this.#args = args;
    const group = this.#group();
    const balancer = this.#balancer(group);
    const listener = this.#listener(balancer, this.#certificate());
    this.#name(balancer);
    this.listenerArn = listener.arn;
    this.url = `https://${args.domain}`;
    this.registerOutputs({ url: this.url });
  }

  #tags(what: string): Record<string, string> {
    return namedTags(this.#args.tags, physicalName(this.#args.stack, what));
  }

  #group(): aws.ec2.SecurityGroup {
    const { stack, vpcId, callerCidrs, clusterSecurityGroupId } = this.#args;
    const parent = { parent: this };
    const tags = this.#tags('edge');
    const described = { name: physicalName(stack, 'edge'), description: 'Callers of models', tags };
    const group = new aws.ec2.SecurityGroup('edge', { vpcId, ...described }, parent);
    const own = { securityGroupId: group.id, ipProtocol: 'tcp', tags };
    for (const [index, cidrIpv4] of callerCidrs.entries()) {
      const https = { fromPort: 443, toPort: 443, cidrIpv4, description: 'HTTPS of callers' };
      new aws.vpc.SecurityGroupIngressRule(`callers-${index}`, { ...own, ...https }, parent);
    }
    const toNodes = { ...own, ...nodePorts, referencedSecurityGroupId: clusterSecurityGroupId, description: 'Models' };
    new aws.vpc.SecurityGroupEgressRule('nodes', toNodes, parent);
    const fromEdge = { ...nodePorts, referencedSecurityGroupId: group.id, description: 'The load balancer' };
    const atNodes = { securityGroupId: clusterSecurityGroupId, ipProtocol: 'tcp', tags };
    new aws.vpc.SecurityGroupIngressRule('nodes', { ...atNodes, ...fromEdge }, parent);
    return group;
  }

  #balancer(group: aws.ec2.SecurityGroup): aws.lb.LoadBalancer {
    const { stack, tags, account, logDays, publicSubnetIds } = this.#args;
    const logs = { stack, tags, account, purpose: 'edge-logs', days: logDays };
    const bucket = new LogBucket('edge-logs', logs, { parent: this });
    return new aws.lb.LoadBalancer(
      'edge',
      {
        name: physicalName(stack, 'edge', 32),
        loadBalancerType: 'application',
        securityGroups: [group.id],
        subnets: publicSubnetIds,
        dropInvalidHeaderFields: true,
        enableDeletionProtection: isProtected(stack),
        accessLogs: { bucket: bucket.name, prefix: 'balancers', enabled: true },
        tags: this.#tags('edge'),
      },
      // It tries at once whether it may write its logs.
      { parent: this, protect: isProtected(stack), dependsOn: bucket },
    );
  }

  /** Proven by a record in the zone, and renewed as long as the record is there. */
  #certificate(): pulumi.Output<string> {
    const { domain, zoneId } = this.#args;
    const parent = { parent: this };
    const request = { domainName: domain, validationMethod: 'DNS', tags: this.#tags('edge') };
    const certificate = new aws.acm.Certificate('edge', request, parent);
    const asked = certificate.domainValidationOptions.apply((all) => all[0]);
    const record = new aws.route53.Record(
      'certificate',
      {
        zoneId,
        name: asked.apply((one) => one?.resourceRecordName ?? domain),
        type: asked.apply((one) => one?.resourceRecordType ?? 'CNAME'),
        records: [asked.apply((one) => one?.resourceRecordValue ?? '')],
        ttl: 300,
        allowOverwrite: true,
      },
      parent,
    );
    const proof = { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn] };
    return new aws.acm.CertificateValidation('edge', proof, parent).certificateArn;
  }

  #listener(balancer: aws.lb.LoadBalancer, certificateArn: pulumi.Output<string>): aws.lb.Listener {
    const messageBody = '{"error":"no model has this path"}';
    const fixedResponse = { contentType: 'application/json', statusCode: '404', messageBody };
    return new aws.lb.Listener(
      'https',
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: 'HTTPS',
        sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
        certificateArn,
        defaultActions: [{ type: 'fixed-response', fixedResponse }],
        tags: this.#tags('https'),
      },
      { parent: this },
    );
  }

  #name({ dnsName, zoneId }: aws.lb.LoadBalancer): void {
    const { domain: name, zoneId: ownZone } = this.#args;
    const aliases = [{ name: dnsName, zoneId, evaluateTargetHealth: true }];
    new aws.route53.Record('edge', { zoneId: ownZone, name, type: 'A', aliases }, { parent: this });
  }
}
