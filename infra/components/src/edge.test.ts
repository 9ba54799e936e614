import { describe, expect, it } from 'vitest';
import { Edge } from './edge.ts';
import { declaredBy, stackArgs } from './fixtures/declared-by.ts';

const { of, one } = await declaredBy(
  () =>
    new Edge('edge', {
      ...stackArgs('prod'),
      vpcId: 'vpc',
      publicSubnetIds: ['subnet-1', 'subnet-2'],
      clusterSecurityGroupId: 'sg-cluster',
      domain: 'models.example.com',
      zoneId: 'Z1',
      callerCidrs: ['0.0.0.0/0'],
      logDays: 365,
    }),
);

describe('Edge', () => {
  it('listens to TLS 1.2 or later and to nothing else', () => {
    expect(one('listener:Listener')).toMatchObject({
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    });
    expect(one('listener:Listener').certificateArn).toBeTruthy();
  });

  it('answers 404 where no model has a path', () => {
    const [action] = one('listener:Listener').defaultActions;
    expect(action).toMatchObject({ type: 'fixed-response', fixedResponse: { statusCode: '404' } });
  });

  it('lets callers reach port 443, and itself the nodes and nothing else', () => {
    const { 'callers-0': callers, nodes } = of('securityGroupIngressRule:SecurityGroupIngressRule');
    expect(callers).toMatchObject({ fromPort: 443, toPort: 443, securityGroupId: 'edge-id' });
    expect(nodes).toMatchObject({
      securityGroupId: 'sg-cluster',
      referencedSecurityGroupId: 'edge-id',
      fromPort: 30_000,
    });
    const out = one('securityGroupEgressRule:SecurityGroupEgressRule');
    expect(out).toMatchObject({ referencedSecurityGroupId: 'sg-cluster', fromPort: 30_000, toPort: 32_767 });
  });

  it('proves the certificate by the record that it is asked for, and has the name', () => {
    const { certificate, edge } = of('record:Record');
    expect(certificate).toMatchObject({ zoneId: 'Z1', name: '_proof', type: 'CNAME', records: ['proof.aws'] });
    expect(edge).toMatchObject({ zoneId: 'Z1', name: 'models.example.com', type: 'A' });
  });

  it('keeps headers in order, logs who asks, and cannot be deleted in prod', () => {
    expect(one('loadBalancer:LoadBalancer')).toMatchObject({
      dropInvalidHeaderFields: true,
      enableDeletionProtection: true,
      accessLogs: { bucket: 'causeway-prod-edge-logs-111122223333', prefix: 'balancers', enabled: true },
    });
  });
});
