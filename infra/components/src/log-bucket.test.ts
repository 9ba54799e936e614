import { expect, test } from 'vitest';
import { declaredBy, settled, stackArgs } from './fixtures/declared-by.ts';
import { LogBucket } from './log-bucket.ts';

let made: LogBucket | undefined;
const declared = await declaredBy(() => {
  made = new LogBucket('edge-logs', { ...stackArgs('prod'), purpose: 'edge-logs', days: 30 });
});

test('it is named for what it is about and the account', async () => {
  expect(await settled((made as LogBucket).name)).toBe('causeway-prod-edge-logs-111122223333');
});

test('a log is gone after its days, and no older version outlives it', () => {
  const { rules } = declared.one('bucketLifecycleConfiguration:BucketLifecycleConfiguration');
  expect(rules).toEqual([
    expect.objectContaining({
      status: 'Enabled',
      filter: { prefix: '' },
      expiration: { days: 30 },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    }),
  ]);
});

test('it is under a key of S3 itself, which alone those that write logs can use', () => {
  const { rules } = declared.one('ServerSideEncryptionConfiguration');
  expect(rules[0].applyServerSideEncryptionByDefault).toEqual({ sseAlgorithm: 'AES256' });
});

test('it takes logs of this account', () => {
  expect(declared.one('bucketPolicy:BucketPolicy').policy).toContain('111122223333');
});
