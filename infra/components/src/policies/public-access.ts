import type { Stack } from '../stack.ts';
import type { DeclaredResource } from './declared-resource.ts';
import { inputAt, listAt } from './input-at.ts';
import type { Finding, Policy } from './policy.ts';
import { resourceStatements } from './policy-documents.ts';

/** The widest block that can be a network of ours, by its prefix. The world is 0.0.0.0/0 as well as its two halves. */
const leastPrefix = { v4: 8, v6: 16 } as const;
const isWorld = (source: unknown): boolean => {
  const [address = '', prefix] = String(source).split('/');
  return prefix !== undefined && Number(prefix) < (address.includes(':') ? leastPrefix.v6 : leastPrefix.v4);
};
/** What the edge offers to the world; everything else comes from within. */
const openPort = 443;
const blocks = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'];

type Others = readonly DeclaredResource[];
type Check = (resource: DeclaredResource, others: Others, stack: Stack) => string | null;

function bucketProblem({ id }: DeclaredResource, others: Others): string | null {
  const isBlock = ({ type, inputs }: DeclaredResource) =>
    type === 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock' && inputs.bucket === id;
  const block = others.find(isBlock)?.inputs;
  const open = blocks.filter((name) => block?.[name] !== true);
  return open.length === 0 ? null : `may become public; give it a BucketPublicAccessBlock with ${open.join(', ')}`;
}

/** A rule of a security group: from where, and to which ports. */
function ruleProblem(rule: unknown): string | null {
  const sources = [
    ...['cidrBlocks', 'ipv6CidrBlocks'].flatMap((name) => listAt(rule, name)),
    ...['cidrIpv4', 'cidrIpv6'].map((name) => inputAt(rule, name)),
  ];
  const [from, to] = [inputAt(rule, 'fromPort'), inputAt(rule, 'toPort')];
  // Without a protocol, ports do not count.
  const isAll = String(inputAt(rule, 'protocol') ?? inputAt(rule, 'ipProtocol')) === '-1';
  const isOpen = sources.some(isWorld) && (isAll || from !== openPort || to !== openPort);
  return isOpen ? `lets the world in to ports ${from ?? 0} to ${to ?? 65_535}; only ${openPort} may be open` : null;
}

const groupProblem: Check = ({ inputs }) =>
  listAt(inputs, 'ingress')
    .map(ruleProblem)
    .find((problem) => problem !== null) ?? null;

/** The first load balancer that the world reaches is the edge; any other is a way in beside it. */
const balancerProblem: Check = (resource, others) => {
  const isFacing = ({ type, inputs }: DeclaredResource) =>
    /^aws:a?lb\/loadBalancer:/.test(type) && inputs.internal !== true;
  return !isFacing(resource) || others.find(isFacing) === resource
    ? null
    : 'is a way in beside the edge; make it internal';
};

function endpointProblem({ inputs }: DeclaredResource): string | null {
  const isPublic = inputAt(inputs, 'vpcConfig.endpointPublicAccess') !== false;
  const sources = listAt(inputs, 'vpcConfig.publicAccessCidrs');
  const isLimited = sources.length > 0 && !sources.some(isWorld);
  return isPublic && !isLimited
    ? 'offers its API to the world; set vpcConfig.endpointPublicAccess to false, or publicAccessCidrs'
    : null;
}

/** A port of every node is for a load balancer of the same program, which sends to that port and to no other. */
function nodePortProblem({ inputs }: DeclaredResource, others: Others): string | null {
  if (inputAt(inputs, 'spec.type') !== 'NodePort') return null;
  const targets = others.filter(({ type }) => type === 'aws:lb/targetGroup:TargetGroup').map((one) => one.inputs.port);
  const ports = listAt(inputs, 'spec.ports').map((port) => inputAt(port, 'nodePort'));
  const isBalanced = ports.length > 0 && ports.every((port) => port !== undefined && targets.includes(port));
  return isBalanced ? null : 'opens a port on every node that no target group sends to; make it ClusterIP';
}

/** A load balancer that the cluster asks the cloud for, beside the one that the edge is. */
function loadBalancerProblem({ inputs }: DeclaredResource): string | null {
  if (inputAt(inputs, 'spec.type') !== 'LoadBalancer') return null;
  const annotations = Object.entries((inputAt(inputs, 'metadata.annotations') ?? {}) as Record<string, string>);
  const isInternal = annotations.some(([name, value]) => name.endsWith('-scheme') && value === 'internal');
  return isInternal
    ? null
    : 'is a way in beside the edge; take a NodePort, which the edge reaches and the world does not';
}

/** What a controller in the cluster reads to make a load balancer that the world reaches. */
const isWorldFacing = ([name, value]: [string, unknown]): boolean =>
  name.endsWith('/scheme') && value === 'internet-facing';

/** An ingress of which a controller makes a load balancer for the world, which no program declares. */
function ingressProblem({ inputs }: DeclaredResource): string | null {
  const { annotations = {} } = (inputAt(inputs, 'metadata') ?? {}) as { annotations?: Record<string, unknown> };
  return Object.entries(annotations).some(isWorldFacing)
    ? 'asks for a load balancer that the world reaches, beside the edge; make its scheme internal'
    : null;
}

const checks: Readonly<Record<string, Check>> = {
  'aws:s3/bucket:Bucket': bucketProblem,
  'aws:s3/bucketV2:BucketV2': bucketProblem,
  'aws:ec2/securityGroup:SecurityGroup': groupProblem,
  'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup': ({ inputs }) =>
    listAt(inputs, 'ingress').length === 0
      ? null
      : 'lets others in to whatever is given no group of its own; leave its ingress empty',
  'aws:lb/loadBalancer:LoadBalancer': balancerProblem,
  'aws:alb/loadBalancer:LoadBalancer': balancerProblem,
  'aws:ec2/securityGroupRule:SecurityGroupRule': ({ inputs }) =>
    inputs.type === 'ingress' ? ruleProblem(inputs) : null,
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': ({ inputs }) => ruleProblem(inputs),
  'aws:ec2/subnet:Subnet': ({ inputs }) =>
    inputs.mapPublicIpOnLaunch === true ? 'gives machines public addresses; take mapPublicIpOnLaunch out' : null,
  'aws:eks/cluster:Cluster': endpointProblem,
  'aws:rds/instance:Instance': ({ inputs }) =>
    inputs.publiclyAccessible === true ? 'is reached from anywhere; take publiclyAccessible out' : null,
  'kubernetes:core/v1:Service': (resource, others, stack) =>
    stack === 'local' ? null : (nodePortProblem(resource, others) ?? loadBalancerProblem(resource)),
  'kubernetes:networking.k8s.io/v1:Ingress': (resource, _, stack) =>
    stack === 'local' ? null : ingressProblem(resource),
};

function policyProblem(resource: DeclaredResource): string | null {
  const isOpen = resourceStatements(resource).some(
    ({ allows, principals, condition }) => allows && principals.includes('*') && Object.keys(condition).length === 0,
  );
  return isOpen ? 'lets anybody in by its policy; name the principals, or set a condition' : null;
}

/** Nothing is reached from the internet but the edge, on port 443. */
export const publicAccess: Policy = {
  name: 'public-access',
  demands: 'Nothing is reached from the internet but the edge, on port 443.',
  check: ({ resources, stack }) =>
    resources.flatMap((resource): Finding[] =>
      [checks[resource.type]?.(resource, resources, stack) ?? null, policyProblem(resource)].flatMap((problem) =>
        problem === null ? [] : [{ resource, problem }],
      ),
    ),
};
