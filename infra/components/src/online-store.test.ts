import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import { declaredBy, settled, stackArgs } from './fixtures/declared-by.ts';
import { OnlineStore, type OnlineStoreArgs } from './online-store.ts';
import type { Stack } from './stack.ts';

let made: OnlineStore | undefined;
const make = (stack: Stack, more: Partial<OnlineStoreArgs>) => () => {
  const where = {
    vpcId: 'vpc',
    privateSubnetIds: ['subnet-1'],
    clusterSecurityGroupId: 'sg-cluster',
    keyArn: 'arn:key',
  };
  const size = { nodeType: 'cache.t4g.small', nodes: 1, passwordGeneration: 1, ...more };
  made = new OnlineStore('online-store', { ...stackArgs(stack), ...where, ...size });
};
const dev = await declaredBy(make('dev', {}));
const prod = await declaredBy(make('prod', { nodes: 2, passwordGeneration: 2 }));

describe('OnlineStore', () => {
  it('takes TLS and a password only, and encrypts what it holds', () => {
    expect(prod.one('replicationGroup:ReplicationGroup')).toMatchObject({
      engine: 'valkey',
      transitEncryptionEnabled: true,
      transitEncryptionMode: 'required',
      atRestEncryptionEnabled: true,
      kmsKeyId: 'arn:key',
    });
  });

  it('has a password of 256 bits that lies in Secrets Manager and in the URL, a secret', async () => {
    const password = prod.one('secretVersion:SecretVersion').secretString;
    expect(password).toMatch(/^[0-9a-f]{64}$/);
    expect(prod.one('replicationGroup:ReplicationGroup').authToken).toBe(password);
    const { url } = made as OnlineStore;
    expect(await settled(url)).toBe(`rediss://:${password}@store.internal:6379`);
    expect(await pulumi.isSecret(url)).toBe(true);
    expect(prod.one('secret:Secret').kmsKeyId).toBe('arn:key');
  });

  it('gets another password by another generation', () => {
    expect(Object.keys(dev.of('secretVersion:SecretVersion'))).toEqual(['password-1']);
    expect(Object.keys(prod.of('secretVersion:SecretVersion'))).toEqual(['password-2']);
  });

  it('lets in the pods of the cluster, and nobody by address', () => {
    const rule = prod.one('securityGroupIngressRule:SecurityGroupIngressRule');
    expect(rule).toMatchObject({ referencedSecurityGroupId: 'sg-cluster', fromPort: 6379, toPort: 6379 });
    expect(rule.cidrIpv4).toBeUndefined();
    const group = prod.one('securityGroup:SecurityGroup');
    expect([group.ingress, group.egress]).toEqual([undefined, undefined]);
  });

  it('drops nothing when it is full', () => {
    expect(prod.one('parameterGroup:ParameterGroup').parameters).toEqual([
      { name: 'maxmemory-policy', value: 'noeviction' },
    ]);
  });

  it('survives the loss of a zone where it has two machines', () => {
    const survives = { automaticFailoverEnabled: true, multiAzEnabled: true, numCacheClusters: 2 };
    expect(prod.one('replicationGroup:ReplicationGroup')).toMatchObject(survives);
    expect(dev.one('replicationGroup:ReplicationGroup')).toMatchObject({
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
    });
  });
});
