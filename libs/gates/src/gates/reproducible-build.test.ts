import { expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { reproducibleBuild } from './reproducible-build.ts';

const outcome = async (rebuild: Evidence['rebuild']) => {
  const evidence = { candidate: { digest: 'sha256:a' }, rebuild } as Evidence;
  return (await reproducibleBuild.run(evidence)).map((check) => check.outcome);
};

test('the same digest passes, another fails, and by day nobody asks', async () => {
  expect(await outcome(async () => 'sha256:a')).toEqual(['pass']);
  expect(await outcome(async () => 'sha256:b')).toEqual(['fail']);
  expect(await outcome(null)).toEqual(['not-applicable']);
});
