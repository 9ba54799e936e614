import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { overlap, parseCidr } from '@repo/components/cidr';
import { InputError } from '@repo/contract/input-error';
import { parseOrThrow } from '@repo/contract/parse';
import { describe, expect, it } from 'vitest';
import { clusterConfig } from './config.ts';

const stacks = ['dev', 'staging', 'prod'] as const;
const good = {
  account: '111122223333',
  region: 'eu-central-1',
  network: '10.10.0.0/16',
  autoscalerImage: `registry.example/autoscaler@sha256:${'1'.repeat(64)}`,
  operators: { platform: { roleArn: 'arn:aws:iam::111122223333:role/platform', level: 'admin' } },
  repository: 'example/causeway',
  domain: 'models.example.com',
  zoneId: 'Z1',
};

/** The one line that is said about a wrong configuration. */
function problemOf(change: object, stack: (typeof stacks)[number] = 'dev'): string {
  try {
    parseOrThrow(clusterConfig(stack), { ...good, ...change }, `Pulumi.${stack}.yaml cluster`);
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'nothing';
}

describe('configuration of the program cluster', () => {
  it('needs no more than what differs everywhere, and says what it takes for the rest', () => {
    expect(problemOf({})).toBe('nothing');
    const config = clusterConfig('dev').parse(good);
    expect(config).toMatchObject({ natGateways: 'one', endpointCidrs: [], kubernetes: 'v1.34', logDays: 30 });
  });

  it('takes an account that went through YAML as a number', () => {
    expect(clusterConfig('dev').parse({ ...good, account: 111_122_223_333 }).account).toBe('111122223333');
  });

  it.each([
    [
      { account: undefined },
      'Pulumi.dev.yaml cluster.account: received nothing; allowed: the 12 digits of an AWS account',
    ],
    [{ account: '1234' }, 'cluster.account: received "1234"; allowed: the 12 digits of an AWS account'],
    [{ region: 'Frankfurt' }, 'cluster.region: received "Frankfurt"; allowed: a region of AWS such as eu-central-1'],
    [{ regoin: 'eu-central-1' }, 'cluster.regoin: received "eu-central-1"; allowed: no such field here'],
    [{ network: '10.10.0.1/16' }, 'cluster.network: received "10.10.0.1/16"; allowed: a private block of /16 to /20'],
    [{ network: '10.0.0.0/8' }, 'a private block of /16 to /20'],
    [{ network: '8.8.0.0/16' }, 'a private block of /16 to /20'],
    [{ network: '172.20.0.0/16' }, 'a block without addresses of 172.20.0.0/16'],
    [
      { endpointCidrs: ['somewhere'] },
      'cluster.endpointCidrs[0]: received "somewhere"; allowed: a block by its first address',
    ],
    [{ kubernetes: 'v1.20' }, 'cluster.kubernetes: received "v1.20"; allowed: "v1.34"'],
    [
      { autoscalerImage: 'autoscaler:latest' },
      'cluster.autoscalerImage: received "autoscaler:latest"; allowed: an image by digest',
    ],
    [
      { autoscalerImage: `autoscaler@sha256:${'0'.repeat(64)}` },
      'allowed: the digest of an image, which all zeros are not',
    ],
    [
      { autoscalerImage: undefined },
      'cluster.autoscalerImage: received nothing; allowed: an image by digest, <name>@sha256:<64 hex digits>; look it up: docker buildx imagetools inspect registry.k8s.io/',
    ],
    [{ operators: {} }, 'cluster.operators: received {}; allowed: at least one with level admin'],
    [{ repository: 'causeway' }, 'allowed: <owner>/<name> of the repository on GitHub'],
    [{ zones: ['a', 'b'] }, 'cluster.zones: received ["a","b"]'],
    [{ natGateways: 'none' }, 'cluster.natGateways: received "none"; allowed: "one", "per-zone"'],
    [
      { nodeGroups: { general: { instanceTypes: ['m7g.large'], minNodes: 1, maxNodes: 2 } } },
      'cluster.nodeGroups.general.instanceTypes[0]: received "m7g.large"; allowed: a type with x64 processors',
    ],
    [
      { nodeGroups: { general: { instanceTypes: ['m7i.large'], minNodes: 5, maxNodes: 2 } } },
      'cluster.nodeGroups.general.maxNodes: received 2; allowed: at least minNodes, 5',
    ],
    [{ nodeGroups: {} }, 'cluster.nodeGroups: received {}; allowed: at least one group'],
  ])('refuses %j', (change, message) => {
    expect(problemOf(change)).toContain(message);
  });

  it('keeps the endpoint of prod from the internet, from halves of it and from anything wider than /16', () => {
    for (const open of ['0.0.0.0/0', '0.0.0.0/1', '128.0.0.0/1', '10.0.0.0/8']) {
      const allowed = 'allowed: blocks of /16 or narrower in prod';
      expect(problemOf({ endpointCidrs: [open] }, 'prod')).toContain(
        `cluster.endpointCidrs[0]: received "${open}"; ${allowed}`,
      );
    }
    expect(problemOf({ endpointCidrs: ['203.0.113.0/24'] }, 'prod')).toBe('nothing');
    expect(problemOf({ endpointCidrs: [] }, 'prod')).toBe('nothing');
    expect(problemOf({ endpointCidrs: ['0.0.0.0/0'] }, 'dev')).toBe('nothing');
  });
});

it('gives the stacks networks and accounts of their own', () => {
  const files = stacks.map((stack) => readFileSync(join(import.meta.dirname, `Pulumi.${stack}.yaml`), 'utf8'));
  const valueIn = (file: string, key: string): string =>
    new RegExp(`cluster:${key}: "?([^"\\n]+)`).exec(file)?.[1] ?? '';
  const blocks = files.map((file) => parseCidr(valueIn(file, 'network')));
  for (const [i, one] of blocks.entries()) {
    expect(one).not.toBeNull();
    for (const other of blocks.slice(i + 1)) expect(one !== null && other !== null && overlap(one, other)).toBe(false);
  }
  expect(new Set(files.map((file) => valueIn(file, 'account'))).size).toBe(stacks.length);
});

it('has no image committed that nobody looked up', () => {
  for (const stack of stacks)
    expect(readFileSync(join(import.meta.dirname, `Pulumi.${stack}.yaml`), 'utf8')).not.toMatch(/sha256:0{64}/);
});
