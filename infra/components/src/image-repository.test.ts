import { expect, it } from 'vitest';
import { declaredBy, settled, stackArgs } from './fixtures/declared-by.ts';
import { ImageRepository } from './image-repository.ts';

let made: ImageRepository | undefined;
const { one } = await declaredBy(() => {
  const args = { purpose: 'inference', keyArn: 'arn:key', keepImages: 100 };
  made = new ImageRepository('inference', { ...stackArgs('prod'), ...args });
});

it('never moves a tag, scans what comes and encrypts with our key', async () => {
  expect(one('repository:Repository')).toMatchObject({
    name: 'causeway-prod-inference',
    imageTagMutability: 'IMMUTABLE',
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: 'KMS', kmsKey: 'arn:key' }],
    forceDelete: false,
  });
  expect(await settled((made as ImageRepository).url)).toBe('registry/causeway-prod-inference');
});

it('lets only the oldest go, tagged or not, counting what is signed about each', () => {
  const { rules } = JSON.parse(one('lifecyclePolicy:LifecyclePolicy').policy);
  expect(rules).toHaveLength(1);
  expect(rules[0].selection).toEqual({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 300 });
});
