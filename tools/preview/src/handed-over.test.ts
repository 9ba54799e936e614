import { expect, it } from 'vitest';
import { handedOver } from './handed-over.ts';

const empty = { values: {}, secretKeys: [] };

it('adds images that no file holds, of a digest that programs take', () => {
  for (const [program, key] of [
    ['serving', 'serving:imageDigest'],
    ['serving', 'serving:jobsImageDigest'],
    ['cluster', 'cluster:autoscalerImage'],
  ] as const)
    expect(handedOver(empty, program, 'prod').values[key]).toMatch(/sha256:(?!0{64}$)[0-9a-f]{64}$/);
});

it('leaves alone what a file says, other programs, and the stack local', () => {
  const values = { 'serving:imageDigest': 'mine', 'serving:jobsImageDigest': 'mine', 'serving:jobs': '{}' };
  const own = { ...empty, values };
  expect(handedOver(own, 'serving', 'prod')).toEqual(own);
  expect(handedOver(empty, 'storage', 'prod')).toEqual(empty);
  expect(handedOver(empty, 'serving', 'local')).toEqual(empty);
});
