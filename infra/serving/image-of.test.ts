import { expect, test } from 'vitest';
import { imageOf } from './image-of.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test('where there is a repository the image is named by digest, and by nothing else', () => {
  expect(imageOf('inference', '123.dkr.ecr/inference', digest)).toBe(`123.dkr.ecr/inference@${digest}`);
  expect(() => imageOf('inference', '123.dkr.ecr/inference', null)).toThrow(
    /^serving.imageDigest: received nothing; .*-c serving:imageDigest/,
  );
  expect(() => imageOf('inference', '123.dkr.ecr/inference', `sha256:${'0'.repeat(64)}`)).toThrow(
    /^serving.imageDigest: received sha256:0{64}; .*-c serving:imageDigest/,
  );
});

test('jobs have an image and a setting of their own', () => {
  expect(() => imageOf('pipeline', '123.dkr.ecr/pipeline', null)).toThrow(
    /^serving.jobsImageDigest: received nothing; .*123.dkr.ecr\/pipeline; .*-c serving:jobsImageDigest/,
  );
  expect(imageOf('pipeline', null, null)).toBe('localhost/causeway-pipeline:local');
});

test('without one it is what this machine built last, or the digest that was asked for', () => {
  expect(imageOf('inference', null, null)).toBe('localhost/causeway-inference:local');
  expect(imageOf('inference', null, digest)).toBe(`localhost/causeway-inference@${digest}`);
});
