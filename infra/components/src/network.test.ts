import type * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import { type Declared, declaredBy, settled, stackArgs } from './fixtures/declared-by.ts';
import { Network, type NetworkArgs } from './network.ts';

const make =
  (natGateways: NetworkArgs['natGateways'], options = {}) =>
  () =>
    new Network(
      'network',
      {
        ...stackArgs('prod'),
        cidr: '10.30.0.0/16',
        zones: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
        natGateways,
        logDays: 365,
        logKeyArn: 'arn:key',
      },
      options,
    );

/** What each NAT gateway waits for besides what its inputs name. */
const waitsFor = new Map<string, pulumi.Resource[]>();
const noteWaits: pulumi.ResourceTransformation = ({ type, name, opts: { dependsOn = [] } }) => {
  if (type.endsWith(':NatGateway')) waitsFor.set(name, [dependsOn].flat() as pulumi.Resource[]);
  return undefined;
};
const zonal = await declaredBy(make('per-zone', { transformations: [noteWaits] }));
const cheap = await declaredBy(make('one'));

describe('Network', () => {
  it('gives no machine a public address, and says to Kubernetes which subnets are for balancers', () => {
    const subnets = zonal.of('subnet:Subnet');
    expect(Object.keys(subnets).sort()).toEqual(
      ['a', 'b', 'c'].flatMap((z) => `private-${z}`).concat(['public-a', 'public-b', 'public-c']),
    );
    for (const { mapPublicIpOnLaunch } of Object.values(subnets)) expect(mapPublicIpOnLaunch).toBe(false);
    expect(subnets['public-a'].tags['kubernetes.io/role/elb']).toBe('1');
    expect(subnets['private-a'].tags['kubernetes.io/role/internal-elb']).toBe('1');
    expect(subnets['private-a'].tags['kubernetes.io/role/elb']).toBeUndefined();
  });

  it('sends each zone through its own gateway, or all through one', () => {
    const gatewaysOf = ({ of }: Declared) =>
      ['private-a', 'private-b', 'private-c'].map((name) => of('route:Route')[name].natGatewayId);
    expect(gatewaysOf(zonal)).toEqual(['nat-a-id', 'nat-b-id', 'nat-c-id']);
    expect(gatewaysOf(cheap)).toEqual(['nat-a-id', 'nat-a-id', 'nat-a-id']);
  });

  it('makes no gateway of a zone before that of the network, and takes it away first', async () => {
    const urns = await Promise.all(
      [...waitsFor].map(async ([name, resources]) => [
        name,
        await Promise.all(resources.map(({ urn }) => settled(urn))),
      ]),
    );
    const internet = expect.stringMatching(/InternetGateway::internet$/);
    expect(urns).toEqual(['nat-a', 'nat-b', 'nat-c'].map((name) => [name, [internet]]));
  });

  it('lets only public subnets out directly', () => {
    const { of } = cheap;
    expect(of('route:Route').public.gatewayId).toBe('internet-id');
    const tables = of('routeTableAssociation:RouteTableAssociation');
    expect(tables['public-b'].routeTableId).toBe('public-id');
    expect(tables['private-b'].routeTableId).toBe('private-b-id');
  });

  it('closes the default security group', () => {
    const group = cheap.one('defaultSecurityGroup:DefaultSecurityGroup');
    expect([group.ingress, group.egress]).toEqual([[], []]);
  });

  it('reaches S3 and ECR without the internet, and lets nobody but the network at the endpoints', () => {
    const { of, one } = cheap;
    const endpoints = of('vpcEndpoint:VpcEndpoint');
    expect(endpoints.s3.routeTableIds).toHaveLength(4);
    expect(endpoints['ecr-dkr']).toMatchObject({
      serviceName: 'com.amazonaws.eu-central-1.ecr.dkr',
      privateDnsEnabled: true,
    });
    expect(Object.keys(endpoints).sort()).toEqual(['ecr-api', 'ecr-dkr', 's3']);
    expect(one('IngressRule')).toMatchObject({ cidrIpv4: '10.30.0.0/16', fromPort: 443, toPort: 443 });
  });

  it('logs every flow into an encrypted group by a role within the bound', () => {
    const { one } = cheap;
    expect(one('flowLog:FlowLog')).toMatchObject({
      trafficType: 'ALL',
      logDestination: 'arn:of:causeway-prod-flow-logs',
    });
    expect(one('logGroup:LogGroup')).toMatchObject({ kmsKeyId: 'arn:key', retentionInDays: 365 });
    expect(one('role:Role').permissionsBoundary).toBe(stackArgs('prod').boundaryArn);
    expect(one('rolePolicy:RolePolicy').policy).toContain('arn:of:causeway-prod-flow-logs:log-stream:*');
  });
});
