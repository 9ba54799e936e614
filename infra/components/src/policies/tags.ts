import { tagsOf } from '../naming.ts';
import type { DeclaredResource } from './declared-resource.ts';
import { inputAt } from './input-at.ts';
import type { Declared, Policy } from './policy.ts';

/** Types of AWS that take no tags: they belong to what has some. */
const untaggable =
  /^aws:(?:acm\/certificateValidation|cloudwatch\/eventTarget|cloudwatch\/logResourcePolicy|ec2\/(?:route:|routeTableAssociation|securityGroupRule|defaultRouteTable|vpcEndpoint\w+Association|mainRouteTableAssociation)|ecr\/(?:lifecyclePolicy|repositoryPolicy|registry\w+)|eks\/accessPolicyAssociation|elasticache\/userGroupAssociation|iam\/(?:rolePolicy|rolePoliciesExclusive|rolePolicyAttachment|rolePolicyAttachmentsExclusive)|kms\/(?:alias|keyPolicy)|lb\/(?:listenerCertificate|targetGroupAttachment)|route53\/record|s3\/bucket(?!:|V2:|Object)\w+|secretsmanager\/(?:secretVersion|secretPolicy|secretRotation)|sns\/topicPolicy|sqs\/queue\w+|autoscaling\/(?!group)\w+)/;
const labels = ['app.kubernetes.io/name', 'app.kubernetes.io/part-of', 'app.kubernetes.io/managed-by'];

type Tags = Readonly<Record<string, string>>;

/** Tags that the provider gives to all it makes. Its settings travel as JSON in a text. */
function providerTags(provider: string | null, resources: readonly DeclaredResource[]): Tags {
  const inputs = resources.find(({ type, name }) => type === 'pulumi:providers:aws' && name === provider)?.inputs;
  const given = inputs?.defaultTags ?? {};
  const settings: unknown = typeof given === 'string' ? JSON.parse(given) : given;
  return (inputAt(settings, 'tags') ?? {}) as Tags;
}

function tagProblem(resource: DeclaredResource, { program, stack, resources }: Declared): string | null {
  if (untaggable.test(resource.type)) return null;
  const wanted = Object.entries(tagsOf(stack, program));
  const given = { ...providerTags(resource.provider, resources), ...((resource.inputs.tags ?? {}) as Tags) };
  const wrong = wanted.filter(([tag, value]) => given[tag] !== value).map(([tag, value]) => `${tag}=${value}`);
  return wrong.length === 0 ? null : `lacks the tags ${wrong.join(', ')}; take them from tagsOf`;
}

function labelProblem({ inputs }: DeclaredResource): string | null {
  const given = (inputAt(inputs, 'metadata.labels') ?? {}) as Tags;
  const missing = labels.filter((label) => given[label] === undefined);
  return missing.length === 0 ? null : `lacks the labels ${missing.join(', ')}; take them from labelsOf`;
}

function problemOf(resource: DeclaredResource, declared: Declared): string | null {
  const { type, inputs } = resource;
  if (type.startsWith('aws:')) return tagProblem(resource, declared);
  // A chart labels its objects itself.
  return type.startsWith('kubernetes:') && inputs.metadata !== undefined ? labelProblem(resource) : null;
}

/** Whatever costs money or is found in a cluster says whose it is. */
export const tags: Policy = {
  name: 'tags',
  demands: 'Resources of AWS carry the four tags of tagsOf, objects of Kubernetes the labels of labelsOf.',
  check: (declared) =>
    declared.resources.flatMap((resource) => {
      const problem = problemOf(resource, declared);
      return problem === null ? [] : [{ resource, problem }];
    }),
};
