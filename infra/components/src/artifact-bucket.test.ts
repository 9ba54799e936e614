import { describe, expect, it } from 'vitest';
import { ArtifactBucket } from './artifact-bucket.ts';
import { declaredBy, settled, stackArgs } from './fixtures/declared-by.ts';
import { stackArns } from './iam/stack-arns.ts';
import type { Stack } from './stack.ts';

let made: ArtifactBucket | undefined;
const make = (stack: Stack) => () => {
  const days = { undoDays: 90, predictionDays: 400, logDays: 365 };
  made = new ArtifactBucket('artifacts', { ...stackArgs(stack), keyArn: 'arn:key', ...days });
};
const dev = await declaredBy(make('dev'));
const prod = await declaredBy(make('prod'));
const bucket = 'causeway-prod-artifacts-111122223333';
const logs = 'causeway-prod-artifact-logs-111122223333';

describe('ArtifactBucket', () => {
  it('is named for stack and account, as roles know it, and says where the registry lies', async () => {
    expect(stackArns({ stack: 'prod', account: '111122223333', region: 'eu-central-1' }).artifactBucket).toBe(
      `arn:aws:s3:::${bucket}`,
    );
    expect(prod.of('s3/bucket:Bucket').artifacts.bucket).toBe(bucket);
    expect(await settled((made as ArtifactBucket).stateUrl)).toBe(`s3://${bucket}/state`);
  });

  it('shuts out the public four times over, for itself and for its logs', () => {
    const blocks = Object.values(prod.of('PublicAccessBlock'));
    expect(blocks).toHaveLength(2);
    for (const block of blocks)
      expect(block).toMatchObject({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
  });

  it('encrypts with our key and refuses plain HTTP and other keys', () => {
    const { rules } = prod.of('ServerSideEncryptionConfiguration').artifacts;
    expect(rules[0].applyServerSideEncryptionByDefault).toEqual({ sseAlgorithm: 'aws:kms', kmsMasterKeyId: 'arn:key' });
    const sids = (name: string) =>
      JSON.parse(prod.of('bucketPolicy:BucketPolicy')[name].policy).Statement.map(({ Sid }: { Sid: string }) => Sid);
    expect(sids('artifacts')).toEqual(['RefusePlainHttp', 'RefuseOldTls', 'RefuseOtherKeys', 'RefuseOtherEncryption']);
    expect(sids('artifacts-logs')).toContain('RefusePlainHttp');
  });

  it('keeps versions, and forgets what was replaced and old predictions, never the registry', () => {
    expect(prod.of('bucketVersioning:BucketVersioning').artifacts.versioningConfiguration.status).toBe('Enabled');
    const { rules } = prod.of('bucketLifecycleConfiguration:BucketLifecycleConfiguration').artifacts;
    expect(rules[0].noncurrentVersionExpiration.noncurrentDays).toBe(90);
    const expiring = rules.filter((rule: { expiration?: object }) => rule.expiration !== undefined);
    expect(expiring).toEqual([
      expect.objectContaining({ filter: { prefix: 'state/predictions/' }, expiration: { days: 400 } }),
    ]);
  });

  it('logs who reads and writes into a bucket that takes logs of this account only', () => {
    expect(prod.one('bucketLogging:BucketLogging')).toMatchObject({
      bucket,
      targetBucket: logs,
      targetPrefix: 'buckets/',
    });
    expect(prod.of('bucketPolicy:BucketPolicy')['artifacts-logs'].policy).toContain(
      '"aws:SourceAccount":"111122223333"',
    );
  });

  it('lets `destroy` take its content along everywhere but in prod', () => {
    expect(prod.of('s3/bucket:Bucket').artifacts.forceDestroy).toBe(false);
    expect(dev.of('s3/bucket:Bucket').artifacts.forceDestroy).toBe(true);
  });
});
