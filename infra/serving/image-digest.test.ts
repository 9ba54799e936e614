import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { imageDigestOf } from './image-digest.ts';

const digest = `sha256:${'a'.repeat(64)}`;

/** Names of the stacks that are read, each of which has these outputs. */
async function lastUpLeft(outputs: object): Promise<string[]> {
  const read: string[] = [];
  const newResource = ({ name }: { name: string }) => {
    read.push(name);
    return { id: name, state: { outputs, secretOutputNames: [] } };
  };
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, 'serving', 'prod', false, 'organization');
  return read;
}
const promised = <T>(output: pulumi.Output<T>): Promise<T> =>
  (output as unknown as { promise(): Promise<T> }).promise();

test('the image that was given is the one, and nothing is read', async () => {
  const read = await lastUpLeft({ imageDigest: 'sha256:other' });
  expect(await promised(imageDigestOf(digest))).toBe(digest);
  expect(read).toEqual([]);
});

test('without one it stays the image of the last up of this very stack', async () => {
  const read = await lastUpLeft({ imageDigest: digest });
  expect(await promised(imageDigestOf(undefined))).toBe(digest);
  expect(read).toEqual(['organization/serving/prod']);
});

test('before the first up there is none', async () => {
  await lastUpLeft({});
  expect(await promised(imageDigestOf(undefined))).toBeNull();
});
