import { awsOutputs } from './aws-outputs.ts';
import { account, partition, region } from './invented-account.ts';
import { outputTypesOf } from './provider-outputs.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** `arn:aws:iam::123456789012:role/deploy`, good enough to be told apart in a policy. */
function arnOf(type: string, name: string): string {
  const [service = '', kind = ''] = (type.split(':')[1] ?? '').split('/');
  const isGlobal = ['iam', 's3', 'route53', 'cloudfront'].includes(service);
  if (service === 's3' && kind === 'bucket') return `arn:${partition}:s3:::${name}`;
  return `arn:${partition}:${service}:${isGlobal ? '' : region}:${account}:${kind}/${name}`;
}

function placeholder(type: string, name: string, output: string, of: string): unknown {
  if (of === 'string') return /^arn$/i.test(output) ? arnOf(type, name) : `${name}.${output}`;
  if (of === 'string[]') return [`${name}.${output}`];
  if (of === 'number') return 0;
  return of === 'boolean' ? false : undefined;
}

const objectOf = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};

/** What the API server fills in: a name, where a program gives none, is the program's own with digits behind it. */
function kubernetesOutputs(name: string, { metadata }: Inputs): Record<string, unknown> {
  const given = objectOf(metadata);
  return { metadata: { ...given, name: given.name ?? `${name}-00000000`, namespace: given.namespace ?? 'default' } };
}

/** The name that the cloud knows a resource by: its own where it is given one. */
const nameOf = (name: string, inputs: Inputs): string => {
  const own = inputs.bucket ?? inputs.name;
  return typeof own === 'string' ? own : name;
};

/**
 * What a provider would answer beyond the inputs. Where a preview of Pulumi has unknowns, a value that depends on another resource is
 * there, invented and always the same, so that a policy document is seen whole. An output whose form only the provider knows stays
 * unknown unless {@link awsOutputs} has it, and with it all that is made of it.
 * @param inputs as the program gave them, secrets unwrapped.
 */
export function computedOutputs(type: string, name: string, inputs: Inputs): Record<string, unknown> {
  if (type.startsWith('kubernetes:')) return kubernetesOutputs(name, inputs);
  const known = nameOf(name, inputs);
  const outputs: Record<string, unknown> = {};
  for (const [output, of] of outputTypesOf(type)) {
    if (output in inputs) continue;
    const value = placeholder(type, known, output, of);
    if (value !== undefined) outputs[output] = value;
  }
  return { ...outputs, ...awsOutputs[type]?.(known, inputs) };
}

/** The id of a resource: the whole name of a Kubernetes object, something that tells its name for any other. */
export function idOf(type: string, name: string, outputs: Inputs): string {
  const { name: own, namespace } = objectOf(outputs.metadata);
  if (type.startsWith('kubernetes:') && own !== undefined) return `${namespace}/${own}`;
  if (type === 'aws:s3/bucket:Bucket' || type.startsWith('aws:iam/')) return nameOf(name, outputs);
  return `${name}-id`;
}
