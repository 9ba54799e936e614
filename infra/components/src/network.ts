import * as aws from '@pulumi/aws';
import * as pulumi from '@pulumi/pulumi';
import { BoundRole } from './bound-role.ts';
import { flowLogPolicy } from './iam/flow-log-policy.ts';
import { serviceTrust } from './iam/service-trust.ts';
import { namedTags, physicalName } from './naming.ts';
import type { StackArgs } from './stack-args.ts';
import { type Subnet, subnetRows } from './subnets.ts';

export interface NetworkArgs extends StackArgs {
  readonly account: string;
  readonly region: string;
  /** Its addresses, /16 to /20. They cannot be changed later without making everything anew. */
  readonly cidr: string;
  /** Three zones of the region, by full name: `eu-central-1a`. */
  readonly zones: readonly string[];
  /** How private subnets reach the internet: through one gateway, or one in each zone, so that losing a zone costs only that zone. */
  readonly natGateways: 'one' | 'per-zone';
  /** Days after which logs of who talked to whom are gone. */
  readonly logDays: number;
  /** Encrypts those logs. */
  readonly logKeyArn: pulumi.Input<string>;
  readonly boundaryArn: pulumi.Input<string>;
}

/** Services of AWS that pods and nodes reach without the internet: images come from ECR, whose layers lie in S3. */
const interfaceEndpoints = ['ecr.api', 'ecr.dkr'] as const;

