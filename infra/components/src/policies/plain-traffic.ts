import type { DeclaredResource } from './declared-resource.ts';
import { inputAt, listAt, textAt } from './input-at.ts';
import type { Policy } from './policy.ts';
import { type Statement, statementsOf } from './policy-documents.ts';

type Others = readonly DeclaredResource[];

const secure = ['HTTPS', 'TLS'];

function listenerProblem({ inputs }: DeclaredResource): string | null {
  const protocol = textAt(inputs, 'protocol') || 'HTTP';
  if (secure.includes(protocol)) return null;
  // A plain listener that only says where the other one is gives nothing away.
  const redirects = listAt(inputs, 'defaultActions').every(
    (action) => inputAt(action, 'redirect.protocol') === 'HTTPS',
  );
  return redirects && listAt(inputs, 'defaultActions').length > 0
    ? null
    : `listens to ${protocol}; make it HTTPS with a certificate, or a redirect to it`;
}

/** Whether a statement refuses whoever comes without TLS, whatever is asked for, and under no other condition. */
const refusesAllPlain = ({ allows, actions, isInverted, resources, principals, condition }: Statement): boolean =>
  !(allows || isInverted) &&
  actions.some((action) => ['*', 's3:*'].includes(action)) &&
  principals.includes('*') &&
  resources.some((one) => one === '*' || one.endsWith('/*')) &&
  Object.values(condition).flatMap(Object.keys).length === 1 &&
  String(condition.Bool?.['aws:SecureTransport']) === 'false';

function bucketProblem({ id }: DeclaredResource, others: Others): string | null {
  const policies = others.filter(({ type, inputs }) => /^aws:s3\/bucketPolicy:/.test(type) && inputs.bucket === id);
  const refusesPlain = policies.flatMap(({ inputs }) => statementsOf(inputs.policy)).some(refusesAllPlain);
  return refusesPlain
    ? null
    : 'answers without TLS; deny everybody s3:* on all its objects for requests of which aws:SecureTransport is false';
}

/** A load balancer that Kubernetes asks the cloud for. */
function serviceProblem({ inputs }: DeclaredResource): string | null {
  if (inputAt(inputs, 'spec.type') !== 'LoadBalancer') return null;
  const annotations = (inputAt(inputs, 'metadata.annotations') ?? {}) as Record<string, string>;
  return Object.keys(annotations).some((name) => name.endsWith('aws-load-balancer-ssl-cert'))
    ? null
    : 'is a load balancer without a certificate; annotate it with aws-load-balancer-ssl-cert';
}

function ingressProblem({ inputs }: DeclaredResource): string | null {
  const annotations = (inputAt(inputs, 'metadata.annotations') ?? {}) as Record<string, string>;
  const hasCertificate = Object.keys(annotations).some((name) => name.endsWith('/certificate-arn'));
  return hasCertificate || listAt(inputs, 'spec.tls').length > 0
    ? null
    : 'takes plain HTTP; give it spec.tls or a certificate';
}

const checks: Readonly<Record<string, (resource: DeclaredResource, others: Others) => string | null>> = {
  'aws:lb/listener:Listener': listenerProblem,
  'aws:alb/listener:Listener': listenerProblem,
  'aws:s3/bucket:Bucket': bucketProblem,
  'aws:s3/bucketV2:BucketV2': bucketProblem,
  'aws:elasticache/replicationGroup:ReplicationGroup': ({ inputs }) =>
    inputs.transitEncryptionEnabled === true ? null : 'is spoken to in the clear; set transitEncryptionEnabled',
  'kubernetes:core/v1:Service': serviceProblem,
  'kubernetes:networking.k8s.io/v1:Ingress': ingressProblem,
};

/** What leaves a pod or a laptop travels in TLS. The stack local, where everything is one machine, is left alone. */
export const plainTraffic: Policy = {
  name: 'plain-traffic',
  demands: 'Load balancers, buckets and online stores take TLS only, on every stack but local.',
  check: ({ stack, resources }) =>
    stack === 'local'
      ? []
      : resources.flatMap((resource) => {
          const problem = checks[resource.type]?.(resource, resources) ?? null;
          return problem === null ? [] : [{ resource, problem }];
        }),
};
