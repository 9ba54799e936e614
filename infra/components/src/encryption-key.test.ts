import { expect, it } from 'vitest';
import { EncryptionKey } from './encryption-key.ts';
import { declaredBy, stackArgs } from './fixtures/declared-by.ts';

it('turns every year, can be had back for a month in prod, and serves the named services only', async () => {
  const { one } = await declaredBy(
    () => new EncryptionKey('key', { ...stackArgs('prod'), purpose: 'storage', services: ['s3'] }),
  );
  expect(one('key:Key')).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  expect(one('key:Key').policy).toContain('"kms:ViaService":["s3.eu-central-1.amazonaws.com"]');
  expect(one('key:Key').policy).not.toContain('logs.eu-central-1');
  expect(one('alias:Alias').name).toBe('alias/causeway-prod-storage');
});