/** A network over three zones: nodes and stores in private subnets, balancers and NAT in public ones, every flow logged. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly #args: NetworkArgs;

  constructor(name: string, args: NetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super('causeway:components:Network', name, {}, options);
    this.#args = args;
    const rows = subnetRows(args.cidr, args.zones);
    const vpc = new aws.ec2.Vpc(
      'vpc',
      { cidrBlock: args.cidr, enableDnsHostnames: true, enableDnsSupport: true, tags: this.#tags('vpc') },
      { parent: this },
    );
    const subnets = rows.map((row) => ({ row, subnet: this.#subnet(vpc, row) }));
    const publicSubnets = subnets.filter(({ row }) => row.isPublic);
    const privateSubnets = subnets.filter(({ row }) => !row.isPublic);
    const internet = this.#internet(vpc);
    const publicRoutes = this.#publicRoutes(vpc, internet, publicSubnets);
    const privateRoutes = this.#privateRoutes(vpc, { internet, publicSubnets }, privateSubnets);
    this.vpcId = vpc.id;
    this.privateSubnetIds = pulumi.all(privateSubnets.map(({ subnet }) => subnet.id));
    this.publicSubnetIds = pulumi.all(publicSubnets.map(({ subnet }) => subnet.id));
    this.#closeDefaultGroup(vpc);
    this.#endpoints(vpc, [publicRoutes, ...privateRoutes]);
    this.#flowLogs(vpc);
    this.registerOutputs({ vpcId: this.vpcId });
  }

  #tags(what: string): Record<string, string> {
    return namedTags(this.#args.tags, physicalName(this.#args.stack, what));
  }

  #subnet(vpc: aws.ec2.Vpc, { name, zone, cidr, isPublic }: Subnet): aws.ec2.Subnet {
    // Kubernetes finds the subnets for its balancers by these.
    const role = isPublic ? 'kubernetes.io/role/elb' : 'kubernetes.io/role/internal-elb';
    const tags = { ...this.#tags(name), [role]: '1' };
    const args = { vpcId: vpc.id, cidrBlock: cidr, availabilityZone: zone, mapPublicIpOnLaunch: false, tags };
    return new aws.ec2.Subnet(name, args, { parent: this });
  }

  #internet(vpc: aws.ec2.Vpc): aws.ec2.InternetGateway {
    return new aws.ec2.InternetGateway('internet', { vpcId: vpc.id, tags: this.#tags('internet') }, { parent: this });
  }

  #publicRoutes(vpc: aws.ec2.Vpc, gateway: aws.ec2.InternetGateway, subnets: readonly Placed[]): aws.ec2.RouteTable {
    const parent = { parent: this };
    const table = new aws.ec2.RouteTable('public', { vpcId: vpc.id, tags: this.#tags('public') }, parent);
    const everywhere = { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', gatewayId: gateway.id };
    new aws.ec2.Route('public', everywhere, parent);
    for (const { row, subnet } of subnets)
      new aws.ec2.RouteTableAssociation(row.name, { routeTableId: table.id, subnetId: subnet.id }, parent);
    return table;
  }

  #privateRoutes(vpc: aws.ec2.Vpc, outside: Outside, inside: readonly Placed[]): aws.ec2.RouteTable[] {
    const parent = { parent: this };
    // AWS refuses a public NAT gateway in a network without one to the internet, and its addresses hold that one when it goes.
    const afterInternet = { ...parent, dependsOn: [outside.internet] };
    const { publicSubnets } = outside;
    const count = this.#args.natGateways === 'one' ? 1 : publicSubnets.length;
    const gateways = publicSubnets.slice(0, count).map(({ row, subnet }) => {
      const name = row.name.replace('public', 'nat');
      const address = new aws.ec2.Eip(name, { domain: 'vpc', tags: this.#tags(name) }, parent);
      const args = { subnetId: subnet.id, allocationId: address.allocationId, tags: this.#tags(name) };
      return new aws.ec2.NatGateway(name, args, afterInternet);
    });
    return inside.map(({ row, subnet }, index) => {
      const table = new aws.ec2.RouteTable(row.name, { vpcId: vpc.id, tags: this.#tags(row.name) }, parent);
      const gateway = gateways[index] ?? gateways[0];
      const everywhere = { routeTableId: table.id, destinationCidrBlock: '0.0.0.0/0', natGatewayId: gateway?.id };
      new aws.ec2.Route(row.name, everywhere, parent);
      new aws.ec2.RouteTableAssociation(row.name, { routeTableId: table.id, subnetId: subnet.id }, parent);
      return table;
    });
  }

  /** What somebody makes without naming a security group gets this one, and reaches nothing. */
  #closeDefaultGroup(vpc: aws.ec2.Vpc): void {
    const args = { vpcId: vpc.id, ingress: [], egress: [], tags: this.#tags('default-closed') };
    new aws.ec2.DefaultSecurityGroup('default', args, { parent: this });
  }

  #endpoints(vpc: aws.ec2.Vpc, tables: readonly aws.ec2.RouteTable[]): void {
    const parent = { parent: this };
    const serviceOf = (service: string): string => `com.amazonaws.${this.#args.region}.${service}`;
    const routeTableIds = tables.map(({ id }) => id);
    const gateway = { vpcId: vpc.id, vpcEndpointType: 'Gateway', routeTableIds, serviceName: serviceOf('s3') };
    new aws.ec2.VpcEndpoint('s3', { ...gateway, tags: this.#tags('s3') }, parent);
    const group = new aws.ec2.SecurityGroup(
      'endpoints',
      { vpcId: vpc.id, description: 'Endpoints of AWS services', tags: this.#tags('endpoints') },
      parent,
    );
    const https = { ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIpv4: this.#args.cidr };
    const rule = { securityGroupId: group.id, description: 'HTTPS from the network', tags: this.#tags('endpoints') };
    new aws.vpc.SecurityGroupIngressRule('endpoints', { ...rule, ...https }, parent);
    for (const service of interfaceEndpoints) {
      const name = service.replace('.', '-');
      const where = { vpcId: vpc.id, subnetIds: this.privateSubnetIds, securityGroupIds: [group.id] };
      const how = { vpcEndpointType: 'Interface', privateDnsEnabled: true, serviceName: serviceOf(service) };
      new aws.ec2.VpcEndpoint(name, { ...where, ...how, tags: this.#tags(name) }, parent);
    }
  }

  #flowLogs(vpc: aws.ec2.Vpc): void {
    const { stack, tags, account, logDays, logKeyArn, boundaryArn } = this.#args;
    const parent = { parent: this };
    const name = physicalName(stack, 'flow-logs');
    const group = new aws.cloudwatch.LogGroup(
      'flow-logs',
      { name, retentionInDays: logDays, kmsKeyId: logKeyArn, tags: this.#tags('flow-logs') },
      parent,
    );
    const trust = serviceTrust('vpc-flow-logs.amazonaws.com', account);
    const policy = group.arn.apply(flowLogPolicy);
    const role = new BoundRole('flow-logs', { stack, tags, purpose: 'flow-logs', trust, policy, boundaryArn }, parent);
    const from = { vpcId: vpc.id, trafficType: 'ALL' };
    const to = { logDestinationType: 'cloud-watch-logs', logDestination: group.arn, iamRoleArn: role.arn };
    new aws.ec2.FlowLog('flow-logs', { ...from, ...to, tags: this.#tags('flow-logs') }, parent);
  }
}

interface Placed {
  readonly row: Subnet;
  readonly subnet: aws.ec2.Subnet;
}

interface Outside {
  readonly internet: aws.ec2.InternetGateway;
  readonly publicSubnets: readonly Placed[];
}
