import type { DeclaredResource } from './declared-resource.ts';
import { inputAt, listAt, textAt } from './input-at.ts';
import type { Finding, Policy } from './policy.ts';

type Others = readonly DeclaredResource[];

/** Whether a key is named, and not one that AWS keeps for whoever names none. */
const isOurs = (key: unknown): boolean => typeof key === 'string' && key !== '' && !/alias\/aws\//.test(key);

const isEncryption = ({ type }: DeclaredResource): boolean =>
  /^aws:s3\/bucketServerSideEncryptionConfiguration(?:V2)?:/.test(type);

/** Whether AWS itself writes logs into the bucket. It can do so under its own key only. */
const takesLogs = (id: string, others: Others): boolean =>
  others.some(({ inputs }) => inputs.targetBucket === id || textAt(inputs, 'accessLogs.bucket') === id);

function bucketProblem({ id, inputs }: DeclaredResource, others: Others): string | null {
  const own = others.find((one) => isEncryption(one) && one.inputs.bucket === id)?.inputs;
  const rules = [...listAt(own, 'rules'), inputAt(inputs, 'serverSideEncryptionConfiguration.rule')];
  const defaults = rules.map((rule) => inputAt(rule, 'applyServerSideEncryptionByDefault'));
  const usesKey = defaults.some((one) => {
    const algorithm = textAt(one, 'sseAlgorithm');
    return algorithm.startsWith('aws:kms')
      ? isOurs(inputAt(one, 'kmsMasterKeyId'))
      : algorithm === 'AES256' && takesLogs(id, others);
  });
  return usesKey
    ? null
    : 'is not encrypted with a key of ours; add a BucketServerSideEncryptionConfiguration of aws:kms with its kmsMasterKeyId';
}

function launchTemplateProblem({ inputs }: DeclaredResource): string | null {
  const disks = listAt(inputs, 'blockDeviceMappings').flatMap((one) => inputAt(one, 'ebs') ?? []);
  const areEncrypted = disks.length > 0 && disks.every((disk) => String(inputAt(disk, 'encrypted')) === 'true');
  return areEncrypted ? null : 'has disks that are not encrypted; give each of blockDeviceMappings ebs.encrypted';
}

/** A row that asks for one input to be true. */
const flag =
  (input: string) =>
  ({ inputs }: DeclaredResource): string | null =>
    String(inputAt(inputs, input)) === 'true' ? null : `is not encrypted at rest; set ${input}`;

/** A row that asks for a key of ours, and for inputs to be true. */
const key =
  (path: string, ...flags: readonly string[]) =>
  (resource: DeclaredResource): string | null => {
    const off = flags.map((name) => flag(name)(resource)).find((problem) => problem !== null);
    if (off !== undefined) return off;
    return isOurs(inputAt(resource.inputs, path)) ? null : `is not encrypted with a key of ours; set ${path}`;
  };

/** What keeps data, and how it says that it is encrypted. Null: it is. */
const keeps: Readonly<Record<string, (resource: DeclaredResource, others: Others) => string | null>> = {
  'aws:s3/bucket:Bucket': bucketProblem,
  'aws:s3/bucketV2:BucketV2': bucketProblem,
  'aws:ecr/repository:Repository': ({ inputs }) =>
    listAt(inputs, 'encryptionConfigurations').some((one) => isOurs(inputAt(one, 'kmsKey')))
      ? null
      : 'is not encrypted with a key of ours; set encryptionConfigurations to KMS with its kmsKey',
  'aws:eks/cluster:Cluster': ({ inputs }) =>
    listAt(inputs, 'encryptionConfig.resources').includes('secrets')
      ? null
      : 'keeps its secrets without a key of ours; set encryptionConfig for secrets',
  'aws:eks/nodeGroup:NodeGroup': ({ inputs }) =>
    inputs.launchTemplate === undefined ? 'has disks that nobody encrypts; set launchTemplate' : null,
  'aws:ec2/launchTemplate:LaunchTemplate': launchTemplateProblem,
  'aws:cloudwatch/logGroup:LogGroup': key('kmsKeyId'),
  'aws:dynamodb/table:Table': key('serverSideEncryption.kmsKeyArn', 'serverSideEncryption.enabled'),
  'aws:ebs/volume:Volume': key('kmsKeyId', 'encrypted'),
  'aws:efs/fileSystem:FileSystem': key('kmsKeyId', 'encrypted'),
  'aws:elasticache/replicationGroup:ReplicationGroup': key('kmsKeyId', 'atRestEncryptionEnabled'),
  'aws:elasticache/serverlessCache:ServerlessCache': key('kmsKeyId'),
  'aws:rds/instance:Instance': key('kmsKeyId', 'storageEncrypted'),
  'aws:rds/cluster:Cluster': key('kmsKeyId', 'storageEncrypted'),
  'aws:secretsmanager/secret:Secret': key('kmsKeyId'),
  'aws:sqs/queue:Queue': key('kmsMasterKeyId'),
  'aws:sns/topic:Topic': key('kmsMasterKeyId'),
  'aws:ssm/parameter:Parameter': ({ inputs, secrets }) =>
    secrets.includes('value') && inputs.type !== 'SecureString'
      ? 'holds a secret in the clear; make it a SecureString'
      : null,
};

/** What keeps no data of ours, or keeps it encrypted whatever it is told. */
const keepsNothing =
  /^aws:(?:(?:acm|alb|apigatewayv2|autoscaling|budgets|cloudfront|cloudwatch|ec2clientvpn|iam|index|kms|lb|route53|secretsmanager|scheduler|vpc|wafv2)\/|dynamodb\/(?!table:|globalTable:|tableReplica:)|ec2\/(?!launchTemplate|instance)|ecr\/(?!repository:)|eks\/(?!cluster|nodeGroup)|elasticache\/(?!replicationGroup|cluster:|serverlessCache|globalReplicationGroup)|s3\/(?!bucket:|bucketV2:)|sns\/(?!topic:)|sqs\/(?!queue:))/;

/** Whose types policies know, or whose keep nothing. The rest could hold the same bucket, and pass all of them. */
const providers = /^(?:aws|kubernetes|pulumi|random|causeway):/;

function problemOf(resource: DeclaredResource, others: Others): string | null {
  const check = keeps[resource.type];
  if (check !== undefined) return check(resource, others);
  if (!providers.test(resource.type))
    return 'is of a provider that no policy looks into; declare it with aws or kubernetes';
  if (!resource.type.startsWith('aws:') || keepsNothing.test(resource.type)) return null;
  return 'is of a type that nobody has looked at; say in encryption-at-rest.ts whether it keeps data';
}

/** Data at rest is encrypted, with a key of ours where AWS leaves the choice. A type of AWS that is in neither list here is a finding, and so is another provider. */
export const encryptionAtRest: Policy = {
  name: 'encryption-at-rest',
  demands: 'Whatever keeps data encrypts it, with a key of this account where AWS leaves the choice.',
  check: ({ resources }) =>
    resources.flatMap((resource): Finding[] => {
      const problem = problemOf(resource, resources);
      return problem === null ? [] : [{ resource, problem }];
    }),
};
